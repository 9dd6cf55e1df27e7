"""What a controller's controls do, as the decoder's tables have it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weaver.engine import hand
from weaver.mapping.hand import compile_hand
from weaver.mapping.lay import lay
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile_file import load_profile
from weaver.model import gestures
from weaver.model.parameters import INDEX

BOX = """
format = 1
title = "Box"
evidence = "low"
[[pads]]
name = "grid"
columns = 8
rows = 8
first = 0
channel = 10
velocity = false
pressure = "channel"
loom = "grid"
[[knobs]]
name = "knobs"
columns = 4
first = 20
encoding = "absolute-14"
takeover = "scale"
do = ["lift", "turn", "room_t60_s"]
[[faders]]
name = "faders"
columns = 2
message = "bend"
channel_step = 1
do = ["lift"]
[[buttons]]
name = "buttons"
columns = 5
first = 100
do = ["page-next", "stakes", "hush", "damp"]
"""


def compiled(folder: Path, text: str = BOX, spheres: int = 8) -> np.record:
    path = folder / "box.toml"
    path.write_text(text)
    profile = load_profile(path)
    return compile_hand(lay(profile, load_loom, spheres), profile)


def test_pads(tmp_path: Path) -> None:
    table = compiled(tmp_path)
    assert (table.on, table.falls, table.count) == (1, 0, 64 + 3 + 2 + 4)
    strike, rub, soothe, bind = (table.action[table.note[9, 8 * row + 2]] for row in (0, 3, 4, 5))
    assert (strike.kind, strike.gesture, strike.sphere, strike.pressure) == (hand.STRIKE, gestures.STRIKE, 2, 1)
    assert strike.values == pytest.approx([0.7, -1, 0.95, 0]), "every press is alike"
    assert (rub.kind, rub.gesture) == (hand.RUB, gestures.RUB) and rub.values == pytest.approx([0.5, -1, 0.8, 0])
    assert (soothe.kind, soothe.gesture, soothe.low, soothe.high) == (hand.HOLD, gestures.SOOTHE, 0, 1)
    assert (bind.kind, bind.gesture, bind.pressure) == (hand.TIE, gestures.BIND, 0)
    assert (table.note[0] >= 0).sum() == 4, "on another channel there are only the buttons"
    assert set(table.pressure) == {-1}, "the decoder finds pads by their channel"


def test_knobs_and_faders(tmp_path: Path) -> None:
    table = compiled(tmp_path)
    lift, turn, room = (table.action[table.cc[0, cc]] for cc in (20, 21, 22))
    assert table.cc[0, 52] == -1, "the decoder finds lower halves by itself"
    assert table.cc[0, 23] == -1, "it does nothing"
    assert (lift.kind, lift.gesture, lift.argument, lift.sphere) == (hand.TURN, gestures.LIFT, 0, 0)
    assert (lift.low, lift.high, lift.exponential) == (-24, 6, 0)
    assert (lift.encoding, lift.takeover) == (hand.ABSOLUTE_14, hand.SCALE)
    assert (turn.gesture, turn.argument) == (gestures.PLACE, 0) and turn.values[1] == 2.0
    assert (room.kind, room.parameter, room.exponential) == (hand.PARAMETER_TURN, INDEX["room_t60_s"], 1)
    assert (room.low, room.high) == (pytest.approx(0.2), 20)
    assert [table.action[table.bend[channel]].sphere for channel in (0, 1)] == [0, 1] and table.bend[2] == -1


def test_buttons(tmp_path: Path) -> None:
    table = compiled(tmp_path)
    page, stakes, hush, damp = (table.action[table.note[0, note]] for note in range(100, 104))
    assert page.kind == hand.NOTHING
    assert (stakes.kind, stakes.parameter, stakes.low, stakes.high) == (hand.CYCLE, INDEX["stakes"], 0, 3)
    assert (hush.kind, hush.gesture, hush.sphere) == (hand.FIRE, gestures.HUSH, -1)
    assert (damp.kind, damp.gesture, damp.sphere) == (hand.HOLD, gestures.DAMP, 3)
    assert table.note[0, 104] == -1


def test_pads_beyond_the_set_are_claimed_for_nothing(tmp_path: Path) -> None:
    table = compiled(tmp_path, 'notes = "mode"\n' + BOX, spheres=3)
    assert table.falls == 1
    assert table.action[table.note[9, 3]].kind == hand.NOTHING


def test_a_players_own_entries_come_first_on_all_channels(tmp_path: Path) -> None:
    own = """
[[controls]]
note = 0
gesture = "lift"
[[controls]]
cc = 20
gesture = "rub"
argument = "speed"
sphere = 2
encoding = "sign-magnitude"
[[controls]]
note = 1
parameter = "judge"
[[controls]]
bend = true
parameter = "turn_deg"
low = 90
high = -90
"""
    table = compiled(tmp_path, BOX + own)
    assert set(table.note[:, 0]) == {0} and set(table.cc[:, 20]) == {1} and set(table.bend) == {3}
    lift, speed, judge, turn = (table.action[place] for place in range(4))
    assert (lift.kind, lift.gesture, lift.sphere, lift.low, lift.high) == (hand.HOLD, gestures.LIFT, -1, 0, 6)
    assert (speed.kind, speed.argument, speed.sphere, speed.encoding) == (hand.TURN, 1, 1, hand.SIGN_MAGNITUDE)
    assert speed.values[1] == -1, "the parameter's, until it is turned"
    assert (judge.kind, judge.low, judge.high) == (hand.CYCLE, 0, 2)
    assert (turn.kind, turn.low, turn.high, turn.takeover) == (hand.PARAMETER_TURN, 90, -90, hand.JUMP)
