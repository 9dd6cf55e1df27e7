"""A take as files that a DAW opens."""
