"""The network in the written file, against the mixture formula computed from Sphinx' files.

Here everything is read and computed another way than the builder does it: files by their sizes
from the end, the running mean frame by frame, and mixtures senone by senone.
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

CODEBOOKS, STREAMS, GAUSSIANS, CEPSTRA, SENONES = 42, 3, 128, 13, 5126
FLOOR = 1e-7
UNKNOWN_GAIN = 2.0
LEAST_VARIANCE = 1.0
NEAR = 1e-3
HELD = 2
COMPARED = slice(None, None, 3 * HELD)
"""A few frames: what they need of those between is in them."""


@pytest.fixture(scope="session")
def cepstra(acoustic_folder: Path) -> Floats:
    """0.6 s: the end of silence and the beginning of speech."""
    samples = sound_of(SPEECH / "misc/cards-005.flac")[4_000:14_000]
    return kaldi_cepstra(samples, acoustic_folder / "conf/mfcc.conf")


@pytest.fixture(scope="session")
def scores(written: AcousticModel, cepstra: Floats, transition_table: TransitionTable) -> Floats:
    """[frame, senone] of the network."""
    return nnet3.compute(written, cepstra)[:, transition_table.pdfs]


@pytest.fixture(scope="session")
def mixture_scores(wheel: Path, cepstra: Floats, sphinx_model: SphinxModel) -> Floats:
    """[compared frame, senone] of the formula."""
    means, variances = (_gaussians(wheel / name) for name in ("means", "variances"))
    features = _features(cepstra, Normalisation())[COMPARED].reshape(-1, STREAMS, CEPSTRA)
    weights = _log_weights(wheel / "sendump")
    total = np.zeros((len(features), SENONES))
    for stream in range(STREAMS):
        x = features[:, stream, None, None]
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


def test_the_running_mean_is_taken_away_and_differences_are_added(
    written: AcousticModel, cepstra: Floats
) -> None:
    computed = nnet3.compute(written, cepstra, "features")
    assert computed == pytest.approx(_features(cepstra, Normalisation()), abs=NEAR)


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


def _features(x: Floats, constants: Normalisation) -> Floats:
    """Frame by frame, the first and last one repeated beyond the ends."""
    frames, ahead = len(x), constants.look_ahead

    def at(t: int) -> Floats:
        return np.asarray(x[min(max(t, 0), frames - 1)])

    mean = np.array(constants.usual_mean)
    total, weight = mean * constants.usual_frames, constants.usual_frames
    sums, weights = np.zeros(CEPSTRA), 0.0
    rows = []
    for t in range(-3 - (HELD - 1), frames + ahead):
        w = 1 / (1 + np.exp(-constants.slope * (at(t)[0] - constants.threshold)))
        sums, weights = w * at(t) + constants.leak * sums, w + constants.leak * weights
        now = t - ahead
        if now < 0:
            continue
        level = (sums + total) / (weights + weight)
        d = at(now + 2) - at(now - 2)
        dd = (at(now + 3) - at(now - 1)) - (at(now + 1) - at(now - 3))
        rows.append(np.hstack([at(now) - level + np.array(constants.offset), d, dd]))
    return np.array(rows)
