"""REAPER projects, read by the package rpp."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.needed import module
from support.songs import LENGTH_S, LOWER_ZONE, MARKERS, STEMS, song

from weaver.takes.export.rpp import quoted, write_rpp


@pytest.fixture
def project(tmp_path: Path) -> object:
    write_rpp(song(), tmp_path / "song.rpp", "stems")
    return module("rpp", "rpp").loads((tmp_path / "song.rpp").read_text(encoding="utf-8"))


def test_tracks_sources_tempo_and_markers_are_found(project: object) -> None:
    tracks = project.findall("TRACK")
    assert [track.find("NAME")[1] for track in tracks] == ["Sonic Weaver", "Violet", "Azure", "Room"]
    files = [track.find(".//SOURCE").find("FILE")[1] for track in tracks[1:]]
    assert files == [f"stems/{stem.file}" for stem in STEMS]
    assert {track.find("ITEM").find("POSITION")[1] for track in tracks} == {"0"}
    assert {float(track.find("ITEM").find("LENGTH")[1]) for track in tracks} == {LENGTH_S}
    points = [tuple(map(float, point[1:])) for point in project.find("TEMPOENVEX").findall("PT")]
    assert points == [(0.0, 120.0, 1.0), (2.0, 90.0, 1.0)]
    markers = project.findall("MARKER")
    assert [float(marker[2]) for marker in markers] == [0.5, 2.5]
    assert [marker[3] for marker in markers] == [marker.text for marker in MARKERS]
    assert int(tracks[1].find("PEAKCOL")[1]) == 0x1FF4B8A, "blue, green, red"


def test_midi_lies_in_the_project_in_ticks(project: object) -> None:
    source = project.findall("TRACK")[0].find(".//SOURCE")
    assert (source.tag, *source.attrib) == ("SOURCE", "MIDI")
    assert source.find("HASDATA")[1:] == ["1", "960", "QN"]
    now, played = 0, []
    for event in source.findall("E"):
        now += int(event[1])
        played.append((now, bytes.fromhex("".join(event[2:5]))))
    assert [data for _, data in played if data[0] in (0xB0, 0xB1)][: len(LOWER_ZONE)] == list(map(bytes, LOWER_ZONE))
    assert (960, bytes((0x91, 60, 90))) in played and (2880, bytes((0x81, 60, 33))) in played
    assert played[-1] == (6720, bytes((0xB0, 0x7B, 0))), "ends where the song does"


def test_words_stand_in_quotes_that_they_have_not() -> None:
    assert quoted("a b") == '"a b"'
    assert quoted('a "b"') == "'a \"b\"'"
    assert quoted("\"a' b") == "`\"a' b`"
    assert quoted("\"a'\n`b") == "`\"a' 'b`"
