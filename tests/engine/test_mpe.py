"""MPE (M1-100-UM v1.1): zones, ranges, what belongs to a note and what to its zone."""

from __future__ import annotations

import pytest
from support.player import Player, play

LOWER_15 = "B0 65 00 B0 64 06 B0 06 0F"
LOWER_7 = "B0 65 00 B0 64 06 B0 06 07"
LOWER_OFF = "B0 65 00 B0 64 06 B0 06 00"
UPPER_7 = "BF 65 00 BF 64 06 BF 06 07"
UPPER_15 = "BF 65 00 BF 64 06 BF 06 0F"


def zones(player: Player, port: int = 0) -> tuple[int, int]:
    midi = player.engine.state.midi
    return int(midi.lower[port]), int(midi.upper[port])


def bend_of(player: Player, channel: int, manager_channel: int | None = None) -> float:
    """Semitones of a new note on `channel` when the wheels of both are half up."""
    for wheel in {channel, channel if manager_channel is None else manager_channel}:
        player.send(0xE0 | wheel, 0x00, 0x60)
    return player.semitones(player.note(60, channel=channel))


def test_it_starts_with_a_lower_zone_of_fifteen() -> None:
    player = play("mpe")
    assert zones(player) == zones(player, port=15) == (15, 0)
    assert bend_of(player, 1) == 24.0


@pytest.mark.parametrize(("data", "semitones"), [((0x00, 0x60), 24.0), ((0x7F, 0x7F), 47.994), ((0, 0), -48.0)])
def test_member_bend(data: tuple[int, int], semitones: float) -> None:
    player = play("mpe")
    player.send_all(LOWER_15)
    s = player.note(60, channel=1)
    player.send(0xE1, *data)
    assert player.semitones(s) == pytest.approx(semitones, abs=5e-4)


def test_the_managers_bend_is_added() -> None:
    player = play("mpe")
    player.send_all(LOWER_15)
    first, second = player.note(60, channel=1), player.note(67, channel=9)
    player.send(0xE1, 0x00, 0x60)
    player.send(0xE0, 0x00, 0x60)
    assert player.semitones(first) == 25.0
    assert player.semitones(second) == 1.0


def test_an_upper_zone_shrinks_the_lower_one() -> None:
    player = play("mpe")
    player.send_all(LOWER_15)
    player.send_all(UPPER_7)
    assert zones(player) == (7, 7)
    assert bend_of(player, 7, 0) == 25.0, "channel 8, the lower zone's last"
    assert bend_of(player, 8, 15) == 25.0, "channel 9, the upper zone's last"
    assert bend_of(player, 14) == 25.0, "channel 15, the upper zone's first"


@pytest.mark.parametrize(
    ("messages", "lower_and_upper"),
    [
        (UPPER_15, (0, 15)),
        (UPPER_15 + LOWER_7, (7, 7)),
        (UPPER_15 + LOWER_OFF, (0, 15)),
        (LOWER_OFF, (0, 0)),
        (LOWER_7 + UPPER_7 + LOWER_15, (15, 0)),
        ("B0 65 00 B0 64 06 B0 06 7F", (15, 0)),
        ("B3 65 00 B3 64 06 B3 06 05", (15, 0)),
    ],
)
def test_zones_give_way(messages: str, lower_and_upper: tuple[int, int]) -> None:
    player = play("mpe")
    player.send_all(messages)
    assert zones(player) == lower_and_upper


def test_without_a_lower_zone_channel_1_may_be_an_upper_member() -> None:
    player = play("mpe")
    player.send_all(UPPER_15)
    assert bend_of(player, 0, 15) == 25.0


def test_zones_are_each_ports_own() -> None:
    player = play("mpe")
    player.send_all(LOWER_7, port=2)
    assert zones(player, 2) == (7, 0)
    assert zones(player, 1) == (15, 0)


def test_a_configuration_stops_notes_and_resets_what_enters_or_leaves() -> None:
    player = play("mpe")
    s = player.note(60, channel=12)
    player.send(0xEC, 0x00, 0x60)
    player.send_all("BC 65 00 BC 64 00 BC 06 0C")
    bent = player.semitones(s)
    player.send_all(UPPER_7)
    assert player.held == []
    assert player.semitones(s) == bent, "what dies away is not moved"
    assert player.semitones(player.note(62, channel=12)) == 0.0
    assert bend_of(player, 12) == 24.0


def test_a_configuration_leaves_the_other_zones_range() -> None:
    player = play("mpe")
    player.send_all(LOWER_7)
    player.send_all("B1 65 00 B1 64 00 B1 06 18")
    player.send_all(UPPER_7)
    assert bend_of(player, 1) == 12.0
    assert bend_of(player, 14) == 24.0


