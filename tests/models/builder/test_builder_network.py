"""The network in the written file, against the mixture formula computed from Sphinx' files.

Here everything is read and computed another way than the builder does it: files by their sizes
from the end, the normalisation frame by frame, and mixtures senone by senone.
"""

from pathlib import Path

import numpy as np
import pytest

from models.builder.network import write_acoustic_model
from models.builder.normalisation import Normalisation
from models.builder.sphinx import SphinxModel
from models.builder.transitions import TransitionTable
from tests.hearing.sounds import SPEECH, sound_of
from tests.models.builder import nnet3
from tests.models.builder.front_ends import kaldi_cepstra
from tests.models.builder.nnet3 import AcousticModel, Floats
from tests.models.builder.normalised import normalised

CODEBOOKS, STREAMS, GAUSSIANS, CEPSTRA, SENONES = 42, 3, 128, 13, 5126
FLOOR = 1e-7
UNKNOWN_GAIN = 2.0
LEAST_VARIANCE = 1.0
NEAR = 1e-3
HELD = 2
BEGIN = -3 - (HELD - 1)
"""The first frame that the network needs for the scores of frame 0."""
COMPARED = slice(None, None, 3 * HELD)
"""A few frames: what they need of those between is in them."""


@pytest.fixture(scope="session")
def cepstra(acoustic_folder: Path) -> Floats:
    """0.6 s: the end of silence and the beginning of speech."""
    samples = sound_of(SPEECH / "misc/cards-005.flac")[4_000:14_000]
    return kaldi_cepstra(samples, acoustic_folder / "conf/mfcc.conf")


@pytest.fixture(scope="session")
def spoken(acoustic_folder: Path) -> Floats:
    """3 s of speech."""
    samples = sound_of(SPEECH / "misc/librivox-0880.flac")[:48_000]
    return kaldi_cepstra(samples, acoustic_folder / "conf/mfcc.conf")


@pytest.fixture(scope="session")
def scores(written: AcousticModel, cepstra: Floats, transition_table: TransitionTable) -> Floats:
    """[frame, senone] of the network."""
    return nnet3.compute(written, cepstra)[:, transition_table.pdfs]


@pytest.fixture(scope="session")
def mixture_scores(wheel: Path, cepstra: Floats, sphinx_model: SphinxModel) -> Floats:
    """[compared frame, senone] of the formula."""
    means, variances = (_gaussians(wheel / name) for name in ("means", "variances"))
    weights = _log_weights(wheel / "sendump")
    silence = sphinx_model.definition.silence
    of_silence = sphinx_model.definition.codebooks == silence
    shares = np.exp(weights[0, of_silence])
    usual = shares @ means[silence, 0] / shares.sum(axis=1, keepdims=True)
    features, heard_silence = normalised(cepstra, Normalisation(), usual.mean(axis=0), BEGIN)
    features = features[COMPARED].reshape(-1, STREAMS, CEPSTRA)
    total = np.zeros((len(features), SENONES))
    for stream in range(STREAMS):
        x = np.repeat(features[:, stream, None, None], CODEBOOKS, axis=1)
        if stream == 0:
            x[:, silence, 0] = heard_silence[COMPARED]
        variance = np.maximum(variances[:, stream], 1e-9)
        far = (x - means[:, stream]) ** 2 / variance + np.log(2 * np.pi * variance)
        single = -0.5 * far.sum(-1)
        single[:, variances[:, stream].min(-1) < LEAST_VARIANCE] = -np.inf
        floor = np.log(FLOOR) + np.logaddexp.reduce(single, axis=(1, 2))
        for codebook in range(CODEBOOKS):
            mine = np.flatnonzero(sphinx_model.definition.codebooks == codebook)
            mixed = single[:, None, codebook] + weights[stream, mine]
            total[:, mine] += np.logaddexp(np.logaddexp.reduce(mixed, axis=2), floor[:, None])
    return total


