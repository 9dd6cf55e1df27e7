"""Tunings by SysEx: what the standard's messages say, and all that is not one of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray
from support.player import Player, play
from support.playing import cents
from support.tuning import bulk, octave, octave_dump, single, word

from weaver.model.gestures import RETUNE
from weaver.model.units import note_to_hz

NEAR_CENTS = 0.01
"""A frequency's word has steps of 0.0061 cents."""
WRONG_LENGTH, CUT_SHORT, BAD_DATA = "tuning of a wrong length", "cut short", "data out of range"
NO_ROOM = "more tunings than there is room for"


def tell(player: Player, data: bytes) -> None:
    player.engine.midi(data)
    player.engine.render(64)


def table(player: Player) -> NDArray[np.float64]:
    return np.array(player.engine.state.midi_map.note_hz)


STANDARD = np.array([note_to_hz(note) for note in range(128)])


@pytest.mark.parametrize(
    ("words", "hz"),
    [
        ("00 00 00", 8.1758),
        ("3C 00 00", 261.6256),
        ("45 00 00", 440.0),
        ("45 00 01", 440.0016),
        ("44 7F 7F", 439.9984),
        ("45 0A 06", 441.9994),
        ("44 57 2B", 431.9995),
    ],
)
def test_a_frequency_is_a_key_and_a_fraction(words: str, hz: float) -> None:
    player = play("keys")
    tell(player, single({60: bytes.fromhex(words)}))
    assert table(player)[60] == pytest.approx(hz, abs=1e-4)


@pytest.mark.parametrize("real_time", [True, False])
@pytest.mark.parametrize("bank", [None, 3])
def test_some_notes(real_time: bool, bank: int | None) -> None:
    player, wanted = play("keys"), {0: 9.0, 61: 275.0, 127: 13_000.0}
    tell(player, single({**wanted, 5: b"\x7f\x7f\x7f"}, real_time, bank))
    for note in range(128):
        assert abs(cents(table(player)[note], wanted.get(note, STANDARD[note]))) < NEAR_CENTS
    assert not player.ignored


@pytest.mark.parametrize("bank", [None, 3])
@pytest.mark.parametrize("checksum", [None, 0, 0x55])
def test_all_notes_whatever_the_checksum(bank: int | None, checksum: int | None) -> None:
    player = play("mpe")
    words = [word(hz * 1.01) for hz in STANDARD]
    words[0], words[60] = bytes(3), b"\x7f\x7f\x7f"
    message = bulk(words, bank, checksum)
    assert len(message) == (408 if bank is None else 409)
    tell(player, message)
    wanted = STANDARD * 1.01
    wanted[[0, 60]] = STANDARD[[0, 60]]
    assert np.abs(1200 * np.log2(table(player) / wanted)).max() < NEAR_CENTS


@pytest.mark.parametrize("real_time", [True, False])
@pytest.mark.parametrize("wide", [False, True])
def test_the_twelve_of_every_octave(real_time: bool, wide: bool) -> None:
    player = play("keys")
    away = [0, 5, -14, 63, -64, 2, -50, 1, 33, -16, 12, -12]
    steps = [8192 + round(a * 81.92) for a in away] if wide else [64 + a for a in away]
    for message in (octave(steps, wide, real_time), octave_dump(steps, wide)):
        tell(player, octave([8192] * 12, wide=True))
        np.testing.assert_allclose(table(player), STANDARD, rtol=1e-7)
        tell(player, message)
        found = 1200 * np.log2(table(player) / STANDARD)
        np.testing.assert_allclose(found, [away[note % 12] for note in range(128)], atol=NEAR_CENTS)
    assert not player.ignored


def test_any_channel_of_a_mask_means_the_one_tuning_and_none_means_none() -> None:
    for mask, moves in (
        ((1, 0, 0), True),
        ((0, 64, 0), True),
        ((0, 0, 1), True),
        ((0, 0, 0), False),
        ((124, 0, 0), False),
    ):
        player = play("keys")
        tell(player, octave([70] * 12, mask=mask))
        assert (table(player)[60] != STANDARD[60]) == moves


