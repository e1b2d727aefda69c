"""Text to intent: sentence templates, slots, and which of the known sentences was said.

`words` cuts text into words, `template` parses a template, `graph` lays it out as paths of
words, `matcher` walks them with an utterance, `sampler` walks them at random; `slots`, `numbers`
and `times` say what a slot may hold.
"""
