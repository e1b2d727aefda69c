"""`python -m os_sim` is `os-sim`."""

from os_sim.cli import main

main()
