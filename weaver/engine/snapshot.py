"""What leaves the audio thread to be looked at: a copy guarded by a version that is odd while it changes."""

from __future__ import annotations

from weaver.dsp.jit import entry, kernel
from weaver.dsp.sizes import SPHERES
from weaver.engine.address import snapshot_at, state_at
from weaver.engine.ring import load_acquire, store_release

PEAK_FALL = 0.995
"""Per cell: a peak falls by 60 dB in about two seconds at 48 kHz, as meters do."""
REDUCTION_RETURN = 0.01
"""Per cell: how fast the limiter's lowest gain is forgotten by the eye."""


@kernel
def take_snapshot(state):
    """At a cell's end: show how things are. Peaks are held until a reader has seen them."""
    snapshot, sphere = state.snapshot, state.sphere
    version = snapshot.version[0]
    store_release(snapshot.version, version + 1)
    snapshot.frame = state.frame
    snapshot.awake = 0
    for s in range(SPHERES):
        snapshot.light[s] = sphere.light[s]
        snapshot.pitch_hz[s] = sphere.pitch_hz[s] * 2.0 ** (sphere.cents[s] / 1200.0)
        snapshot.peak[s] = sphere.peak[s]
        snapshot.held[s] = state.midi.voice_held[s]
        snapshot.awake += sphere.awake[s]
        sphere.peak[s] *= PEAK_FALL
    for side in range(2):
        snapshot.meter[side] = state.meter[side]
        state.meter[side] *= PEAK_FALL
    snapshot.reduction = state.limiter.least
    state.limiter.least += (1.0 - state.limiter.least) * REDUCTION_RETURN
    store_release(snapshot.version, version + 2)


@entry
def read_snapshot(address, out_address):
    """Copy the snapshot to the SNAPSHOT at an address; tries again while it is being written. True if it is whole."""
    snapshot, out = state_at(address).snapshot, snapshot_at(out_address)
    for _ in range(1000):
        version = load_acquire(snapshot.version)
        if version % 2 == 0:
            out.frame = snapshot.frame
            out.awake = snapshot.awake
            out.reduction = snapshot.reduction
            for s in range(SPHERES):
                out.light[s] = snapshot.light[s]
                out.pitch_hz[s] = snapshot.pitch_hz[s]
                out.peak[s] = snapshot.peak[s]
                out.held[s] = snapshot.held[s]
            for side in range(2):
                out.meter[side] = snapshot.meter[side]
            if load_acquire(snapshot.version) == version:
                return True
    return False
