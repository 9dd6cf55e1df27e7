"""The kernels as plain Python: interpret.py OUT.npy. To be run with NUMBA_DISABLE_JIT=1, which lanes.py honours.

Two spheres, one struck and then rubbed, one struck and bent, through some cells, their room and the limiter.
"""

from __future__ import annotations

import sys

import numba
import numpy as np
from support.playing import sphere, spheres

from weaver.dsp import hands, install, render, units
from weaver.dsp.definition import define
from weaver.dsp.hall import prepare_room
from weaver.dsp.room import run_room
from weaver.dsp.sizes import CELL, new_record
from weaver.engine.layout import STATE
from weaver.life import crackle, law
from weaver.life.living import life_unit
from weaver.life.records import write_law
from weaver.model.law import DEFAULT_LAW, load_law

CELLS = 24
HARM = 0.6
"""Damage that the first sphere takes, so that it flickers and buzzes."""
SET = spheres(sphere("glass", 330.0, "A", modes=12, hum_db=-20.0), sphere("bell", 500.0, "B", modes=9))


def ask(state, unit, what):
    """A unit of native code, asked in Python."""
    state.asked = what
    if unit == units.LIFE:
        life_unit(state)
    elif what == units.PREPARE_ROOM:
        prepare_room(state.room, state.sample_rate, state.seed)
    else:
        run_room(state.room, state.bus, state.wet)


def unheard(*_):
    """Nobody listens."""


def play() -> np.ndarray:
    """float32[2, CELLS * 64]."""
    state = new_record(STATE)[0]
    state.sample_rate, state.seed = 48_000.0, 1
    define(state.definitions[0], SET)
    state.definitions[0].parameters[1] = -6.0  # of the room
    write_law(state.law, load_law(DEFAULT_LAW))
    install.prepare(state)
    out = np.zeros((2, CELLS * CELL), np.float32)
    for cell in range(CELLS):
        if cell == 1:
            hands.strike(state, 0, 0.8, 0.6, 0.9)
            hands.strike(state, 1, 0.5, 0.4, 0.5)
        if cell == 4:
            law.inflict(state, 0, HARM)
        if cell == 8:
            hands.rub(state, 0, 0.7, 0.5, 1.0)
            hands.gesture(state, 4, 1, 250.0, 0.0, 0.0)
            hands.gesture(state, 7, 1, 60.0, 3.0, 0.0)
        ask(state, units.LIFE, units.LIVE)
        render.begin_cell(state)
        render.play_span(state, 0, 20)
        render.play_span(state, 20, CELL)
        render.end_cell(state)
        out[:, cell * CELL : (cell + 1) * CELL] = state.mix
        state.frame += CELL
    return out


if __name__ == "__main__":
    assert numba.config.DISABLE_JIT
    for module in (install, render):
        module.ask = ask
    for module in (crackle, law):
        module.push_notice = unheard  # a ring between threads is for compiled code
    np.seterr(all="ignore")
    np.save(sys.argv[1], play())
