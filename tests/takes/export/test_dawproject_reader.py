"""The reader of DAWprojects is strict: it takes a plain one, and none that is broken in any one place."""

from __future__ import annotations

import copy
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pytest
from support.dawproject_reader import NotDawproject, check_metadata, check_project, read_dawproject
from support.needed import module

SCHEMAS = "DAWPROJECT_SCHEMAS"
"""As in test_dawproject."""
FILES = ["project.xml", "metadata.xml", "audio/one.wav"]
PLAIN = """
<Project version="1.0">
  <Application name="By hand" version="1"/>
  <Transport>
    <Tempo id="tempo" unit="bpm" value="120"/>
    <TimeSignature numerator="3" denominator="4"/>
  </Transport>
  <Structure>
    <Track id="keys" name="Keys" contentType="notes" color="#80ff00">
      <Channel id="keys-channel" role="regular" destination="all-channel">
        <Mute value="false"/><Pan unit="normalized" value="0.5"/><Volume id="loud" unit="linear" value="1"/>
      </Channel>
    </Track>
    <Track id="tape" contentType="audio notes"><Channel destination="all-channel"/></Track>
    <Track id="all"><Channel id="all-channel" role="master"/></Track>
  </Structure>
  <Arrangement>
    <Lanes timeUnit="beats">
      <Lanes track="keys">
        <Clips>
          <Clip time="0" duration="4" playStart="0">
            <Notes>
              <Note time="0" duration="1" channel="0" key="60" vel="0.5" rel="0.5">
                <Points unit="semitones">
                  <Target expression="transpose"/>
                  <RealPoint time="0" value="-0.5" interpolation="linear"/><RealPoint time="1" value="0"/>
                </Points>
              </Note>
            </Notes>
          </Clip>
        </Clips>
        <Points unit="normalized"><Target expression="channelController" channel="0" controller="102"/></Points>
        <Points><Target parameter="loud"/></Points>
      </Lanes>
      <Lanes track="tape">
        <Clips><Clip time="1" contentTimeUnit="seconds">
          <Audio channels="2" sampleRate="48000" duration="1.5"><File path="audio/one.wav"/></Audio>
        </Clip></Clips>
      </Lanes>
    </Lanes>
    <Markers timeUnit="beats"><Marker time="2" name="here"/></Markers>
    <TempoAutomation timeUnit="beats" unit="bpm">
      <Target parameter="tempo"/><RealPoint time="0" value="120"/>
    </TempoAutomation>
  </Arrangement>
</Project>
"""


def plain() -> Element:
    return ElementTree.fromstring(PLAIN)


def set_(path: str, name: str, text: str) -> Callable[[Element], None]:
    def edit(root: Element) -> None:
        found = root.find(path)
        assert found is not None, path
        found.set(name, text)

    return edit


def drop(path: str, name: str) -> Callable[[Element], None]:
    def edit(root: Element) -> None:
        del root.find(path).attrib[name]  # type: ignore[union-attr]

    return edit


def remove(above: str, path: str) -> Callable[[Element], None]:
    def edit(root: Element) -> None:
        root.find(above).remove(root.find(f"{above}/{path}"))  # type: ignore[union-attr, arg-type]

    return edit


def add(path: str, tag: str, **attributes: str) -> Callable[[Element], None]:
    def edit(root: Element) -> None:
        SubElement(root.find(path), tag, attributes)  # type: ignore[arg-type]

    return edit


def turn_round(path: str) -> Callable[[Element], None]:
    """The children in reverse order."""

    def edit(root: Element) -> None:
        found = root.find(path)
        assert found is not None
        found[:] = list(found)[::-1]

    return edit


def twice(path: str, name: str) -> Callable[[Element], None]:
    """A child stands there once more."""

    def edit(root: Element) -> None:
        found = root.find(path)
        assert found is not None
        place, child = next((place, child) for place, child in enumerate(found) if child.tag == name)
        found.insert(place, copy.deepcopy(child))

    return edit


