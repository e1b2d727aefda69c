"""Sphinx's mixture model written down as a Kaldi network, and the whole of the acoustic model.

    input ─▶ deltas ─▶ features ─┬─▶ Gaussians ─▶ posteriors ─▶ mixture weights ─┐
             (normalised)        ├─▶     "            "               "          ├─▶ × ─▶ log
                                 └─▶     "            "               "          ┘
                                  one path for each of the three streams

The log likelihood of a Gaussian with diagonal variances is linear in (x, x²), so one matrix holds
them all.  The softmax divides by the sum over all Gaussians: that changes all senones of a frame
by the same factor, which decoding does not notice.  A senone's likelihood is the product over the
streams of its weighted sums (Huang, Hon and Hwang, "A comparative study of discrete, semicontinuous
and continuous hidden Markov models", 1993); PocketSphinx approximates those by the best four
Gaussians, here they are complete.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.builder import kaldi, sphinx
from models.builder.configuration import write_configuration
from models.builder.kaldi import (
    ElementwiseProduct,
    FixedAffine,
    Network,
    Node,
    Normalize,
    Slice,
    Softmax,
    SumGroup,
)
from models.builder.normalisation import (
    CEPSTRA,
    FEATURES,
    STREAMS,
    Normalisation,
    normalisation_nodes,
)
from models.builder.phones import UNKNOWN
from models.builder.sphinx import Floats, SphinxModel
from models.builder.transitions import TransitionTable, transition_table

_DELTA_FRAMES = (-3, -2, -1, 0, 1, 2, 3)
_LEAST_VARIANCE = 1.0
"""Gaussians narrower than that in some direction, a hundredth of them, have seen next to no data:
they are left out.  Their steep slopes would also be too much for single precision."""
_NEVER = -1000.0
"""The log likelihood of a Gaussian that is left out."""
_GAIN = 1e5
"""Keeps the product of three small numbers away from where Kaldi floors a logarithm, 2^-33."""


@dataclass(frozen=True)
class Mixtures:
    """How the mixtures are evaluated where that is free to choose."""

    normalisation: Normalisation = field(default_factory=Normalisation)
    frames_per_score: int = 2
    """Mixtures are computed once for so many frames, 10 ms each, and hold for all of them: sound
    changes more slowly than that, and with two the work is half."""
    floor: float = 1e-7
    """What every senone has in every stream, so that one stream alone cannot rule it out."""
    unknown_log_gain: float = 2.0
    """How much more likely than the average of all speech [unk] is taken to be: with 4 it wins
    over one expected sentence in eight, with less it lets other speech through."""


def write_acoustic_model(
    source: Path, folder: Path, mixtures: Mixtures | None = None
) -> TransitionTable:
    """`am/final.mdl` and `conf/` in a model folder, from Sphinx's folder; always the same bytes.

    Returns what the graph must be built with.  BuildError: a file of the source is missing or
    damaged.
    """
    model = sphinx.read(source)
    table = transition_table(model)
    network = mixture_network(model, table, mixtures or Mixtures())
    (folder / "am").mkdir(parents=True, exist_ok=True)
    with (folder / "am/final.mdl").open("wb") as file:
        kaldi.write_acoustic_model(file, table, network)
    write_configuration(folder / "conf", model.settings)
    return table


def mixture_network(model: SphinxModel, table: TransitionTable, mixtures: Mixtures) -> Network:
    """The network whose output column p is the log likelihood of pdf p, up to a constant."""
    silence = mean_silence(model)
    normalisation = normalisation_nodes(mixtures.normalisation, silence)
    streams = [_stream_nodes(model, table, mixtures, stream) for stream in range(STREAMS)]
    weighted = [
        _weighted(stream, book) for stream in range(STREAMS) for book in range(len(model.means))
    ]
    pdfs = len(table.pdfs)
    nodes = (
        Node("deltas", _append(f"Offset(input, {t})" for t in _DELTA_FRAMES), _deltas()),
        *normalisation,
        Node("squares", "Append(features, features)", ElementwiseProduct(2 * FEATURES, FEATURES)),
        *(node for nodes in streams for node in nodes),
        Node("likelihoods", _append(weighted), ElementwiseProduct(STREAMS * pdfs, pdfs)),
        Node("signs_and_logs", "likelihoods", Normalize(pdfs, block=1, log=True)),
        Node("logs", "signs_and_logs", SumGroup((2,) * pdfs)),  # every sign is +1
    )
    right = max(_DELTA_FRAMES[-1], mixtures.normalisation.frames_ahead)
    output = f"Round(logs, {mixtures.frames_per_score})"
    return Network(CEPSTRA, nodes, output, mixtures.frames_per_score - 1 - _DELTA_FRAMES[0], right)


def _deltas() -> FixedAffine:
    """Sphinx's features `1s_c_d_dd`: x, and its differences over four and over two times two."""
    differences = (
        {0: 1},
        {2: 1, -2: -1},
        {3: 1, -1: -1, 1: -1, -3: 1},
    )
    taps = [[row.get(frame, 0) for frame in _DELTA_FRAMES] for row in differences]
    return FixedAffine(np.kron(taps, np.eye(CEPSTRA)).astype(np.float64), np.zeros(FEATURES))


