"""The two ends of a conversation: ears that hear, mouths that speak, and what the screen shows.

    ears    Prompt (a keyboard) · Pipe (lines) · LiveEars (a microphone) · RecordingEars (files)
    mouths  Silence (text only) · Speaker (the mixer and a loudspeaker)
    screen  Lines (for people) · JsonLines (for programs)

Any ears go with any mouth; `os_sim.assistant` puts them together.
"""
