"""DAWprojects: against the published schemas, and as a strict reader, the standard library's and lxml's see them.

Every project that is written here goes by the strict reader.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.dawproject_reader import read_dawproject
from support.needed import module
from support.songs import MARKERS, PLAYED, STEMS, song

from weaver.model.midi_out import FORMS
from weaver.takes.export.dawproject import write_dawproject
from weaver.takes.export.song import Marker

SCHEMAS = "DAWPROJECT_SCHEMAS"
"""A folder with Project.xsd and MetaData.xsd from github.com/bitwig/dawproject, MIT."""
MANY = [*PLAYED, *((3.0 + 0.01 * place, (0x91, 30 + place, 90)) for place in range(20))]
PLAYED_SO = ([], PLAYED, MANY)
REFERENCES = ("track", "destination", "parameter", "reference")


def written(folder: Path, **changes: object) -> zipfile.ZipFile:
    stems = folder / "stems"
    stems.mkdir()
    for number, stem in enumerate(STEMS):
        soundfile.write(stems / stem.file, np.full((480, 2), 0.1 * number, np.float32), 48_000, subtype="FLOAT")
    write_dawproject(song(**changes), folder / "song.dawproject", stems)
    read_dawproject(folder / "song.dawproject")
    return zipfile.ZipFile(folder / "song.dawproject")


def read(file: zipfile.ZipFile, name: str = "project.xml") -> object:
    return module("lxml.etree", "lxml").fromstring(file.read(name))


def test_the_published_schemas_find_nothing(tmp_path: Path) -> None:
    if SCHEMAS not in os.environ:
        pytest.skip(f"set {SCHEMAS} to a folder with Project.xsd and MetaData.xsd (github.com/bitwig/dawproject)")
    etree, folder = module("lxml.etree", "lxml"), Path(os.environ[SCHEMAS])
    for number, played in enumerate(PLAYED_SO):
        place = tmp_path / str(number)
        place.mkdir()
        with written(place, played=played) as file:
            for name, schema in (("project.xml", "Project.xsd"), ("metadata.xml", "MetaData.xsd")):
                etree.XMLSchema(etree.parse(folder / schema)).assertValid(read(file, name))


@pytest.mark.parametrize("form", FORMS[1:])
@pytest.mark.parametrize("played", PLAYED_SO, ids=("nothing", "a little", "much"))
def test_a_strict_reader_takes_it_in_every_form(tmp_path: Path, form: str, played: object) -> None:
    with written(tmp_path, form=form, played=played) as file:
        assert len(list(read(file).iter("Note"))) == len([1 for _, data in played if data[0] & 0xF0 == 0x90])


def test_what_xml_has_no_place_for_is_left_out(tmp_path: Path) -> None:
    told = replace(song(), title="a\x0bb", markers=(Marker(1.0, "c\x00d\ud800"),), stems=())
    write_dawproject(told, tmp_path / "song.dawproject", tmp_path)
    root = read_dawproject(tmp_path / "song.dawproject")
    assert [marker.get("name") for marker in root.iter("Marker")] == ["c d "]


def test_ids_are_unique_and_whatever_is_referred_to_is_there(tmp_path: Path) -> None:
    with written(tmp_path) as file:
        root = read(file)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) and all(name[0].isalpha() for name in ids)
    for element in root.iter():
        for attribute in REFERENCES:
            assert element.get(attribute) is None or element.get(attribute) in ids
    tracks = {track.get("id") for track in root.iter("Track")}
    assert {lanes.get("track") for lanes in root.find("Arrangement/Lanes")} == tracks - {"master"}


def test_notes_lie_in_the_clip_with_their_curves(tmp_path: Path) -> None:
    with written(tmp_path) as file:
        notes = read(file).findall("Arrangement/Lanes/Lanes/Clips/Clip/Notes/Note")
    first, second = notes
    said = {name: float(first.get(name)) for name in ("time", "duration", "channel", "key", "vel", "rel")}
    assert said == pytest.approx({"time": 1, "duration": 2, "channel": 1, "key": 60, "vel": 90 / 127, "rel": 33 / 127})
    curves = {
        points.find("Target").get("expression"): [
            (float(point.get("time")), float(point.get("value"))) for point in points.findall("RealPoint")
        ]
        for points in first.findall("Lanes/Points")
    }
    assert curves["transpose"] == [(0.0, pytest.approx(24.0))]
    assert curves["pressure"] == [(0.0, 0.0), (0.5, 1.0)], "beats from the note's start"
    assert curves["timbre"] == [(0.0, pytest.approx(100 / 127))]
    assert second.find("Lanes") is None
    assert float(second.get("time")) == pytest.approx(4.75) and float(second.get("duration")) == pytest.approx(2.25)


def test_lanes_tempo_and_markers_are_in_beats(tmp_path: Path) -> None:
    with written(tmp_path) as file:
        root = read(file)
    lanes = {points.get("name"): points for points in root.findall("Arrangement/Lanes/Lanes/Points")}
    target = lanes["Azure health"].find("Target")
    assert (target.get("expression"), target.get("channel"), target.get("controller")) == (
        "channelController",
        "0",
        "103",
    )
    assert [float(point.get("time")) for point in lanes["Azure health"].iter("RealPoint")] == [0.8, 2.0]
    assert [float(point.get("value")) for point in lanes["valence"].iter("RealPoint")] == [1.0]
    tempo = root.findall("Arrangement/TempoAutomation/RealPoint")
    assert [(float(point.get("time")), float(point.get("value"))) for point in tempo] == [(0.0, 120.0), (4.0, 90.0)]
    markers = [(float(marker.get("time")), marker.get("name")) for marker in root.iter("Marker")]
    assert markers == [(1.0, MARKERS[0].text), (pytest.approx(4.75), MARKERS[1].text)]


def test_stems_are_in_it_and_each_has_its_clip(tmp_path: Path) -> None:
    with written(tmp_path) as file:
        assert file.testzip() is None
        root = read(file)
        clips = root.findall("Arrangement/Lanes/Lanes/Clips/Clip/Clips/Clip[Audio]")
        assert {clip.get("contentTimeUnit") for clip in clips} == {"seconds"}
        assert [clip.get("duration") for clip in clips] == ["7"] * 3, "beats, at both tempi"
        paths = [clip.find("Audio/File").get("path") for clip in clips]
        assert sorted(paths) == sorted(name for name in file.namelist() if name.endswith(".wav"))
        for number, path in enumerate(paths):
            file.extract(path, tmp_path / "out")
            assert soundfile.read(tmp_path / "out" / path)[0].max() == pytest.approx(0.1 * number)
