"""Builds the model the OS hears with from the one inside the PocketSphinx wheel.

Never imported by the program itself: what it needs is installed only to build a model.
"""


class BuildError(Exception):
    """A model cannot be built; one sentence says why and what to do next."""
