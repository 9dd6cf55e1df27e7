"""The chart of what is transmitted says what leaves, no more and no less."""

from __future__ import annotations

import pytest
from support.player import read_set
from support.playing import seconds

from weaver.engine.engine import Engine
from weaver.mapping.chart_out import chart_out, rows_out
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import standard_tuning
from weaver.model.midi_out import FORMS, Form, PlayOut

TAKEN = {6, 100, 101}
"""Controls that carry registered parameters."""


def played_out(form: Form, set_name: str) -> list[tuple[int, int, int]]:
    """(status, data 1, data 2) of all that leaves while everything is done that a hand can do."""
    instrument = Engine(read_set(set_name), compile_mode(load_mode("pads"), standard_tuning()), 48_000)
    instrument.outward.play(PlayOut(form))
    found = []

    def go_on(duration_s: float = 0.1) -> None:
        seconds(instrument, duration_s)
        for event in instrument.outward.take_midi():
            status, first, second = (int(byte) for byte in event["data"][:3])
            found.append((status, first, second))

    go_on(0.5)
    instrument.gesture("strike", velocity=0.8)
    go_on()
    for name, values in (
        ("rub", {"pressure": 0.5}), ("bend", {"cents": 90.0}), ("tilt", {"brightness": 3.0}),
        ("place", {"azimuth": 70.0}), ("soothe", {"care": 1.0}), ("damp", {"amount": 0.8}),
    ):  # fmt: skip
        instrument.gesture(name, **values)
        go_on()
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("set_name", ["auditorium", "glasses"])
def test_what_leaves_is_what_is_charted(form: Form, set_name: str) -> None:
    found = played_out(form, set_name)
    charted = rows_out(form, read_set(set_name))
    controls = {first for status, first, _ in found if status & 0xF0 == 0xB0}
    assert controls - TAKEN == {row.cc for row in charted if row.cc is not None}
    kinds = {status & 0xF0 for status, _, _ in found}
    assert kinds == (set() if form == "off" else {0x80, 0x90, 0xB0, 0xD0, 0xE0})
    parameters = {second for status, first, second in found if status & 0xF0 == 0xB0 and first == 100}
    told = {int(row.message.split()[1]) for row in charted if row.message.startswith("RPN") and row.recognised}
    assert parameters == told


@pytest.mark.parametrize("form", [form for form in FORMS if form != "off"])
@pytest.mark.parametrize("set_name", ["auditorium", "glasses"])
def test_channels_are_those_charted(form: Form, set_name: str) -> None:
    notes = {(status & 0x0F) + 1 for status, _, _ in played_out(form, set_name) if status & 0xF0 == 0x90}
    (words,) = (row.remarks for row in rows_out(form, read_set(set_name)) if row.message == "Channels")
    ends = [int(end) for end in words.split(":")[0].split()[-1].split("-")]
    assert {min(notes), max(notes)} == set(ends)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            "mpe-lower",
            ["1 manages members 2-9", "48 semitones on members, 2 on the manager", "CC 102 health 1", "CC 109"],
        ),
        ("mpe-upper", ["16 manages members 15-8", "CC 118 valence"]),
        ("channels", ["1-8: a sphere each", "CC 10 pan", "CC 105 damp", "on channel 16"]),
        ("off", ["--play-out off", "Song position"]),
    ],
)
def test_it_reads_as_a_chart(form: Form, words: list[str]) -> None:
    text = chart_out(form, read_set("auditorium"))
    assert [word for word in words if word not in text] == []
    assert all(ord(letter) < 128 and (letter.isprintable() or letter == "\n") for letter in text)
    assert max(map(len, text.splitlines())) < 140
