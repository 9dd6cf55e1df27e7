"""A song as a REAPER project: every stem on a track of its own, and one track of MIDI.

The format is lines of words, nested between `<` and `>`; positions are in seconds, MIDI in ticks of a quarter note.
REAPER keeps no description of it; this writes what version 6 saves, and leaves out all that has a default there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from weaver.takes.export.smf import MIDI_TRACK, TICKS_PER_BEAT, Ticks, placed
from weaver.takes.export.song import BEATS_IN_BAR, Song

STEP = 1
"""Shape of a point of an envelope after which the value stands still."""
ALL_NOTES_OFF = "b0 7b 00"
"""The event that says where a piece of MIDI ends."""
CUSTOM_COLOUR = 1 << 24
"""Beside this bit, a colour is one."""
QUOTES = "\"'`"


def write_rpp(song: Song, path: Path, stems: str) -> None:
    """Write the project; `stems` is the folder of the stems, from where it stands."""
    path.write_text("".join(f"{line}\n" for line in _lines(song, stems)), encoding="utf-8")


def _lines(song: Song, stems: str) -> Iterator[str]:
    first = song.tempo.steps[0].bpm
    yield '<REAPER_PROJECT 0.1 "6.0" 0'
    yield f"  TEMPO {first:.10g} {BEATS_IN_BAR} 4"
    yield f"  SAMPLERATE {round(song.sample_rate)} 0 0"
    for number, marker in enumerate(song.markers, start=1):
        yield f"  MARKER {number} {marker.time_s:.9f} {quoted(marker.text)} 0"
    yield "  <TEMPOENVEX"
    yield "    ACT 1 -1"
    for step in song.tempo.steps:
        yield f"    PT {step.time_s:.9f} {step.bpm:.10f} {STEP}"
    yield "  >"
    yield from _track(MIDI_TRACK, "", song.length_s, _midi(song))
    for stem in song.stems:
        source = ["<SOURCE WAVE", f"  FILE {quoted(f'{stems}/{stem.file}')}", ">"]
        yield from _track(stem.name, stem.colour, song.length_s, source)
    yield ">"


def _track(name: str, colour: str, length_s: float, source: list[str]) -> Iterator[str]:
    """A track with one item, from the beginning to the end."""
    yield "  <TRACK"
    yield f"    NAME {quoted(name)}"
    if colour:
        red, green, blue = bytes.fromhex(colour.lstrip("#"))
        yield f"    PEAKCOL {CUSTOM_COLOUR | blue << 16 | green << 8 | red}"
    yield "    VOLPAN 1 0 -1 -1 1"
    yield "    NCHAN 2"
    yield "    <ITEM"
    yield "      POSITION 0"
    yield f"      LENGTH {length_s:.9f}"
    yield "      LOOP 0"
    yield f"      NAME {quoted(name)}"
    for line in source:
        yield f"      {line}"
    yield "    >"
    yield "  >"


def _midi(song: Song) -> list[str]:
    """All that left, as a source that lies within the project."""
    ticks = Ticks(song.tempo)
    lines, now = ["<SOURCE MIDI", f"  HASDATA 1 {TICKS_PER_BEAT} QN"], 0
    for tick, data in placed(song.messages, ticks):
        lines.append(f"  E {tick - now} {(data + bytes(3))[:3].hex(' ')}")
        now = tick
    return [*lines, f"  E {max(ticks.tick(song.length_s) - now, 0)} {ALL_NOTES_OFF}", ">"]


def quoted(text: str) -> str:
    """A word of the format: between quotes of a kind that it has none of."""
    text = " ".join(text.split())
    quote = next((quote for quote in QUOTES if quote not in text), None)
    return f"`{text.replace('`', QUOTES[1])}`" if quote is None else f"{quote}{text}{quote}"
