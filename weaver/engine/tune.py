"""A note is tuned while the instrument plays: by MIDI's tuning messages, or a master of all instruments' tunings."""

from __future__ import annotations

from weaver.dsp.jit import kernel


@kernel
def retune_note(state, note, hz):
    """From now on a note has this pitch, also while it sounds."""
    state.midi_map.note_hz[note] = hz
