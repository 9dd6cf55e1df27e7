"""A note is tuned while the instrument plays: by MIDI's tuning messages, or a master of all instruments' tunings.

Where notes are pitches, a sphere that sounds a note, held or ringing on, glides to where that is tuned. Where a note is
a sphere, spheres keep their own pitch: the table changes, and waits for a mode that asks it.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.hands import slide
from weaver.dsp.jit import entry, kernel
from weaver.dsp.sizes import NOTES
from weaver.engine.address import floats_at, state_at
from weaver.engine.log import log
from weaver.engine.zones import KEYS, MPE
from weaver.model.gestures import RETUNE


@kernel
def is_tuned(state, note, hz):
    """Whether a note has this very pitch, as far as a command can say it."""
    return np.float32(state.midi_map.note_hz[note]) == np.float32(hz)


@kernel
def retune_note(state, note, hz):
    """From now on a note has this pitch, also while it sounds. 0 Hz: none, and what sounds rings on."""
    state.midi_map.note_hz[note] = hz
    if hz <= 0.0 or not (state.midi_map.mode == KEYS or state.midi_map.mode == MPE):
        return
    for s in range(np.int64(state.definitions[state.playing].count)):
        if state.midi.voice_note[s] == note and state.sphere.awake[s]:
            slide(state, s, hz)


@entry
def log_tuning(address, tuned_address):
    """Log what differs from a table, float32[NOTES] at an address, as if it were tuned now: a log begins, and whoever
    repeats it begins with that table."""
    state, table = state_at(address), floats_at(tuned_address, NOTES)
    for note in range(NOTES):
        if not is_tuned(state, note, table[note]):
            hz = np.float32(state.midi_map.note_hz[note])
            log(state, RETUNE, -1, 0, np.float32(note), hz, np.float32(0.0), np.float32(0.0))
