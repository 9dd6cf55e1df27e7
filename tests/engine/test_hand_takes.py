"""What a controller did is in the log as what it became: it sounds again without it. And what a restart leaves."""

from __future__ import annotations

import numpy as np
from support.handy import PORT, Hand, Map
from support.playing import level_db

from weaver.engine.engine import Engine
from weaver.engine.hand import FIRE, HOLD, PARAMETER_TURN, PICKUP, STRIKE, TIE, TURN, TWOS_COMPLEMENT
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import standard_tuning
from weaver.model.gestures import HAND, MIDI, PANIC
from weaver.model.spheres import load_set

PAD = {"values": (-1.0, -1.0, 0.8, 0.0), "pressure": 1}


def test_maps_outlive_a_restart_and_what_is_held_does_not() -> None:
    hand = Hand()
    made = Map()
    made.note(36, HOLD, 1, gesture="damp", low=0.0, high=1.0)
    hand.give(made)
    hand.send(0x90, 36, 90)
    hand.engine.restart(96_000.0)
    hand.engine.render(64)
    assert hand.held == []
    assert hand.send(0x90, 36, 90)[-1] == ("damp", 1, (1.0,))


def test_a_take_sounds_again_without_controller_and_map() -> None:
    """Also where messages fall through to the mode, the controller goes, its page changes, and all panic."""
    table = compile_mode(load_mode("keys"), standard_tuning())
    first, second = (Engine(load_set("auditorium"), table, 48_000.0, 3) for _ in range(2))
    first.keep_log()
    made = Map(falls=True)
    for pad in range(8):
        made.note(36 + pad, STRIKE, pad, **PAD)
        made.cc(40 + pad, HOLD, pad, gesture="damp", low=0.0, high=1.0)
        made.note(100 + pad, TIE, pad)
        made.cc(50 + pad, TURN, pad, gesture="place", low=-90.0, high=90.0, values=(0, 2, 0, 0), takeover=PICKUP)
    made.cc(60, PARAMETER_TURN, parameter="tilt_db", low=-6.0, high=6.0, encoding=TWOS_COMPLEMENT)
    made.note(99, FIRE, gesture="panic")
    chance = np.random.default_rng(1)
    heard = []
    for step in range(150):
        if step in (0, 70):
            assert first.give_hand(PORT, made.table)
        for _ in range(4):
            status = int(chance.choice((0x90, 0x90, 0x80, 0xA0, 0xB0, 0xD0)))
            number = int(chance.choice((36, 38, 40, 41, 50, 51, 60, 64, 100, 101)))
            first.midi((status, number, int(chance.integers(128)))[: 2 if status == 0xD0 else 3], PORT)
        if step == 100:
            first.midi((0x90, 99, 1), PORT)
        if step == 120:
            first.let_go(PORT)
        heard.append(first.render(311))
    (stretch,) = first.log()
    kinds = set(stretch.commands["kind"].tolist())
    assert {MIDI, PANIC} < kinds and len(kinds) >= 9 and HAND not in kinds
    for command in stretch.commands:
        second.repeat(*(command[name].item() for name in ("frame", "kind", "sphere", "source")), command["values"])
    np.testing.assert_array_equal(second.render(150 * 311), np.concatenate(heard))
    assert level_db(np.concatenate(heard)) > -40
