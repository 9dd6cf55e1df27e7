"""Which control a hand moved, by what it sent."""

from __future__ import annotations

import itertools

import pytest

from weaver.mapping.ear import LONG_S, QUIET_S, Ear, Moved, encoding_of

STEP_S = 0.01


def heard(*messages: tuple[int, ...], slot: int = 3) -> Moved | None:
    """What an ear makes of messages a hundredth of a second apart."""
    ear = Ear()
    for place, message in enumerate(messages):
        ear.hear(slot, bytes(message), place * STEP_S)
        assert ear.moved(place * STEP_S) is None  # the hand still moves
    return ear.moved(len(messages) * STEP_S + QUIET_S)


def test_a_pad_is_a_note_and_its_pressure_and_release_say_nothing() -> None:
    assert heard((0x99, 40, 100), (0xA9, 40, 60), (0xA9, 40, 90), (0xD9, 33), (0x89, 40, 0)) == Moved(
        3, "note", 9, 40, "absolute"
    )
    assert heard((0x90, 40, 0)) is None


def test_a_knob_is_a_control_change_that_says_where_it_stands() -> None:
    assert heard(*((0xB2, 21, value) for value in (60, 61, 63, 66, 70))) == Moved(3, "cc", 2, 21, "absolute")


def test_what_moves_comes_before_what_is_pressed() -> None:
    """A fader that feels the finger says so first."""
    assert heard((0x90, 0x68, 127), (0xE0, 0, 60), (0xE0, 9, 61), (0x90, 0x68, 0)) == Moved(
        3, "bend", 0, 0, "absolute-14"
    )
    assert heard((0x90, 5, 127), (0xB0, 71, 1), (0xB0, 71, 1), (0xB0, 71, 2)) == Moved(
        3, "cc", 0, 71, "twos-complement"
    )


def test_two_halves_are_one_knob() -> None:
    pairs = itertools.chain.from_iterable(((0xB0, 7, value), (0xB0, 39, 11 * value % 128)) for value in range(40, 60))
    assert heard(*pairs) == Moved(3, "cc", 0, 7, "absolute-14")


def test_a_button_that_sends_one_control_change_is_heard() -> None:
    assert heard((0xB0, 59, 127)) == Moved(3, "cc", 0, 59, "absolute")


def test_a_hand_that_never_rests_is_heard_all_the_same() -> None:
    ear = Ear()
    for place in range(200):
        ear.hear(0, bytes((0xB0, 1, place % 128)), place * STEP_S)
        if (moved := ear.moved(place * STEP_S)) is not None:
            assert place * STEP_S >= LONG_S
            assert (moved.number, moved.encoding) == (1, "absolute")
            return
    raise AssertionError("never")


def test_what_names_no_control_is_passed_over() -> None:
    exclusive = bytes.fromhex("F07E7F0601F7")
    ear = Ear()
    for data in (exclusive, b"\xf8", b"", b"\xc0\x05", b"\xb0\x7b\x00", b"\x90"):
        ear.hear(0, data, 0.0)
    assert ear.moved(10.0) is None


@pytest.mark.parametrize(
    ("values", "encoding"),
    [
        ((1, 1, 1, 2, 1, 127, 127, 126, 127), "twos-complement"),
        ((1, 1, 1, 1), "twos-complement"),
        ((127, 127, 127, 125, 125), "twos-complement"),
        ((65, 65, 65, 66, 63, 63, 62), "binary-offset"),
        ((65, 65, 65), "binary-offset"),
        ((63, 63, 63, 63), "binary-offset"),
        ((1, 1, 1, 65, 65, 66, 66, 66), "sign-magnitude"),
        ((0, 3, 9, 20), "absolute"),
        ((127, 126, 124, 120), "absolute"),
        ((40, 40, 40, 40), "absolute"),  # an encoder does not go that fast
        ((1, 1), "absolute"),  # too little to tell
    ],
)
def test_how_a_control_tells(values: tuple[int, ...], encoding: str) -> None:
    assert encoding_of(values) == encoding
