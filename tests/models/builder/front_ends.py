"""Cepstra by the two front ends that have to agree: Kaldi's, as written down, and Sphinx' own."""

import shutil
from pathlib import Path

import kaldi_native_fbank  # type: ignore[import-untyped]  # ships no types
import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder  # type: ignore[import-untyped]  # ships no types

from tests.models.builder.nnet3 import Floats

Samples = NDArray[np.int16]


def kaldi_cepstra(samples: Samples, mfcc_conf: Path) -> Floats:
    """[frame, 13]; without the dither that the settings ask for."""
    lines = mfcc_conf.read_text().split()
    conf = dict(line.removeprefix("--").split("=", 1) for line in lines)
    options = kaldi_native_fbank.MfccOptions()
    options.num_ceps = int(conf["num-ceps"])
    options.use_energy = conf["use-energy"] == "true"
    options.cepstral_lifter = float(conf["cepstral-lifter"])
    options.mel_opts.num_bins = int(conf["num-mel-bins"])
    options.mel_opts.low_freq = float(conf["low-freq"])
    options.mel_opts.high_freq = float(conf["high-freq"])
    frame = options.frame_opts
    frame.samp_freq = float(conf["sample-frequency"])
    frame.frame_length_ms = float(conf["frame-length"])
    frame.window_type = conf["window-type"]
    frame.remove_dc_offset = conf["remove-dc-offset"] == "true"
    frame.preemph_coeff = float(conf["preemphasis-coefficient"])
    frame.snip_edges = conf["snip-edges"] == "true"
    frame.dither = 0.0
    front_end = kaldi_native_fbank.OnlineMfcc(options)
    front_end.accept_waveform(frame.samp_freq, samples.astype(float).tolist())
    front_end.input_finished()
    frames = [front_end.get_frame(number) for number in range(front_end.num_frames_ready)]
    return np.array(frames, np.float64)


def sphinx_cepstra(samples: Samples, model: Path, place: Path) -> Floats:
    """[frame, 13]; PocketSphinx writes those of each utterance to a file when asked to.

    Without its noise removal, which depends on everything heard before.
    """
    copy = Path(shutil.copytree(model, place / "model"))
    settings = (model / "feat.params").read_text()
    (copy / "feat.params").write_text(settings.replace("-remove_noise yes", "-remove_noise no"))
    log = place / "cepstra"
    log.mkdir()
    decoder = Decoder(hmm=str(copy), lm=None, keyphrase="hello", mfclogdir=str(log), dither=False)
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    del decoder  # closes the file
    (written,) = log.iterdir()
    return np.fromfile(written, ">f4", offset=4).astype(np.float64).reshape(-1, 13)
