"""Reading the acoustic model that comes with PocketSphinx."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.builder import BuildError, sphinx
from models.builder.sphinx import SphinxModel

FILES = ("mdef", "means", "variances", "transition_matrices", "sendump", "noisedict", "feat.params")
BINARY = FILES[:5]


@pytest.fixture
def copied(wheel: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(wheel, tmp_path / "en-us"))


def test_every_senone_belongs_to_one_phone(sphinx_model: SphinxModel) -> None:
    definition = sphinx_model.definition
    assert len(definition.phones) == 42
    assert {definition.phones[one] for one in definition.fillers} == {"SIL", "+SPN+", "+NSN+"}
    assert set(definition.codebooks.tolist()) == set(range(42))
    for base, sequence in enumerate(definition.base_sequences):
        assert (definition.codebooks[definition.sequences[sequence]] == base).all()


def test_transition_probabilities_sum_to_one(sphinx_model: SphinxModel) -> None:
    assert sphinx_model.transitions.shape == (42, 3, 4)
    assert sphinx_model.transitions.sum(-1) == pytest.approx(1.0)


def test_mixture_weights_sum_to_nearly_one_and_fit_the_gaussians(sphinx_model: SphinxModel) -> None:
    assert sphinx_model.weights.shape == (3, 5126, 128)
    assert sphinx_model.means.shape == sphinx_model.variances.shape == (42, 3, 128, 13)
    assert sphinx_model.weights.sum(-1) == pytest.approx(0.95, abs=0.05)


def test_mixture_weights_are_powers_of_sphinx_base(wheel: Path, sphinx_model: SphinxModel) -> None:
    stored = np.frombuffer((wheel / "sendump").read_bytes()[-3 * 128 * 5126 :], np.uint8)
    stored = stored.reshape(3, 128, 5126)
    ratio = sphinx_model.weights[1, 700, 3] / sphinx_model.weights[1, 700, 90]
    steps = int(stored[1, 90, 700]) - int(stored[1, 3, 700])
    assert steps != 0
    assert np.log(ratio) == pytest.approx(steps * 1024 * np.log(1.0001))


def test_noises_and_front_end_settings_are_read(sphinx_model: SphinxModel) -> None:
    assert sphinx_model.noise_words["[NOISE]"] == "+NSN+"
    assert sphinx_model.settings["lowerf"] == "130"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_in_one_sentence(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(BuildError, match=rf"^[^\n]*{name} cannot be read \(.*\): install [^\n]*$"):
        sphinx.read(copied)


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("kept", [0, 3, 40, 1_500])
def test_a_file_that_was_cut_off_is_named_in_one_sentence(
    copied: Path, name: str, kept: int
) -> None:
    whole = (copied / name).read_bytes()
    (copied / name).write_bytes(whole[:kept])
    with pytest.raises(BuildError, match=rf"^[^\n]*{name} is damaged \(.*\): install [^\n]*$"):
        sphinx.read(copied)


@pytest.mark.parametrize("name", ["means", "variances", "transition_matrices"])
def test_a_flipped_bit_is_found_by_the_checksum(copied: Path, name: str) -> None:
    whole = bytearray((copied / name).read_bytes())
    whole[len(whole) // 2] ^= 1
    (copied / name).write_bytes(whole)
    with pytest.raises(BuildError, match="its checksum is wrong"):
        sphinx.read(copied)


@pytest.mark.parametrize("name", BINARY)
def test_noise_in_place_of_a_file_is_damage_too(copied: Path, name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, 5_000, np.uint8).tobytes()
    (copied / name).write_bytes((copied / name).read_bytes()[:64] + noise)
    with pytest.raises(BuildError, match=f"{name} is damaged"):
        sphinx.read(copied)


def test_settings_that_are_no_pairs_are_damage(copied: Path) -> None:
    (copied / "feat.params").write_text("-lowerf 130\n-upperf\n")
    with pytest.raises(BuildError, match=r"feat\.params is damaged"):
        sphinx.read(copied)
