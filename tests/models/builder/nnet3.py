"""Reads a written acoustic model back and computes its network, in numpy: not as Kaldi does it.

Shares nothing with the writer, so that what both get right is the format.
"""

import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass
class AcousticModel:
    """What a file holds."""

    topology_phones: list[int] = field(default_factory=list)
    triples: list[tuple[int, ...]] = field(default_factory=list)
    log_probabilities: Floats = field(default_factory=lambda: np.zeros(0))
    config: dict[str, dict[str, str]] = field(default_factory=dict)
    """Lines of the network by name; each has its `kind` and the other settings."""
    components: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    contexts: tuple[int, int] = (0, 0)


def read(file: Path) -> AcousticModel:
    reader = _Reader(file.read_bytes())
    assert reader.data[:2] == b"\0B"
    reader.at = 2
    model = AcousticModel()
    reader.expect("<TransitionModel>", "<Topology>")
    model.topology_phones = reader.ints()
    reader.ints()
    assert reader.int() == 1  # one topology
    for _ in range(reader.int()):
        reader.int()  # pdf class
        for _ in range(reader.int()):
            reader.int()
            reader.float()
    reader.expect("</Topology>", "<Triples>")
    model.triples = [(reader.int(), reader.int(), reader.int()) for _ in range(reader.int())]
    reader.expect("</Triples>", "<LogProbs>")
    model.log_probabilities = reader.vector()
    reader.expect("</LogProbs>", "</TransitionModel>", "<Nnet3>")
    model.config = dict(map(_config_entry, reader.paragraph()))
    reader.expect("<NumComponents>")
    for _ in range(reader.int()):
        reader.expect("<ComponentName>")
        name = reader.token()
        model.components[name] = reader.component()
    reader.expect("</Nnet3>", "<LeftContext>")
    left = reader.int()
    reader.expect("<RightContext>")
    model.contexts = left, reader.int()
    reader.expect("<Priors>")
    assert not len(reader.vector())
    assert reader.at == len(reader.data)
    return model


def compute(model: AcousticModel, frames: Floats, node: str = "") -> Floats:
    """The output (or a node) at every frame; the first and the last are repeated beyond the ends.

    As libvosk does it (OnlineNnet2FeaturePipeline, nnet3's looped computation): what is defined
    by itself one frame earlier begins at the first frame that is needed.
    """
    left, right = model.contexts
    padded = np.pad(frames, ((left, right), (0, 0)), "edge").astype(np.float64)
    known = {"input": padded}
    wanted = node or model.config["output"]["input"]
    return _descriptor(model, wanted, known)[left : left + len(frames)]


def _node(model: AcousticModel, name: str, known: dict[str, Floats]) -> Floats:
    """Values at all frames; rows that cannot be known for want of context hold NaN."""
    if name not in known:
        line = model.config[name]
        match line["kind"]:
            case "dim-range-node":
                start = int(line["dim-offset"])
                whole = _node(model, line["input-node"], known)
                known[name] = whole[:, start : start + int(line["dim"])]
            case "component-node" if f"IfDefined(Offset({name}, -1))" in line["input"]:
                known[name] = _recurrent(model, name, known)
            case "component-node":
                source = _descriptor(model, line["input"], known)
                known[name] = _apply(*model.components[line["component"]], source)
    return known[name]


def _recurrent(model: AcousticModel, name: str, known: dict[str, Floats]) -> Floats:
    """`Append(others, IfDefined(Offset(self, -1)))`, one frame after the other."""
    others = re.fullmatch(r"Append\((.*), IfDefined\(.*\)\)", model.config[name]["input"])
    assert others is not None
    inputs = _descriptor(model, others[1], known)
    kind, parameters = model.components[model.config[name]["component"]]
    state = np.zeros((1, len(parameters["bias"])))
    rows = []
    for row in inputs:
        state = _apply(kind, parameters, np.hstack([row[None], state]))
        rows.append(state)
    return np.vstack(rows)


def _descriptor(model: AcousticModel, text: str, known: dict[str, Floats]) -> Floats:
    """`Append`, `Sum`, `Scale`, `Offset` and `Round` of nodes, of one another."""
    call = re.fullmatch(r"(\w+)\((.*)\)", text)
    if call is None:
        return _node(model, text, known)
    arguments = _arguments(call[2])
    match call[1]:
        case "Append":
            return np.hstack([_descriptor(model, part, known) for part in arguments])
        case "Sum":
            first, second = (_descriptor(model, part, known) for part in arguments)
            return first + second
        case "Scale":
            return float(arguments[0]) * _descriptor(model, arguments[1], known)
    values, number = _descriptor(model, arguments[0], known), int(arguments[1])
    times = np.arange(len(values)) - model.contexts[0]
    match call[1]:
        case "Offset":
            wanted = times + number
        case "Round":
            wanted = times // number * number
        case _:
            raise AssertionError(text)
    rows = wanted + model.contexts[0]
    inside = (rows >= 0) & (rows < len(values))
    return np.where(inside[:, None], values[np.clip(rows, 0, len(values) - 1)], np.nan)


