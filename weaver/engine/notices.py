"""What the audio thread tells Python, one number a kind."""

PROGRAM, INSTALLED = 1, 2
"""A program change (values: program, channel, port); the prepared set has taken over."""
