"""An instrument that follows an MTS-ESP master, in a process into which the stand-in for libMTS is preloaded.

    LD_PRELOAD=stand_in.so mts_child.py stand_in.so

Writes one line of JSON: what notes were at each turn of the master's.
"""

from __future__ import annotations

import ctypes
import json
import sys
import threading

from support.eventually import eventually

from weaver.midi.mts_esp import MtsEsp

library = ctypes.CDLL(sys.argv[1])
library.stand_in_tune.argtypes = (ctypes.c_int, ctypes.c_double)
heard: dict[int, float] = {}
said = []


def tune(note: int, hz: float) -> bool:
    heard[note] = hz
    return True


esp = MtsEsp(tune, [100.0 + note for note in range(128)])
assert not esp.trouble, esp.trouble
assert eventually(lambda: library.stand_in_clients() == 1)
for note in range(128):
    library.stand_in_tune(note, 200.0 + note)
library.stand_in_master(True)
assert eventually(lambda: len(heard) == 128)
said.append([heard[60], heard[61], esp.note])
library.stand_in_tune(60, 300.5)
library.stand_in_filter(61, True)
assert eventually(lambda: heard[60] == 300.5 and heard[61] == 0.0)
said.append([heard[60], heard[61], esp.note])
library.stand_in_master(False)
assert eventually(lambda: heard[127] == 227.0)
said.append([heard[60], heard[61], esp.note])
esp.close()
assert library.stand_in_clients() == 0
assert threading.active_count() == 1
sys.stdout.write(json.dumps(said))