def test_exclusives_of_others_pass_without_a_word() -> None:
    player = play("keys")
    for text in (
        "F0 7E 7F 06 01 F7",
        "F0 00 20 29 02 F7",
        "F0 F7",
        "F0",
        "F0 7E 7F 08 00 05 F7",
        "F0 7E 7F 08 03 01 05 F7",
    ):
        tell(player, bytes.fromhex(text))
    tell(player, bytes.fromhex("F0 7F 7F 08 0A 00 F7"))
    assert not player.ignored
    np.testing.assert_array_equal(table(player), STANDARD)


FIFTHS = bulk([word(hz * 1.01) for hz in STANDARD])


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (single({60: 300.0})[:-2], CUT_SHORT),
        (FIFTHS[:200], CUT_SHORT),
        (bytes.fromhex("F0 7F 7F 08 02 00"), CUT_SHORT),
        (single({60: 300.0})[:-2] + b"\xf7", WRONG_LENGTH),
        (single({60: 300.0})[:-1] + b"\x00\xf7", WRONG_LENGTH),
        (FIFTHS[:-2] + b"\xf7", WRONG_LENGTH),
        (FIFTHS[:-1] + b"\x00", WRONG_LENGTH),
        (FIFTHS[:-2] + bytes(32_000) + b"\xf7", WRONG_LENGTH),
        (octave([64] * 11), WRONG_LENGTH),
        (octave([64] * 13), WRONG_LENGTH),
        (single({60: b"\x3c\x80\x00"}), BAD_DATA),
        (single({60: b"\x3c\x00\xf0"}), BAD_DATA),
        (FIFTHS[:100] + FIFTHS, WRONG_LENGTH),
        (FIFTHS[:100] + single({60: 300.0}), WRONG_LENGTH),
    ],
)
def test_what_is_not_whole_changes_nothing_and_is_counted(message: bytes, reason: str) -> None:
    player = play("keys")
    tell(player, message)
    assert player.ignored == {reason: 1}
    np.testing.assert_array_equal(table(player), STANDARD)


def test_a_flood_is_bounded_and_leaves_room_for_notes() -> None:
    player = play("keys")
    for turn in range(50):
        player.engine.midi(bulk([word(hz * (1 + turn / 1000)) for hz in STANDARD]))
    assert player.note(60) >= 0
    assert player.ignored[NO_ROOM] == 46
    assert abs(cents(table(player)[60], STANDARD[60] * 1.003)) < NEAR_CENTS, "those that there was room for"
    tell(player, FIFTHS)
    assert abs(cents(table(player)[60], STANDARD[60] * 1.01)) < NEAR_CENTS


def test_only_notes_that_change_are_logged() -> None:
    player = play("keys")
    player.engine.keep_log()
    for _ in range(3):
        tell(player, single({60: 262.0, 61: 280.0}))
    tell(player, b"\xf0\x7f\x7f\x08\x02\x00\x05\xf7")
    (stretch,) = player.engine.log()
    assert [int(kind) for kind in stretch.commands["kind"]] == [RETUNE, RETUNE]


def test_garbage_never_stops_the_sound() -> None:
    player, chance = play("mpe"), random.Random(8)
    whole = [FIFTHS, single({60: 300.0, 61: 310.0}), octave([70] * 12), octave([9000] * 12, wide=True)]
    for turn in range(2_000):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(4)):
            data[chance.randrange(1, len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(1, len(data)) :]
        player.engine.midi(bytes(data))
        if turn % 5 == 0:
            player.engine.midi((0x90, chance.randrange(128), 100))
            assert np.isfinite(player.engine.render(64)).all()
    assert (table(player) > 8.0).all() and (table(player) < 14_000.0).all()
    assert {CUT_SHORT, WRONG_LENGTH, BAD_DATA} <= set(player.ignored)
