"""The reader of MPE that judges what leaves: by the vectors of the specification, and beside our own ear for it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from support.mpe_reader import MpeReader
from support.player import play

LOWER_15, UPPER_7 = "B0 65 00 B0 64 06 B0 06 0F", "BF 65 00 BF 64 06 BF 06 07"


def read(text: str, reader: MpeReader | None = None) -> MpeReader:
    """Messages of three bytes each."""
    data = bytes.fromhex(text)
    return (reader or MpeReader()).read((0, data[at : at + 3]) for at in range(0, len(data), 3))


@pytest.mark.parametrize(
    ("bends", "semitones"), [("E1 00 60", 24.0), ("E1 7F 7F", 47.994), ("E1 00 60 E0 00 60", 25.0), ("E1 00 00", -48.0)]
)
def test_bends(bends: str, semitones: float) -> None:
    assert read(LOWER_15 + bends + "91 3C 40").notes[0].semitones == pytest.approx(60 + semitones, abs=5e-4)


def test_an_upper_zone_shrinks_the_lower_one() -> None:
    reader = read(LOWER_15 + UPPER_7)
    assert (reader.lower, reader.upper) == (7, 7)
    assert [reader.manager(channel) for channel in (0, 1, 7, 8, 14, 15)] == [None, 0, 0, 15, 15, None]


def test_a_note_on_of_velocity_0_is_a_note_off_of_64() -> None:
    note = read(LOWER_15 + "B1 4A 50 91 3C 40 91 3C 00").notes[0]
    assert (note.timbre, note.release) == (0x50, 64)


@pytest.mark.parametrize("seed", range(3))
def test_it_and_the_instrument_hear_the_same_pitches(seed: int) -> None:
    chance, reader, player = random.Random(seed), MpeReader(), play("mpe", "grand")
    player.send_all(LOWER_15)
    read(LOWER_15, reader)
    for _ in range(150):
        channel, zone = chance.randrange(16), chance.choice((0, 15))
        text = chance.choice(
            (
                f"E{channel:X} {chance.randrange(128):02X} {chance.randrange(128):02X}",
                f"E{channel:X} {chance.randrange(128):02X} {chance.randrange(128):02X}",
                f"B{channel:X} 65 00 B{channel:X} 64 00 B{channel:X} 06 {chance.randrange(97):02X}",
                f"B{zone:X} 65 00 B{zone:X} 64 06 B{zone:X} 06 {chance.randrange(16):02X}",
            )
        )
        player.send_all(text)
        read(text, reader)
        midi = player.engine.state.midi
        assert (int(midi.lower[0]), int(midi.upper[0])) == (reader.lower, reader.upper)
        member = chance.choice([c for c in range(16) if reader.manager(c) is not None] or [0])
        if reader.manager(member) is None:
            continue
        s = player.note(60, channel=member)
        assert player.semitones(s) == pytest.approx(reader.semitones(member, 60) - 60, abs=1e-4)
        player.off(60, channel=member)
    assert np.isfinite(player.wait(0.1)).all()
