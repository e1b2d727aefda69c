"""Everything that can go wrong for a user, as one tree of errors.

A message is one line for the screen: what went wrong, where, and what to do next.  `spoken` is
the sentence the OS says aloud about it, because a user never hears a traceback.
"""


class OsSimError(Exception):
    """The root: every error that os_sim raises on purpose."""

    spoken = "Something went wrong on my side."
    """One sentence fit to be said aloud."""
    exit_code = 1
    """What the command line returns: 1, it could not be done; 2, it was asked wrongly."""


class UsageError(OsSimError):
    """The command line was asked for something that does not exist."""

    exit_code = 2


class ConfigError(OsSimError):
    """The configuration file cannot be used as it stands."""

    spoken = "There is something in my settings that I can't read."
    exit_code = 2


class HomeError(OsSimError):
    """The home folder cannot be read or written."""

    spoken = "I can't write to my home folder."


class StoreError(OsSimError):
    """What is remembered cannot be read or written."""

    spoken = "I can't get at my memory."


class DeviceError(OsSimError):
    """A microphone or a speaker is missing, busy, or went away."""

    spoken = "I've lost the sound device."


class RecordingError(OsSimError):
    """A recording cannot be read."""

    spoken = "I can't listen to that recording."


class ModelError(OsSimError):
    """A speech recognition model is missing or broken."""

    spoken = "I can't hear: my speech model is missing."


class VoiceError(OsSimError):
    """A voice cannot be found or does not render."""

    spoken = "I've lost my voice."


class SkillError(OsSimError):
    """A skill cannot be loaded, or failed while it answered."""

    spoken = "That skill stumbled. I'm still here."


class TemplateError(SkillError):
    """A sentence template does not parse, or does not fit the handler's signature."""


class NoAnswer(OsSimError):
    """An open question got no answer that fits; raised inside a skill by `ctx.ask`."""

    spoken = "Never mind, then."
