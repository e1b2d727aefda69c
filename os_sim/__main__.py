"""`python -m os_sim` is `os-sim`."""

import signal

# Ctrl-C while the program is still being loaded ends it without a word.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from os_sim.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
