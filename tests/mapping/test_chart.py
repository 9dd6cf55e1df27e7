"""The implementation chart says what the decoder does, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.player import Player, play, read_set
from support.tuning import bulk, octave, octave_dump, single, word

from weaver.engine.decoder import NO_SPHERE, NO_USE
from weaver.engine.engine import Engine
from weaver.engine.lanes import LAST_CHANNEL
from weaver.engine.zones import BY_CHANNEL
from weaver.mapping.chart import chart, note_name, rows
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.profile import Profile
from weaver.mapping.tuning import standard_tuning

SELECT_BEND_RANGE = "B0 65 00 B0 64 00"
OWN = """
format = 1
title = "Own"
notes = "keys"
[[controls]]
cc = 31
parameter = "tilt_db"
[[controls]]
cc = 5
parameter = "level_db"
[[controls]]
cc = 33
use = "sustain"
[[controls]]
cc = 119
use = "expression"
"""


def recognised_controls(player: Player) -> set[int]:
    """Those of which the decoder does not say that they have no use, while bend range is selected and much at stake.

    On the first channel, or where a channel is a sphere, on the mood's.
    """
    found = set()
    for cc in range(128):
        for channel in (0, LAST_CHANNEL) if player.engine.state.midi_map.mode == BY_CHANNEL else (0,):
            player.engine.set_parameter("stakes", 3.0)
            player.send_all(SELECT_BEND_RANGE)
            before = int(player.engine.state.midi.ignored[NO_USE])
            player.control(cc, 1, channel=channel)
            if player.engine.state.midi.ignored[NO_USE] == before:
                found.add(cc)
    return found


def charted_controls(mode: Profile) -> dict[int, bool]:
    charted = [(row.cc, row.recognised) for row in rows(mode, read_set("auditorium")) if row.cc is not None]
    assert [cc for cc, _ in charted] == list(range(128))
    return dict(charted)


@pytest.mark.parametrize("name", ["pads", "keys", "mpe", "channels"])
def test_controls_are_recognised_as_charted(name: str) -> None:
    charted = charted_controls(load_mode(name))
    assert recognised_controls(play(name, "auditorium")) == {cc for cc, recognised in charted.items() if recognised}
    assert {1, 7, 10, 11, 64, 74, 91, 120, 121, 123} <= {cc for cc, recognised in charted.items() if recognised}


def test_a_mode_of_ones_own_is_charted_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    mode = load_mode(path)
    player = Player(Engine(read_set("auditorium"), compile_mode(mode, standard_tuning()), 48_000))
    charted = charted_controls(mode)
    assert recognised_controls(player) == {cc for cc, recognised in charted.items() if recognised}
    assert charted[5] and charted[37] and charted[63] and charted[33] and not charted[1] and not charted[7]


@pytest.mark.parametrize("name", ["keys", "mpe"])
def test_on_mpe_members_only_what_is_charted_has_a_use(name: str) -> None:
    player = play(name)
    for cc in (1, 7, 10, 11, 64, 91):
        player.control(cc, 100, channel=4)
    assert player.engine.state.midi.ignored[NO_USE] == (6 if name == "mpe" else 0)
    player.control(74, 100, channel=4)
    assert player.engine.state.midi.ignored[NO_USE] == (6 if name == "mpe" else 0)


@pytest.mark.parametrize("set_name", ["auditorium", "glasses"])
def test_pads_notes_are_those_charted(set_name: str) -> None:
    spheres = read_set(set_name)
    player = play("pads", set_name)
    playable = [note for note in range(128) if player.note(note) >= 0]
    assert player.engine.state.midi.ignored[NO_SPHERE] == 128 - len(playable)
    listed = [row.message.split() for row in rows(load_mode("pads"), spheres) if row.message.startswith("  ")]
    assert [(int(note), name) for note, name in listed] == [(note, note_name(note)) for note in playable]
    text = chart(load_mode("pads"), spheres)
    assert all(sphere.name in text for sphere in spheres.spheres)


@pytest.mark.parametrize("name", ["pads", "keys", "mpe", "channels"])
def test_the_text_holds_every_recognised_line(name: str) -> None:
    mode, spheres = load_mode(name), read_set("auditorium")
    text = chart(mode, spheres)
    for row in rows(mode, spheres):
        assert not row.recognised or (row.message in text and row.remarks in text)
    assert all(ord(letter) < 128 and (letter.isprintable() or letter == "\n") for letter in text)
    assert max(map(len, text.splitlines())) < 180


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pads", ["48-55 (C3-G3)", "2 semitones", "0 is note-off", "Program change"]),
        ("keys", ["0 to 60 cents", "-90 to 90 degrees", "-6 to 6 dB/octave", "0.9 s", "0 to 96 semitones"]),
        ("channels", ["1-8 of each port", "channel 8", "48 semitones", "CC 10 pan", "CC 102 health", "channel 16"]),
        ("mpe", ["CC 109 health 8", "members 48 and managers 2", "1 manages 15", "MPE configuration", "whole zone"]),
    ],
)
def test_it_names_ranges_and_units(name: str, words: list[str]) -> None:
    text = chart(load_mode(name), read_set("auditorium"))
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("name", ["pads", "keys", "mpe", "channels"])
def test_tunings_are_recognised_as_charted(name: str) -> None:
    words, steps = [word(300.0)] * 128, [70] * 12
    messages = {
        *(bulk(words), bulk(words, bank=1), single({60: 300.0}), single({60: 300.0}, bank=1)),
        *(octave(steps), octave([9000] * 12, wide=True), octave_dump(steps), octave_dump([9000] * 12, wide=True)),
        *(bytes((0xF0, 0x7E, 0, 8, 0, 5, 0xF7)), bytes((0xF0, 0x7E, 0, 8, 3, 1, 5, 0xF7))),
    }
    found = {}
    for message in messages:
        player = play(name)
        player.engine.midi(message)
        player.engine.render(64)
        found[f"{message[4]:02d}"] = abs(player.engine.state.midi_map.note_hz[60] - 261.6256) > 0.1
    charted = {
        form.strip(","): row.recognised
        for row in rows(load_mode(name), read_set("auditorium"))
        if row.section.startswith("Tuning")
        for form in row.message.split()[:2]
    }
    assert found == charted
    assert len(charted) == 10


def test_note_names() -> None:
    assert [note_name(note) for note in (0, 21, 60, 61, 127)] == ["C-1", "A0", "C4", "C#4", "G9"]
