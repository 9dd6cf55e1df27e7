"""What leaves the audio thread to be looked at: a copy guarded by a version that is odd while it changes."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import entry, kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.dsp.sizes import CRACKS, SPHERES
from weaver.engine.address import bytes_at, state_at
from weaver.engine.layout import SNAPSHOT, STATE
from weaver.engine.voices import KEY_DOWN
from weaver.model.parameters import STAKES

PEAK_FALL = 0.995
"""Per cell: a peak falls by 60 dB in about two seconds at 48 kHz, as meters do."""
REDUCTION_RETURN = 0.01
"""Per cell: how fast the limiter's lowest gain is forgotten by the eye."""


OFFSET, BYTES = dict(STATE.fields or {})["snapshot"][1], SNAPSHOT.itemsize
"""Where the snapshot lies in the state."""


@kernel
def show_audience(state):
    """The audience's mood and the performer's heart."""
    snapshot, mood, heart = state.snapshot, state.mood, state.heart
    snapshot.valence, snapshot.arousal, snapshot.attention = mood.valence, mood.arousal, mood.attention
    for colour in range(mood.colours.shape[0]):
        snapshot.colours[colour] = mood.colours[colour]
    snapshot.gaze, snapshot.pressure, snapshot.tone = mood.gaze, mood.pressure, mood.tone
    snapshot.heart_bpm, snapshot.heart_phase, snapshot.heart_beats = heart.bpm, heart.phase, heart.beats


@kernel
def show_time(state):
    """The song's time, as it is at the cell's end."""
    snapshot, transport = state.snapshot, state.transport
    gone = transport.step * (state.frame - transport.frame)
    snapshot.time_source, snapshot.rolling, snapshot.tempo_bpm = transport.source, transport.rolling, transport.bpm
    snapshot.beat = transport.beat + (gone if transport.rolling else 0.0)
    snapshot.pulse = transport.pulse + gone


@kernel
def take_snapshot(state):
    """At a cell's end: show how things are. Peaks are held until a reader has seen them."""
    snapshot, sphere, life = state.snapshot, state.sphere, state.life
    version = snapshot.version[0]
    store_release(snapshot.version, version + 1)
    snapshot.frame = state.frame
    snapshot.awake = 0
    snapshot.stakes = state.target[STAKES]
    for s in range(SPHERES):
        snapshot.light[s] = sphere.light[s] * sphere.shine[s]
        snapshot.health[s] = np.float32(1.0) - sphere.damage[s]
        snapshot.state[s] = life.state[s]
        snapshot.flicker[s] = life.flicker[s]
        snapshot.soothed[s] = state.touch.soothe[s]
        for crack in range(CRACKS):
            snapshot.cracks[s, crack] = state.crack.length[s, crack]
        snapshot.pitch_hz[s] = sphere.pitch_hz[s] * 2.0 ** (sphere.cents[s] / 1200.0)
        snapshot.peak[s] = sphere.peak[s]
        snapshot.held[s] = state.midi.voice_held[s] if state.midi.hand_held[s] == 0 else KEY_DOWN
        snapshot.awake += sphere.awake[s]
        sphere.peak[s] *= PEAK_FALL
    show_show(state)
    for side in range(2):
        snapshot.meter[side] = state.meter[side]
        state.meter[side] *= PEAK_FALL
    show_audience(state)
    show_time(state)
    snapshot.reduction = state.limiter.least
    state.limiter.least += (1.0 - state.limiter.least) * REDUCTION_RETURN
    store_release(snapshot.version, version + 2)


@kernel
def show_show(state):
    """How far the show is."""
    snapshot, show = state.snapshot, state.show
    snapshot.phase = show.phase
    snapshot.chronometer_s = show.chronometer_s
    snapshot.flow = show.flow
    snapshot.silence_s = show.silence_s
    snapshot.reward = show.reward
    snapshot.elapsed_s = show.elapsed_s


@entry
def read_snapshot(address, out_address):
    """Copy the snapshot to the SNAPSHOT at an address; tries again while it is being written. True if it is whole."""
    snapshot = state_at(address).snapshot
    shown, out = bytes_at(address + OFFSET, BYTES), bytes_at(out_address, BYTES)
    for _ in range(1000):
        version = load_acquire(snapshot.version)
        if version % 2 == 0:
            for index in range(BYTES):
                out[index] = shown[index]
            if load_acquire(snapshot.version) == version:
                return True
    return False
