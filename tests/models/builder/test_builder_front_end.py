"""The front end that libvosk is set up with, against the one the model was trained with."""

from pathlib import Path

import numpy as np
import pytest

from tests.hearing.sounds import SPEECH, sound_of
from tests.models.builder.front_ends import kaldi_cepstra, sphinx_cepstra


@pytest.mark.parametrize("recording", ["misc/cards-005.flac", "flite/slt/write-a-letter.flac"])
def test_cepstra_are_those_of_sphinx_plus_a_constant(
    recording: str, wheel: Path, acoustic_folder: Path, tmp_path: Path
) -> None:
    samples = sound_of(SPEECH / recording)
    ours = kaldi_cepstra(samples, acoustic_folder / "conf/mfcc.conf")
    theirs = sphinx_cepstra(samples, wheel, tmp_path)[: len(ours)]  # theirs has a padded last frame
    loud = theirs[:, 0] > np.percentile(theirs[:, 0], 50)
    difference = (ours - theirs)[loud]
    assert abs(difference[:, 0].mean() - 26.9) < 0.5
    assert (difference.std(0) < 0.2 * theirs[loud].std(0)).all()


def test_the_settings_of_the_front_end_are_those_the_model_was_trained_with(
    wheel: Path, acoustic_folder: Path
) -> None:
    trained = dict(line.split() for line in (wheel / "feat.params").read_text().splitlines())
    written = (acoustic_folder / "conf/mfcc.conf").read_text().splitlines()
    assert f"--low-freq={trained['-lowerf']}" in written
    assert f"--high-freq={trained['-upperf']}" in written
    assert f"--num-mel-bins={trained['-nfilt']}" in written
    assert f"--cepstral-lifter={trained['-lifter']}" in written
