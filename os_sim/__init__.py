"""os_sim: an operating system for one person that lives in sound."""

__version__ = "0.1.0"