def test_mean_and_spread_of_speech_are_evened_out(written: AcousticModel, cepstra: Floats) -> None:
    features, _ = normalised(cepstra, Normalisation(), np.zeros(CEPSTRA), BEGIN)
    assert nnet3.compute(written, cepstra, "features") == pytest.approx(features, abs=NEAR)


def test_features_hardly_depend_on_the_level(written: AcousticModel, spoken: Floats) -> None:
    softer = spoken - 40 * np.eye(CEPSTRA)[0]
    there, here = (nnet3.compute(written, x, "features")[100:] for x in (spoken, softer))
    assert np.abs(there - here).mean() < 2.0


def test_the_spread_that_noise_takes_away_is_given_back(
    written: AcousticModel, spoken: Floats
) -> None:
    flattened = spoken.mean(axis=0) + 0.5 * (spoken - spoken.mean(axis=0))
    spread, flat = (nnet3.compute(written, x, "features")[100:].std(0) for x in (spoken, flattened))
    assert 0.53 < np.mean(flat / spread) < 0.95


def test_a_steady_noise_of_any_level_is_like_the_silence_of_training(
    written: AcousticModel, spoken: Floats
) -> None:
    noise = np.random.default_rng(1).normal([90.0, *[0.0] * 12], 5.0, (200, CEPSTRA))
    louder = noise + 10 * np.eye(CEPSTRA)[0]
    there, here = (nnet3.compute(written, x, "silence")[100:] for x in (noise, louder))
    assert there == pytest.approx(here, abs=0.1)


def test_senone_scores_are_those_of_the_mixture_formula(
    scores: Floats, mixture_scores: Floats, sphinx_model: SphinxModel
) -> None:
    regular = sphinx_model.definition.codebooks != sphinx_model.definition.phones.index("+SPN+")
    assert regular.sum() == SENONES - 3
    difference = (scores[COMPARED] - mixture_scores)[:, regular]
    assert np.ptp(difference, axis=1).max() < NEAR  # scores are free to a constant in every frame


def test_the_scores_of_a_frame_hold_for_the_next_one(scores: Floats) -> None:
    assert (scores[1::HELD] == scores[0 : len(scores) // HELD * HELD : HELD]).all()
    assert not (scores[HELD::HELD] == scores[:-HELD:HELD]).all(axis=1).any()


def test_unknown_speech_scores_above_typical_senones_and_below_the_best(
    scores: Floats, sphinx_model: SphinxModel
) -> None:
    definition = sphinx_model.definition
    unknown = definition.codebooks == definition.phones.index("+SPN+")
    speech = ~np.isin(definition.codebooks, list(definition.fillers))
    above_typical = scores[:, unknown] - np.median(scores[:, speech], axis=1, keepdims=True)
    assert np.ptp(scores[:, unknown], axis=1).max() < NEAR  # its three states are one
    assert (above_typical > UNKNOWN_GAIN).all()
    assert (scores[:, unknown] < scores[:, speech].max(axis=1, keepdims=True)).all()


def test_the_same_bytes_are_written_every_time(
    wheel: Path, acoustic_folder: Path, tmp_path: Path
) -> None:
    write_acoustic_model(wheel, tmp_path)
    for name in ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf"):
        assert (tmp_path / name).read_bytes() == (acoustic_folder / name).read_bytes()


def _gaussians(file: Path) -> Floats:
    count = CODEBOOKS * STREAMS * GAUSSIANS * CEPSTRA
    values = np.frombuffer(file.read_bytes()[-4 - 4 * count : -4], "<f4")
    shape = (CODEBOOKS, STREAMS, GAUSSIANS, CEPSTRA)
    return np.asarray(values.reshape(shape), np.float64)


def _log_weights(file: Path) -> Floats:
    """[stream, senone, Gaussian]."""
    stored = np.frombuffer(file.read_bytes()[-STREAMS * GAUSSIANS * SENONES :], np.uint8)
    logs = stored.reshape(STREAMS, GAUSSIANS, SENONES) * (-1024 * np.log(1.0001))
    return np.asarray(logs.transpose(0, 2, 1), np.float64)
