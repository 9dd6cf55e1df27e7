"""How often 1,000 blocks of a callback allocate: count_allocations.py heart|portaudio|jack|control.

A process of its own, because Numba counts only if told to (NUMBA_NRT_STATS=1) before it is imported.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

import numpy as np
from numba import cfunc, types
from numba.core.runtime import rtsys
from support.handy import Map

from weaver.engine.engine import Engine
from weaver.engine.hand import HOLD, STRIKE, TURN
from weaver.engine.harm import hurt
from weaver.engine.hosts.heart import Block
from weaver.engine.maps import empty_midi_map
from weaver.model.midi_out import PlayOut
from weaver.model.spheres import load_set

BLOCKS, BLOCK = 1000, 64


def busy_engine() -> Engine:
    """Strikes, rubs, notes and turns of knobs wait in it for each of the blocks to come; all is logged.

    One sphere is failing, one fractured and one has just shattered, for the highest stakes, before a humming audience.
    """
    engine = Engine(load_set("auditorium"), empty_midi_map(), 48_000.0)
    engine.keep_log()
    engine.set_parameter("stakes", 3.0)
    engine.set_parameter("audience_db", 0.0)
    for sphere, damage in ((7, 0.9), (6, 0.5), (5, 1.0)):
        hurt(engine.address, sphere, damage)
    made = Map()
    for note in range(36, 52):
        made.note(note, STRIKE if note % 2 else HOLD, note % 8, gesture="damp", values=(-1, -1, 0.8, 0), pressure=1)
    made.cc(20, TURN, gesture="place", low=-180, high=180)
    engine.give_hand(2, made.table)
    engine.outward.play(PlayOut(echoes=True))
    for index in range(250):
        frame, sphere = 1 + 197 * index, index % 8
        engine.gesture("strike", sphere, frame=frame)
        engine.gesture("rub", sphere, frame=frame + 50, pressure=0.5 * (index % 2))
        engine.midi((0x90, 48 + sphere, 1 + index % 127), frame=frame)
        engine.set_parameter("room_size_m", 10 + index % 40, frame=frame)
        engine.midi((0x90 if index % 2 else 0x80, 36 + index % 16, 99), 2, frame=frame + 20)
        engine.midi((0xD0, index % 128), 2, frame=frame + 30)
        engine.midi((0xB0, 20, index % 128), 2, frame=frame + 40)
    return engine


def block_of(kind: str, engine: Engine) -> Callable[[], object]:
    """What renders one block."""
    if kind == "heart":
        return Block(engine.state, BLOCK).render
    if kind == "portaudio":
        from support.by_hand import PortAudioByHand

        return PortAudioByHand(engine, BLOCK)
    if kind == "jack":
        from support.by_hand import JackByHand

        process = JackByHand(engine)

        def cycle() -> None:
            process.tell(bytes((0xF0, *[1] * 300, 0xF7)))
            process()

        return cycle

    def allocate(frames):
        return np.sum(np.ones(frames))

    native = cfunc(types.float64(types.int64))(allocate)
    call = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int64)(native.address)
    call.keep_alive = native  # type: ignore[attr-defined]
    return lambda: call(BLOCK)


if __name__ == "__main__":
    engine = busy_engine()
    block = block_of(sys.argv[1], engine)
    block()
    before = rtsys.get_allocation_stats()
    for _ in range(BLOCKS):
        block()
    after = rtsys.get_allocation_stats()
    played = int(engine.state.counters.blocks)
    sys.stdout.write(f"{after.alloc - before.alloc} {played} {int(engine.state.counters.dropped_commands)}\n")