def _arguments(text: str) -> list[str]:
    """Split at the commas that are not inside brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _apply(kind: str, p: dict[str, Any], x: Floats) -> Floats:
    match kind:
        case "FixedAffineComponent":
            return np.asarray(x @ p["matrix"].T + p["bias"])
        case "SigmoidComponent":
            return np.asarray(1 / (1 + np.exp(-x)))
        case "SoftmaxComponent":
            e = np.exp(x - x.max(1, keepdims=True))
            return np.asarray(e / e.sum(1, keepdims=True))
        case "ElementwiseProductComponent":
            return np.asarray(x.reshape(len(x), -1, p["output"]).prod(1))
        case "NormalizeComponent":
            blocks = x.reshape(len(x), -1, p["block"])
            size = np.sqrt(np.maximum((blocks**2).mean(2, keepdims=True), 2.0**-66))
            parts = [blocks / size, np.log(size)] if p["log"] else [blocks / size]
            return np.concatenate(parts, 2).reshape(len(x), -1)
        case "SumGroupComponent":
            return np.asarray(np.add.reduceat(x, np.cumsum([0, *p["sizes"][:-1]]), axis=1))
    raise AssertionError(kind)


def _config_entry(line: str) -> tuple[str, dict[str, str]]:
    kind, rest = line.split(" ", 1)
    settings = dict(re.findall(r"([\w-]+)=((?:[^=](?! [\w-]+=))*.?)", rest))
    return settings.pop("name"), {"kind": kind, **settings}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def token(self) -> str:
        end = self.data.index(b" ", self.at)
        start, self.at = self.at, end + 1
        return self.data[start:end].decode()

    def expect(self, *tokens: str) -> None:
        for token in tokens:
            assert self.token() == token

    def paragraph(self) -> list[str]:
        end = self.data.index(b"\n\n", self.at)
        start, self.at = self.at, end + 2
        return self.data[start:end].decode().strip().splitlines()

    def _number(self, form: str, size: int) -> Any:
        assert self.data[self.at] == size
        self.at += 1 + size
        return struct.unpack(form, self.data[self.at - size : self.at])[0]

    def int(self) -> Any:
        return self._number("<i", 4)

    def float(self) -> Any:
        return self._number("<f", 4)

    def ints(self) -> list[Any]:
        return list(self._array("<i4", self.int()).tolist())

    def vector(self) -> Floats:
        self.expect("FV")
        return self._array("<f4", self.int()).astype(np.float64)

    def matrix(self) -> Floats:
        self.expect("FM")
        rows, columns = self.int(), self.int()
        return self._array("<f4", rows * columns).reshape(rows, columns).astype(np.float64)

    def _array(self, kind: str, count: Any) -> NDArray[Any]:
        start, self.at = self.at, self.at + 4 * count
        return np.frombuffer(self.data[start : self.at], kind)

    def component(self) -> tuple[str, dict[str, Any]]:
        kind = self.token().strip("<>")
        parameters: dict[str, Any] = {}
        match kind:
            case "FixedAffineComponent":
                self.expect("<LinearParams>")
                parameters["matrix"] = self.matrix()
                self.expect("<BiasParams>")
                parameters["bias"] = self.vector()
            case "SigmoidComponent" | "SoftmaxComponent":
                self.expect("<Dim>")
                self.int()
                self._statistics()
            case "ElementwiseProductComponent":
                self.expect("<InputDim>")
                self.int()
                self.expect("<OutputDim>")
                parameters["output"] = self.int()
            case "NormalizeComponent":
                self.expect("<InputDim>")
                self.int()
                self.expect("<BlockDim>")
                parameters["block"] = self.int()
                self.expect("<TargetRms>")
                assert self.float() == 1.0
                self.expect("<AddLogStddev>")
                parameters["log"] = self.data[self.at : self.at + 1] == b"T"
                self.at += 1
            case "SumGroupComponent":
                self.expect("<Sizes>")
                parameters["sizes"] = self.ints()
        self.expect(f"</{kind}>")
        return kind, parameters

    def _statistics(self) -> None:
        self.expect("<ValueAvg>")
        self.vector()
        self.expect("<DerivAvg>")
        self.vector()
        self.expect("<Count>")
        self._number("<d", 8)
        self.expect("<OderivRms>")
        self.vector()
        self.expect("<OderivCount>")
        self._number("<d", 8)
