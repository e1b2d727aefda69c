"""The formulas of the normalisation, frame by frame, as an independent calculation."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.builder.normalisation import Normalisation
from tests.models.builder.nnet3 import Floats


@dataclass
class Mean:
    """A weighted mean that forgets, and begins at a usual value."""

    usual: Floats
    count: float
    leak: float
    total: Floats = field(default_factory=lambda: np.zeros(1))
    weight: float = 0.0

    def add(self, weight: float, value: Floats) -> Floats:
        """Take in the next value; returns the mean."""
        self.total = weight * value + self.leak * self.total
        self.weight = weight + self.leak * self.weight
        usual_total: Floats = self.count * self.usual
        return np.asarray((self.total + usual_total) / (self.weight + self.count))


def normalised(
    x: Floats, constants: Normalisation, silence: Floats, begin: int
) -> tuple[Floats, Floats]:
    """The 39 features, and what silence sees; the first and last frame are repeated beyond the
    ends, and all sums begin at frame `begin`."""
    frames, ahead = len(x), constants.look_ahead

    def at(t: int) -> Floats:
        return np.asarray(x[min(max(t, 0), frames - 1)])

    floors, peaks = _extremes(at, range(begin, frames + constants.frames_ahead), constants)
    usual, variance = np.array(constants.usual_mean), np.array(constants.usual_variance)
    means = Mean(usual, constants.mean_frames, constants.leak)
    squares = Mean(variance, constants.variance_frames, constants.leak)
    rows, silences = [], []
    for t in range(begin, frames + ahead):
        middle = (floors[t][0] + peaks[t]) / 2 + constants.margin
        w = 1 / (1 + np.exp(-constants.slope * (at(t)[0] - middle)))
        mean = means.add(w, at(t))
        square = squares.add(w, (at(t) - usual) ** 2)
        if (now := t - ahead) < 0:
            continue
        scale = (variance / (square - (mean - usual) ** 2)) ** (constants.evenness / 2)
        d = at(now + 2) - at(now - 2)
        dd = (at(now + 3) - at(now - 1)) - (at(now + 1) - at(now - 3))
        offset = np.array(constants.offset)
        rows.append(np.hstack([(at(now) - mean) * scale + offset, d * scale, dd * scale]))
        silences.append(at(now) - floors[now] + silence)
    return np.array(rows), np.array(silences)


def _extremes(
    at: Callable[[int], Floats], times: range, constants: Normalisation
) -> tuple[dict[int, Floats], dict[int, float]]:
    """Floor and peak by the frame they are for."""
    usual = np.array(constants.usual_mean)
    quietest, loudest = (_rarity(usual, sign, constants) for sign in (-1, 1))
    floor = Mean(usual, constants.extremes_frames * quietest, constants.extremes_leak)
    peak = Mean(usual[:1], constants.extremes_frames * loudest, constants.extremes_leak)
    floors, peaks = {}, {}
    for t in times:
        low, high = (_rarity(at(t), sign, constants) for sign in (-1, 1))
        floors[t - constants.extremes_ahead] = floor.add(low, at(t))
        peaks[t - constants.extremes_ahead] = float(peak.add(high, at(t)[:1])[0])
    return floors, peaks


def _rarity(x: Floats, sign: int, constants: Normalisation) -> float:
    """How much a frame counts for the floor (-1) or the peak (1), within what microphones give."""
    bound = {-1: 10.0, 1: 115.0}[sign]
    return float(1 / (1 + np.exp(-sign * constants.contrast * (x[0] - bound))))