def gaussians(model: SphinxModel, stream: int) -> FixedAffine:
    """Log likelihoods of all Gaussians, codebook after codebook, from (x, x²) of a stream."""
    means = model.means[:, stream].reshape(-1, CEPSTRA)
    estimated = model.variances[:, stream].reshape(-1, CEPSTRA)
    variances = np.maximum(estimated, _LEAST_VARIANCE)
    matrix = np.hstack([means / variances, -0.5 / variances])
    bias = -0.5 * (means**2 / variances + np.log(2 * np.pi * variances)).sum(1)
    left_out = (estimated < _LEAST_VARIANCE).any(1)
    matrix[left_out], bias[left_out] = 0.0, _NEVER
    return FixedAffine(matrix, bias)


def _stream_nodes(
    model: SphinxModel, table: TransitionTable, mixtures: Mixtures, stream: int
) -> list[Node | Slice]:
    """From the features of a stream to the weighted sums, one node by codebook."""
    component = gaussians(model, stream)
    seen = f"stream_{stream}, squares_{stream}"
    if stream == 0:  # what does not change does not depend on the floor
        component = _with_silence_apart(component, model)
        seen += ", silence, silence_squares"
    return [
        Slice(f"stream_{stream}", "features", stream * CEPSTRA, CEPSTRA),
        Slice(f"squares_{stream}", "squares", stream * CEPSTRA, CEPSTRA),
        Node(f"gaussians_{stream}", f"Append({seen})", component),
        Node(f"posteriors_{stream}", f"gaussians_{stream}", Softmax(len(component.bias))),
        *_weighted_sums(model, table, mixtures, stream),
    ]


def _with_silence_apart(component: FixedAffine, model: SphinxModel) -> FixedAffine:
    """The Gaussians of silence see columns of their own, behind those of all the others."""
    silence, size = model.definition.silence, model.means.shape[2]
    matrix = np.hstack([component.matrix, np.zeros_like(component.matrix)])
    rows = slice(silence * size, (silence + 1) * size)
    matrix[rows] = np.roll(matrix[rows], 2 * CEPSTRA, axis=1)
    return FixedAffine(matrix, component.bias)


def mean_silence(model: SphinxModel) -> Floats:
    """The mean cepstra of silence in training, over its senones."""
    silence = model.definition.silence
    weights = model.weights[0, model.definition.codebooks == silence]
    shares = weights / weights.sum(axis=1, keepdims=True)
    return np.asarray((shares @ model.means[silence, 0]).mean(axis=0))


def _weighted_sums(
    model: SphinxModel, table: TransitionTable, mixtures: Mixtures, stream: int
) -> Iterator[Node | Slice]:
    """In the order of the pdfs, which are sorted by codebook."""
    size = model.weights.shape[-1]
    unknown = table.phones[UNKNOWN].base
    for codebook in range(len(model.means)):
        weights = model.weights[stream, model.definition.codebooks == codebook]
        name, source = _weighted(stream, codebook), f"posteriors_{stream}"
        if codebook == unknown:
            gain = np.exp(mixtures.unknown_log_gain / STREAMS)
            average = np.tile(_average_speech(model, stream), (len(weights), 1))
            yield Node(name, source, _weighting(average, mixtures.floor, gain))
            continue
        part = f"{source}_{codebook}"
        yield Slice(part, source, codebook * size, size)
        yield Node(name, part, _weighting(weights, mixtures.floor))


def _weighted(stream: int, codebook: int) -> str:
    return f"weighted_{stream}_{codebook}"


def _weighting(weights: Floats, floor: float, gain: float = 1.0) -> FixedAffine:
    return FixedAffine(_GAIN * gain * weights, np.full(len(weights), _GAIN * gain * floor))


def _average_speech(model: SphinxModel, stream: int) -> Floats:
    """The weights of all Gaussians in the average of all senones that are speech."""
    codebooks, size = len(model.means), model.weights.shape[-1]
    total = np.zeros((codebooks, size))
    np.add.at(total, model.definition.codebooks, model.weights[stream])
    total[list(model.definition.fillers)] = 0.0
    senones = ~np.isin(model.definition.codebooks, list(model.definition.fillers))
    return np.ravel(total / senones.sum())


def _append(names: Iterable[str]) -> str:
    return f"Append({', '.join(names)})"
