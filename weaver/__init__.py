"""Sonic Weaver: Harmonious Spheres that ring under the hand.

The house, from the ground up; imports point down only:

    model     words and numbers: gestures, parameters, spheres, units, errors
    dsp       native: the state's layout, modes, contact, room, limiter, render
    life      native: what makes a sphere live: its light and its hum
    engine    the running instrument: rings, callback, MIDI decoder, hosts
    mapping   from controller tables in TOML to the dense tables the decoder reads
    midi, surfaces, takes     adapters; they never import each other
    app, cli  the one place that wires it all, and the commands
"""

__version__ = "0.1.0"