NOTE = ".//Note"
BROKEN_BY_THE_SCHEMA = {
    "no version": drop(".", "version"),
    "no application": remove(".", "Application"),
    "two applications": twice(".", "Application"),
    "arrangement before structure": turn_round("."),
    "volume before mute": turn_round(".//Channel"),
    "tempo of no unit": drop(".//Tempo", "unit"),
    "an unknown unit": set_(".//Volume", "unit", "decibels"),
    "a bar of nothing": drop(".//TimeSignature", "numerator"),
    "an unknown role": set_(".//Channel", "role", "main"),
    "unknown content": set_(".//Track", "contentType", "notes midi"),
    "two equal ids": set_(".//Volume", "id", "tempo"),
    "an id that begins with a digit": set_(".//Volume", "id", "1loud"),
    "note without a key": drop(NOTE, "key"),
    "note without an end": drop(NOTE, "duration"),
    "note of no channel": drop(NOTE, "channel"),
    "key that is no number": set_(NOTE, "key", "C4"),
    "note with an id": set_(NOTE, "id", "first"),
    "notes beside notes in a clip": twice(".//Clip", "Notes"),
    "note in no notes": add(".//Clips", "Note", time="0", duration="1", channel="0", key="60"),
    "points without a target": remove(".//Note/Points", "Target"),
    "a target after its points": turn_round(".//Note/Points"),
    "an unknown expression": set_(".//Note/Points/Target", "expression", "bend"),
    "an unknown interpolation": set_(".//RealPoint", "interpolation", "smooth"),
    "point without a value": drop(".//RealPoint", "value"),
    "clip without a beginning": drop(".//Clip", "time"),
    "an unknown unit of time": set_(".//Clip[@contentTimeUnit]", "contentTimeUnit", "ms"),
    "audio of no length": drop(".//Audio", "duration"),
    "audio without a file": remove(".//Audio", "File"),
    "a file that is nowhere said": drop(".//File", "path"),
    "markers without one": remove(".//Markers", "Marker"),
    "an element nobody knows": add("Arrangement", "Groove"),
    "an attribute nobody knows": set_(NOTE, "velocity", "1"),
}
BROKEN_BESIDES = {
    "a track that is nowhere": set_("Arrangement/Lanes/Lanes", "track", "nobody"),
    "a channel that leads nowhere": set_(".//Channel", "destination", "nobody"),
    "automation of what is nowhere": set_(".//TempoAutomation/Target", "parameter", "pace"),
    "another version": set_(".", "version", "2.0"),
    "velocity of MIDI": set_(NOTE, "vel", "64"),
    "channel 17": set_(NOTE, "channel", "16"),
    "key 128": set_(NOTE, "key", "128"),
    "a time as a power of ten": set_(NOTE, "time", "1e-05"),
    "a note that ends before it begins": set_(NOTE, "duration", "-1"),
    "lanes of a channel": set_("Arrangement/Lanes/Lanes", "track", "keys-channel"),
    "a channel that leads to a track": set_(".//Channel", "destination", "all"),
    "automation of a track": set_(".//TempoAutomation/Target", "parameter", "keys"),
    "a controller without a number": drop(".//Target[@controller]", "controller"),
    "a number without a controller": set_(".//Note/Points/Target", "controller", "74"),
    "a target of nothing": drop(".//Note/Points/Target", "expression"),
    "points back in time": set_(".//RealPoint", "time", "2"),
    "times of no unit": drop("Arrangement/Lanes", "timeUnit"),
    "markers of no unit": drop(".//Markers", "timeUnit"),
    "a file that is not there": set_(".//File", "path", "one.wav"),
    "two masters": set_(".//Channel", "role", "master"),
    "a colour by its name": set_(".//Track", "color", "green"),
}


def test_a_plain_project_is_taken() -> None:
    check_project(plain(), FILES)


@pytest.mark.parametrize("broken", [*BROKEN_BY_THE_SCHEMA, *BROKEN_BESIDES])
def test_what_is_broken_is_refused(broken: str) -> None:
    root = plain()
    (BROKEN_BY_THE_SCHEMA | BROKEN_BESIDES)[broken](root)
    with pytest.raises(NotDawproject):
        check_project(root, FILES)


@pytest.mark.skipif(SCHEMAS not in os.environ, reason=f"{SCHEMAS} is not set: see test_dawproject")
def test_the_published_schema_says_the_same() -> None:
    etree = module("lxml.etree", "lxml")
    schema = etree.XMLSchema(etree.parse(Path(os.environ[SCHEMAS]) / "Project.xsd"))

    def is_taken(edit: Callable[[Element], None]) -> bool:
        root = plain()
        edit(root)
        return bool(schema.validate(etree.fromstring(ElementTree.tostring(root))))

    assert is_taken(lambda root: None)
    assert [name for name, edit in BROKEN_BY_THE_SCHEMA.items() if is_taken(edit)] == []
    assert [name for name, edit in BROKEN_BESIDES.items() if not is_taken(edit)] == [], "libxml2 follows no IDREF"


@pytest.mark.parametrize(
    "metadata",
    ["<Meta/>", "<MetaData><Comment/><Title/></MetaData>", "<MetaData><Name/></MetaData>", "<MetaData a='1'/>"],
)
def test_broken_metadata_is_refused(metadata: str) -> None:
    check_metadata(ElementTree.fromstring("<MetaData><Title>A</Title><Comment>B</Comment></MetaData>"))
    with pytest.raises(NotDawproject):
        check_metadata(ElementTree.fromstring(metadata))


@pytest.mark.parametrize("left_out", FILES)
def test_every_file_has_to_be_in_the_zip(tmp_path: Path, left_out: str) -> None:
    texts = {"project.xml": PLAIN.strip(), "metadata.xml": "<MetaData/>", "audio/one.wav": ""}
    for name in ("", left_out):
        with zipfile.ZipFile(tmp_path / f"{len(name)}.dawproject", "w") as file:
            for at, text in texts.items():
                if at != name:
                    file.writestr(at, text)
    read_dawproject(tmp_path / "0.dawproject")
    with pytest.raises(NotDawproject):
        read_dawproject(tmp_path / f"{len(left_out)}.dawproject")
