"""The settings that libvosk reads beside the network: the front end, the search, the endpoints."""

from collections.abc import Mapping
from pathlib import Path

_SAMPLE_RATE_HZ = 16_000


def write_configuration(folder: Path, settings: Mapping[str, str]) -> None:
    """`mfcc.conf` and `model.conf`; `settings` are those of Sphinx's front end."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "mfcc.conf", front_end(settings))
    _write(folder / "model.conf", SEARCH)


def front_end(settings: Mapping[str, str]) -> dict[str, str]:
    """Kaldi's front end set up so that its cepstra are Sphinx's plus a constant.

    What Sphinx leaves to its defaults (include/pocketsphinx.h, fe/fe.h) is written out.
    """
    return {
        "sample-frequency": str(_SAMPLE_RATE_HZ),
        "use-energy": "false",
        "num-mel-bins": settings["nfilt"],
        "num-ceps": "13",
        "low-freq": settings["lowerf"],
        "high-freq": settings["upperf"],
        "frame-length": "25.625",  # ms; 410 samples
        "window-type": "hamming",
        "remove-dc-offset": "false",
        "preemphasis-coefficient": "0.97",
        "cepstral-lifter": settings["lifter"],
        # Digital silence would otherwise be so unlike any phone that it is taken for [unk].
        "dither": "1",
        "snip-edges": "true",
    }


SEARCH = {
    "min-active": "200",
    # As accurate as 7000 in free speech, where it halves the work; commands never have so many.
    "max-active": "3000",
    "beam": "10.0",
    "lattice-beam": "2.0",
    "acoustic-scale": "0.07",
    "frame-subsampling-factor": "1",
    "endpoint.silence-phones": "1:3",
    "endpoint.rule2.min-trailing-silence": "0.5",
    "endpoint.rule3.min-trailing-silence": "0.75",
    "endpoint.rule4.min-trailing-silence": "1.0",
}
"""For `model.conf`: libvosk's decoder (Kaldi's LatticeFasterDecoderConfig and its endpointing)."""


def _write(file: Path, options: Mapping[str, str]) -> None:
    lines = [f"--{name}={value}\n" for name, value in options.items()]
    file.write_text("".join(lines), encoding="ascii", newline="\n")
