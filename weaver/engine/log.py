"""The log: every command, at the frame and in the order in which it took effect.

A performance is its log: an engine that begins as this one did and is told the same again gives the same samples. So
all that changes the sound from outside passes here, also MIDI that the host decodes within its callback, and panics
raised beside the ring. What is refused changes nothing and is left out. Nobody waits: a full log loses, and counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.jit import kernel
from weaver.dsp.rings import load_acquire, store_release, write_packet
from weaver.dsp.sizes import LOGGED
from weaver.model.show import Show
from weaver.model.spheres import SphereSet


@kernel
def log(state, kind, sphere, source, a, b, c, d):
    """The audio thread's side: a command takes effect now."""
    if not state.recording:
        return
    ring = state.log
    written = ring.written[0]
    if written - load_acquire(ring.read) >= LOGGED:
        state.counters.lost_log += 1
        return
    packet = ring.packets[written % LOGGED]
    packet.source = source
    write_packet(packet, state.frame, kind, sphere, a, b, c, d)
    store_release(ring.written, written + 1)


class StagedShow(NamedTuple):
    """A show, and its prelude as it is played."""

    show: Show
    prelude_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """What a log counts from: an engine as it was made, or made anew for another sample rate.

    `frame` is the sample clock, `targets` float32[parameter] what every parameter was turned to; `show` is the one that
    was on or over, and how far it was (`engine.staging`).
    """

    frame: int
    sample_rate: float
    spheres: SphereSet
    targets: NDArray[np.float32]
    show: tuple[StagedShow, bytes] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Part of a log: COMMAND[n], and the set that each INSTALL among them brought, the show that each BEGIN began.

    After these commands `lost` others found no room. But for those, all that took effect before `until` is known.
    """

    beginning: Beginning
    commands: NDArray[np.void]
    sets: tuple[SphereSet, ...]
    shows: tuple[StagedShow, ...]
    lost: int
    until: int
