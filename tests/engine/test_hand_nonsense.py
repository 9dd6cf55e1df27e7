"""Whatever a controller sends, and whatever its map says: the sound goes on, and nothing is out of bounds."""

from __future__ import annotations

import numpy as np
import pytest
from support.handy import PORT, Hand, Map
from support.player import CEILING

from weaver.dsp.sizes import ACTIONS, LOGGED, PENDING, PORTS, RESERVED
from weaver.engine.engine import Engine
from weaver.engine.hand import HOLD, RUB, STRIKE
from weaver.engine.layout import ACTION, HAND_MAP
from weaver.engine.maps import empty_hand_map, empty_midi_map
from weaver.model.gestures import BY_CODE, MIDI, PARAMETER
from weaver.model.spheres import load_set

EVENTS = 100_000
BATCH = PENDING - RESERVED - 100


def wild_map(chance: np.random.Generator) -> np.record:
    """Half of it makes sense, half of it is bytes."""
    table = empty_hand_map()
    table.on, table.falls, table.count = 1, chance.integers(2), chance.choice((ACTIONS, 100, -5, 2**31 - 1))
    for name in ("note", "cc", "bend", "pressure"):
        shape = table[name].shape
        table[name] = np.where(
            chance.random(shape) < 0.9, chance.integers(0, ACTIONS, shape), chance.integers(-(2**15), 2**15, shape)
        )
    actions = table["action"]
    fields = {"kind": 10, "gesture": 17, "argument": 5, "parameter": 22, "encoding": 6, "takeover": 4, "pressure": 2}
    for name, most in fields.items():
        actions[name] = chance.integers(0, most, ACTIONS)
    actions["sphere"] = chance.integers(-1, 8, ACTIONS)
    actions["exponential"] = chance.integers(0, 2, ACTIONS)
    actions["low"], actions["high"] = chance.uniform(-2, 2, (2, ACTIONS))
    actions["values"] = chance.uniform(-1, 2, (ACTIONS, 4))
    wild = chance.random(ACTIONS) < 0.3
    raw = chance.integers(0, 256, (ACTIONS, ACTION.itemsize), np.uint8).view(ACTION)[:, 0]
    actions[wild] = raw[wild]
    return table


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_by_random_maps_stay_finite_and_below_the_ceiling(seed: int) -> None:
    chance = np.random.default_rng(seed)
    instrument = Engine(load_set("auditorium"), empty_midi_map(), 48_000.0)
    instrument.keep_log()
    state = instrument.state
    hands = state["hand"].dtype.names
    for _ in range(EVENTS // 3 // BATCH + 1):
        instrument.give_hand(PORT, wild_map(chance))
        for data in chance.integers(-3, 131, (BATCH, 3)):
            status = int(chance.choice((0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0))) + int(chance.choice((0, 1, 15)))
            instrument.midi((status, *map(int, data[1:])), PORT)
        sound = instrument.render(int(chance.choice((1, 17, 64, 300))))
        assert np.isfinite(sound).all() and np.abs(sound).max() <= CEILING + 1e-6
        instrument.notices()
        for stretch in instrument.log():
            assert set(stretch.commands["kind"].tolist()) <= {*BY_CODE, PARAMETER, MIDI}
            assert np.isfinite(stretch.commands["values"]).all()
        assert (state.midi.hand_held >= 0).all()
    assert hands and state.midi.events > EVENTS // 4
    others = [port for port in range(PORTS) if port != PORT]
    assert not state["hand"]["down"][others].any() and not state["hand"]["taken"][others].any()
    assert state.counters.nan_spheres == 0
    assert state.hand[PORT].taken > 1000
    assert np.isfinite(instrument.hand_view(PORT).aim).all()
    instrument.panic()
    assert np.isfinite(instrument.render(4800)).all()
    assert not state.midi.hand_held.any() and not state["hand"]["down"].any()


def test_a_map_of_zeros_is_that_of_no_controller() -> None:
    hand = Hand()
    assert hand.engine.give_hand(PORT, np.zeros(1, HAND_MAP).view(np.recarray)[0])
    assert hand.send(0x90, 61, 90)[0][0] == "midi"


def test_a_flood_is_taken_and_all_that_is_held_is_let_go() -> None:
    """Every pad there is held at once, all squeezed by one message, and all let go by one."""
    hand = Hand()
    made = Map()
    for note in range(128):
        made.note(note, STRIKE, note % 4, values=(-1, -1, 0.8, 0), pressure=1)
        made.note(note, HOLD if note % 2 else RUB, note % 4, 1, gesture="damp", values=(0.5, 0.5, 1, 0))
    assert made.table.count == ACTIONS
    hand.give(made)
    for channel in (0, 1):
        for note in range(128):
            hand.engine.midi((0x90 + channel, note, 1), PORT)
    hand.engine.render(64)
    hand.done()
    assert len(hand.send(0xD0, 100)) == 4
    for n in range(LOGGED // 8):
        hand.engine.midi((0xD0, 1 + n % 127), PORT)
        if n % 256 == 255:
            hand.engine.render(64)
    assert hand.engine.state.counters.lost_log == hand.engine.state.counters.dropped_commands == 0
    hand.done()
    hand.engine.let_go(PORT)
    hand.engine.render(64)
    freed = [(name, s) for name, s, _ in hand.done()[1:]]
    assert sorted(freed) == [("damp", 1), ("damp", 3), *(("rub", s) for s in range(4))]
    assert hand.held == []
