"""What libraries write to descriptor 2 is set aside, and what the program writes is not."""

import subprocess
import sys

WITHOUT = """
import os, sys
from os_sim.audio.stderr import chatter, without_chatter
with without_chatter():
    os.write(2, b"ALSA lib pcm.c: no such card\\n")
os.write(2, b"after\\n")
print(chatter())
"""

DIVERTED = """
import os, sys
from os_sim.audio.stderr import chatter, divert_chatter
divert_chatter()
os.write(2, b"ALSA lib pcm.c: no such card\\n")
print("mine", file=sys.stderr)
while not chatter():
    pass
print(chatter())
"""


def run(program: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=50, check=True
    )
    return done.stdout.strip(), done.stderr.strip()


def test_only_what_is_written_inside_is_set_aside() -> None:
    assert run(WITHOUT) == ("['ALSA lib pcm.c: no such card']", "after")


def test_a_program_that_diverted_the_chatter_still_has_its_own_standard_error() -> None:
    assert run(DIVERTED) == ("['ALSA lib pcm.c: no such card']", "mine")
