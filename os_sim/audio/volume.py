"""The volume that the user turns: in dB, full is 0."""

QUIETEST_DB = -40.0


def turned(volume_db: float, step_db: float) -> float:
    """The volume after a turn, at least QUIETEST_DB and at most 0."""
    return min(0.0, max(QUIETEST_DB, volume_db + step_db))


def gain(volume_db: float) -> float:
    """The factor on samples that a level in dB stands for."""
    return float(10.0 ** (volume_db / 20.0))
