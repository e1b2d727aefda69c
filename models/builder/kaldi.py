"""Writes Kaldi's binary files: tokens, numbers, matrices, and the components of nnet3 networks.

Numbers are written behind the count of their bytes, everything is little-endian.  Sources:
base/io-funcs.cc, matrix/kaldi-matrix.cc and kaldi-vector.cc for the primitives;
nnet3/nnet-simple-component.cc, nnet-normalize-component.cc and nnet-component-itf.cc (`Write` of
each class) for the components; nnet3/nnet-nnet.cc for the network around them;
hmm/transition-model.cc and hmm/hmm-topology.cc for the states.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from models.builder.sphinx import Floats
from models.builder.transitions import STATES, TransitionTable


@dataclass(frozen=True)
class FixedAffine:
    """y = matrix x + bias."""

    matrix: Floats
    bias: Floats


@dataclass(frozen=True)
class Sigmoid:
    """y = 1 / (1 + exp(−x))."""

    dim: int


@dataclass(frozen=True)
class Softmax:
    """y = exp(x) / Σ exp(x)."""

    dim: int


@dataclass(frozen=True)
class ElementwiseProduct:
    """Multiplies the equally long parts that its input consists of."""

    input_dim: int
    output_dim: int


@dataclass(frozen=True)
class Normalize:
    """Brings each block of its input to a root mean square of one.

    With `log` every block is followed by the logarithm of what its root mean square was.
    """

    dim: int
    block: int
    log: bool = False


@dataclass(frozen=True)
class SumGroup:
    """Adds up groups of neighbours, of these sizes."""

    sizes: tuple[int, ...]


Component = FixedAffine | Sigmoid | Softmax | ElementwiseProduct | Normalize | SumGroup


@dataclass(frozen=True)
class Node:
    """A place in the network where a component is applied."""

    name: str
    source: str
    """What goes in: a descriptor, such as `Append(a, Offset(b, -1))`."""
    component: Component


@dataclass(frozen=True)
class Slice:
    """A place in the network that is some neighbouring columns of another one."""

    name: str
    source: str
    offset: int
    dim: int


@dataclass(frozen=True)
class Network:
    """What is computed from the node `input`, in any order."""

    input_dim: int
    nodes: tuple[Node | Slice, ...]
    output: str
    """The descriptor of the output."""
    left_context: int
    """How many frames before and after it a frame needs."""
    right_context: int


class KaldiWriter:
    """Kaldi's binary primitives, one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.raw(b"\0B")

    def raw(self, data: bytes) -> None:
        self._file.write(data)

    def token(self, *tokens: str) -> None:
        for token in tokens:
            self.raw(f"{token} ".encode("ascii"))

    def int32(self, *values: int) -> None:
        for value in values:
            self.raw(struct.pack("<bi", 4, value))

    def float32(self, value: float) -> None:
        self.raw(struct.pack("<bf", 4, value))

    def float64(self, value: float) -> None:
        self.raw(struct.pack("<bd", 8, value))

    def boolean(self, value: bool) -> None:
        self.raw(b"T" if value else b"F")

    def ints(self, values: Sequence[int]) -> None:
        self.raw(struct.pack(f"<bi{len(values)}i", 4, len(values), *values))

    def vector(self, values: Floats | Sequence[float]) -> None:
        stored = np.asarray(values, "<f4")
        self.token("FV")
        self.int32(len(stored))
        self.raw(stored.tobytes())

    def matrix(self, values: Floats) -> None:
        stored = np.asarray(values, "<f4")
        self.token("FM")
        self.int32(*stored.shape)
        self.raw(stored.tobytes())


def write_acoustic_model(file: BinaryIO, table: TransitionTable, network: Network) -> None:
    """An nnet3 model as `nnet3-am-copy` would write it: the states, then the network."""
    writer = KaldiWriter(file)
    _write_transitions(writer, table)
    _write_network(writer, network)
    writer.token("<LeftContext>")
    writer.int32(network.left_context)
    writer.token("<RightContext>")
    writer.int32(network.right_context)
    writer.token("<Priors>")
    writer.vector([])  # the network gives likelihoods, not posteriors to be divided by priors


def _write_transitions(writer: KaldiWriter, table: TransitionTable) -> None:
    phones = len(table.phones)
    writer.token("<TransitionModel>", "<Topology>")
    writer.ints(range(1, phones + 1))
    writer.ints([-1] + [0] * phones)  # all phones have topology 0
    writer.int32(1, STATES + 1)
    for state in range(STATES):
        writer.int32(state, 2)
        for target in (state, state + 1):
            writer.int32(target)
            writer.float32(0.5)  # where training would begin; the real ones follow
    writer.int32(-1, 0)  # the final state: no pdf, no transitions
    writer.token("</Topology>", "<Triples>")
    writer.int32(len(table.triples))
    for triple in table.triples:
        writer.int32(*triple)
    writer.token("</Triples>", "<LogProbs>")
    writer.vector(table.log_probabilities())
    writer.token("</LogProbs>", "</TransitionModel>")


def _write_network(writer: KaldiWriter, network: Network) -> None:
    lines = [
        f"input-node name=input dim={network.input_dim}",
        *map(_config_line, network.nodes),
        f"output-node name=output input={network.output} objective=linear",
    ]
    writer.token("<Nnet3>")
    writer.raw(("\n" + "\n".join(lines) + "\n\n").encode("ascii"))
    nodes = [node for node in network.nodes if isinstance(node, Node)]
    writer.token("<NumComponents>")
    writer.int32(len(nodes))
    for node in nodes:
        writer.token("<ComponentName>", node.name)
        _write_component(writer, node.component)
    writer.token("</Nnet3>")


def _config_line(node: Node | Slice) -> str:
    """As in nnet3's configuration files; a component is named like its only node."""
    match node:
        case Node(name, source):
            return f"component-node name={name} component={name} input={source}"
        case Slice(name, source, offset, dim):
            return f"dim-range-node name={name} input-node={source} dim-offset={offset} dim={dim}"


def _write_component(writer: KaldiWriter, component: Component) -> None:
    kind = f"{type(component).__name__}Component"
    writer.token(f"<{kind}>")
    match component:
        case FixedAffine(matrix, bias):
            writer.token("<LinearParams>")
            writer.matrix(matrix)
            writer.token("<BiasParams>")
            writer.vector(bias)
        case Sigmoid(dim) | Softmax(dim):
            _write_nonlinearity(writer, dim)
        case ElementwiseProduct(input_dim, output_dim):
            writer.token("<InputDim>")
            writer.int32(input_dim)
            writer.token("<OutputDim>")
            writer.int32(output_dim)
        case Normalize(dim, block, log):
            writer.token("<InputDim>")
            writer.int32(dim)
            writer.token("<BlockDim>")
            writer.int32(block)
            writer.token("<TargetRms>")
            writer.float32(1.0)
            writer.token("<AddLogStddev>")
            writer.boolean(log)
        case SumGroup(sizes):
            writer.token("<Sizes>")
            writer.ints(sizes)
    writer.token(f"</{kind}>")


def _write_nonlinearity(writer: KaldiWriter, dim: int) -> None:
    """A component that training would keep statistics about."""
    writer.token("<Dim>")
    writer.int32(dim)
    for statistic in ("<ValueAvg>", "<DerivAvg>"):
        writer.token(statistic)
        writer.vector([])
    writer.token("<Count>")
    writer.float64(0.0)
    writer.token("<OderivRms>")
    writer.vector([])
    writer.token("<OderivCount>")
    writer.float64(0.0)