@pytest.mark.parametrize("member", [1, 5, 15])
def test_rpn_0_on_any_member_is_for_the_whole_zone(member: int) -> None:
    player = play("mpe")
    status = f"{0xB0 | member:02X}"
    player.send_all(f"{status} 65 00 {status} 64 00 {status} 06 0C")
    assert bend_of(player, 3) == 6.0
    assert bend_of(player, 4, 0) == 7.0, "the manager keeps its own"


def test_rpn_0_on_the_manager_is_its_own() -> None:
    player = play("mpe")
    player.send_all("B0 65 00 B0 64 00 B0 06 0C")
    assert bend_of(player, 4, 0) == 30.0


def test_sustain_on_the_manager_is_for_the_zone() -> None:
    player = play("mpe")
    s = player.note(60, channel=3)
    player.control(64, 127)
    player.off(60, channel=3)
    assert player.held == [s]
    player.control(64, 0)
    assert player.held == []


def test_sustain_on_a_member_is_ignored() -> None:
    player = play("mpe")
    player.control(64, 127, channel=3)
    player.note(60, channel=3)
    player.off(60, channel=3)
    assert player.held == []
    assert player.ignored == {"control without use": 1}


def test_a_sustained_note_does_not_follow_its_channels_next_note() -> None:
    player = play("mpe")
    player.send_all(UPPER_7)
    player.control(64, 127)
    sustained = player.note(60, channel=3)
    player.send(0xE3, 0x00, 0x60)
    player.off(60, channel=3)
    player.send(0xE3, 0x00, 0x40)
    player.send(0xD3, 127)
    player.control(74, 127, channel=3)
    follower = player.note(67, channel=3)
    assert player.semitones(sustained) == 24.0
    assert player.engine.state.touch.key_pressure[sustained] == 0.0
    assert player.semitones(follower) == 0.0
    player.send(0xE0, 0x00, 0x60)
    assert player.semitones(sustained) == 25.0, "but it follows its manager"
    assert player.semitones(follower) == 1.0
    player.send(0xEF, 0x00, 0x60)
    assert player.semitones(sustained) == 25.0, "and not the other zone's"


def test_a_released_note_does_not_follow() -> None:
    player = play("mpe")
    s = player.note(60, channel=3)
    player.off(60, channel=3)
    player.send(0xE3, 0x00, 0x60)
    player.send(0xE0, 0x00, 0x60)
    player.control(74, 0, channel=3)
    assert player.semitones(s) == 0.0
    assert player.engine.state.sphere.timbre[s] == 0.0


def test_what_is_said_before_the_note_counts_for_it() -> None:
    player = play("mpe")
    player.send(0xE5, 0x00, 0x50)
    player.send(0xD5, 64)
    player.control(74, 127, channel=5)
    s = player.note(60, channel=5)
    assert player.semitones(s) == 12.0
    assert player.engine.state.touch.key_pressure[s] == pytest.approx(64 / 127)
    assert player.engine.state.sphere.timbre[s] == 6.0


def test_pressure_is_the_firmer_of_members_and_managers_timbre_their_sum() -> None:
    player = play("mpe")
    s, manual = player.note(60, channel=5), player.note(72, channel=0)
    player.send(0xD5, 30)
    player.send(0xD0, 90)
    player.control(74, 127, channel=5)
    player.control(74, 32)
    assert player.engine.state.touch.key_pressure[s] == pytest.approx(90 / 127)
    assert player.engine.state.touch.key_pressure[manual] == pytest.approx(90 / 127)
    assert player.engine.state.sphere.timbre[s] == pytest.approx(3.0)
    player.send(0xA0, 72, 127)
    assert player.engine.state.touch.key_pressure[manual] == 1.0


def test_level_and_mode_messages_of_the_manager_are_for_the_zone() -> None:
    player = play("mpe")
    player.send_all(UPPER_7)
    ours, other = player.note(60, channel=2), player.note(72, channel=12)
    player.control(7, 64)
    assert player.engine.state.sphere.swell[ours] < -10
    assert player.engine.state.sphere.swell[other] == 0.0
    player.send(0xE2, 0x00, 0x60)
    player.control(121, 0)
    assert player.semitones(ours) == 0.0
    player.control(123, 0)
    assert player.held == [other]


def test_one_channel_may_hold_two_notes() -> None:
    player = play("mpe")
    first, second = player.note(60, channel=2), player.note(67, channel=2)
    player.send(0xE2, 0x00, 0x60)
    assert player.semitones(first) == player.semitones(second) == 24.0
    player.off(60, channel=2)
    assert player.held == [second]


@pytest.mark.parametrize("mode", ["pads", "keys"])
def test_zones_are_for_mpe_only(mode: str) -> None:
    player = play(mode)
    player.send_all(LOWER_7)
    assert zones(player) == (0, 0)
    assert player.ignored == {"control without use": 1}
