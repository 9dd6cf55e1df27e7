"""A strict reader of DAWproject 1.0 that shares nothing with its writer: what may stand where, in which order.

Of the format (github.com/bitwig/dawproject, Project.xsd and MetaData.xsd) it knows what a song of notes, audio,
automation and markers needs: an element that is not in TABLE is refused. Beyond the schemas it holds that notes,
controllers and channels are MIDI's, that lanes lead to a track and channels to one another, that nothing ends before it
begins, that points are in order of time, that times have a unit, and that files which are not outside are in the zip.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

UNITS = ("linear", "normalized", "percent", "decibel", "hertz", "semitones", "seconds", "beats", "bpm")
TIME_UNITS = ("beats", "seconds")
ROLES = ("regular", "master", "effect", "submix", "vca")
CONTENTS = ("audio", "automation", "notes", "video", "markers", "tracks")
EXPRESSIONS = (
    *("gain", "pan", "transpose", "timbre", "formant", "pressure"),
    *("channelController", "channelPressure", "polyPressure", "pitchBend", "programChange"),
)
METADATA = (
    *("Title", "Artist", "Album", "OriginalArtist", "Composer", "Songwriter", "Producer", "Arranger", "Year", "Genre"),
    *("Copyright", "Website", "Comment"),
)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")

Test = Callable[[str], bool]


class NotDawproject(AssertionError):
    """Says where, and what is wrong there."""


def one_of(*words: str) -> Test:
    return lambda text: text in words


def some_of(*words: str) -> Test:
    return lambda text: all(word in words for word in text.split())


def between(low: float, high: float) -> Test:
    return lambda text: bool(_DECIMAL.fullmatch(text)) and low <= float(text) <= high


def whole(low: int, high: int) -> Test:
    return lambda text: bool(re.fullmatch(r"\d+", text)) and low <= int(text) <= high


def is_number(text: str) -> bool:
    return bool(_DECIMAL.fullmatch(text))


def is_text(text: str) -> bool:
    return text.isprintable()


def is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))


is_truth = one_of("true", "false")
is_length = between(0.0, float("inf"))
NAMED: dict[str, Test] = {
    "name": is_text,
    "color": lambda text: bool(re.fullmatch(r"#[0-9A-Fa-f]{6}", text)),
    "comment": is_text,
}
REFERABLE = {**NAMED, "id": is_name}
TIMELINE = {**REFERABLE, "timeUnit": one_of(*TIME_UNITS), "track": is_name}
REAL = {**REFERABLE, "unit": one_of(*UNITS), "value": is_number, "min": is_number, "max": is_number}
TIMELINES = ("Lanes", "Notes", "Clips", "Points", "Audio", "Markers")
REFERENCES = {"track": "Track", "destination": "Channel", "parameter": None, "reference": "Clip"}
"""Attributes that name another element, and what that has to be."""


@dataclass(frozen=True)
class Kind:
    """An element: attributes it may have and must have; children in order, each (names of one place, least, most)."""

    may: dict[str, Test] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    children: tuple[tuple[tuple[str, ...], int, float], ...] = ()


def at_most_once(*names: str) -> tuple[tuple[tuple[str, ...], int, float], ...]:
    return tuple(((name,), 0, 1) for name in names)


MANY = float("inf")
POINTS = ((("Target",), 1, 1), (("RealPoint",), 0, MANY))
TABLE: dict[str, Kind] = {
    "Project": Kind(
        {"version": one_of("1.0")},
        ("version",),
        ((("Application",), 1, 1), *at_most_once("Transport", "Structure", "Arrangement", "Scenes")),
    ),
    "Application": Kind({"name": is_text, "version": is_text}, ("name", "version")),
    "Transport": Kind(children=at_most_once("Tempo", "TimeSignature")),
    "Tempo": Kind({**REAL, "unit": one_of("bpm"), "value": between(1.0, 1000.0)}, ("unit", "value")),
    "TimeSignature": Kind(
        {**REFERABLE, "numerator": whole(1, 99), "denominator": one_of("1", "2", "4", "8", "16", "32")},
        ("numerator", "denominator"),
    ),
    "Structure": Kind(children=((("Track", "Channel"), 0, MANY),)),
    "Track": Kind(
        {**REFERABLE, "contentType": some_of(*CONTENTS), "loaded": is_truth},
        ("id",),
        ((("Channel",), 0, 1), (("Track",), 0, MANY)),
    ),
    "Channel": Kind(
        {
            **REFERABLE,
            "role": one_of(*ROLES),
            "audioChannels": whole(0, 64),
            "destination": is_name,
            "solo": is_truth,
        },
        (),
        at_most_once("Devices", "Mute", "Pan", "Sends", "Volume"),
    ),
    "Mute": Kind({**REFERABLE, "value": is_truth}),
    "Pan": Kind(REAL, ("unit",)),
    "Volume": Kind(REAL, ("unit",)),
    "Arrangement": Kind(REFERABLE, (), at_most_once("Lanes", "Markers", "TempoAutomation", "TimeSignatureAutomation")),
    "Lanes": Kind(TIMELINE, (), ((tuple(name for name in TIMELINES if name != "Markers"), 0, MANY),)),
    "Clips": Kind(TIMELINE, (), ((("Clip",), 0, MANY),)),
    "Clip": Kind(
        {
            **NAMED,
            **dict.fromkeys(("time", "playStart", "playStop", "loopStart", "loopEnd"), is_number),
            **dict.fromkeys(("duration", "fadeInTime", "fadeOutTime"), is_length),
            **dict.fromkeys(("contentTimeUnit", "fadeTimeUnit"), one_of(*TIME_UNITS)),
            "enable": is_truth,
            "reference": is_name,
        },
        ("time",),
        ((tuple(name for name in TIMELINES if name != "Markers"), 0, 1),),
    ),
    "Notes": Kind(TIMELINE, (), ((("Note",), 0, MANY),)),
    "Note": Kind(
        {
            "time": is_number,
            "duration": is_length,
            "channel": whole(0, 15),
            "key": whole(0, 127),
            "vel": between(0.0, 1.0),
            "rel": between(0.0, 1.0),
        },
        ("time", "duration", "channel", "key"),
        ((("Lanes", "Points"), 0, 1),),
    ),
    "Points": Kind({**TIMELINE, "unit": one_of(*UNITS)}, (), POINTS),
    "TempoAutomation": Kind({**TIMELINE, "unit": one_of("bpm")}, (), POINTS),
    "Target": Kind(
        {
            "parameter": is_name,
            "expression": one_of(*EXPRESSIONS),
            "channel": whole(0, 15),
            "key": whole(0, 127),
            "controller": whole(0, 127),
        }
    ),
    "RealPoint": Kind(
        {"time": is_number, "value": is_number, "interpolation": one_of("hold", "linear")}, ("time", "value")
    ),
    "Markers": Kind(TIMELINE, (), ((("Marker",), 1, MANY),)),
    "Marker": Kind({**NAMED, "time": is_number}, ("time",)),
    "Audio": Kind(
        {
            **TIMELINE,
            "algorithm": is_text,
            "channels": whole(1, 64),
            "sampleRate": whole(1, 768_000),
            "duration": is_length,
        },
        ("channels", "sampleRate", "duration"),
        ((("File",), 1, 1),),
    ),
    "File": Kind({"path": is_text, "external": is_truth}, ("path",)),
}
"""By the element's name."""


def read_dawproject(path: Path) -> Element:
    """The project of a file that is in order. Raises NotDawproject."""
    with zipfile.ZipFile(path) as file:
        broken = file.testzip()
        refuse(broken is not None, str(broken), "the zip is broken")
        names = file.namelist()
        for name in ("project.xml", "metadata.xml"):
            refuse(names.count(name) != 1, name, "has to be in the zip once")
        check_metadata(ElementTree.fromstring(file.read("metadata.xml").decode("utf-8")))
        root = ElementTree.fromstring(file.read("project.xml").decode("utf-8"))
    check_project(root, names)
    return root


def check_metadata(root: Element) -> None:
    """Raises NotDawproject unless it is MetaData with its texts, each once at most, in order."""
    refuse(root.tag != "MetaData" or bool(root.attrib), root.tag, "is no MetaData")
    places = [METADATA.index(child.tag) if child.tag in METADATA else -1 for child in root]
    refuse(-1 in places or places != sorted(set(places)), "MetaData", f"has {[child.tag for child in root]}")
    for child in root:
        refuse(bool(child.attrib) or len(child) > 0, child.tag, "is no text")


def check_project(root: Element, files: list[str]) -> None:
    """Raises NotDawproject unless it is a Project in order; `files` are in the zip."""
    refuse(root.tag != "Project", root.tag, "is no Project")
    _check(root, "Project")
    found: dict[str, Element] = {}
    for element in root.iter():
        if name := element.get("id"):
            refuse(name in found, name, "is the id of two elements")
            found[name] = element
    for element in root.iter():
        for attribute, tag in REFERENCES.items():
            if (name := element.get(attribute)) is not None:
                refuse(name not in found, f"{element.tag} {attribute}={name}", "is nowhere")
                other = found[name].tag
                refuse(tag is not None and other != tag, f"{element.tag} {attribute}={name}", f"is a {other}")
        if element.tag == "File" and element.get("external") != "true":
            refuse(element.get("path") not in files, str(element.get("path")), "is not in the zip")
    _check_targets(root, found)
    _check_units(root, set())
    roles = [channel.get("role") for channel in root.iter("Channel")]
    refuse(roles.count("master") > 1, "Channel", "more than one is the master")


def _check(element: Element, where: str) -> None:
    """The element's own attributes and children, then theirs."""
    refuse(element.tag not in TABLE, where, "is no element that is known")
    kind = TABLE[element.tag]
    for attribute in kind.must:
        refuse(attribute not in element.attrib, where, f"has no {attribute}")
    for attribute, text in element.attrib.items():
        refuse(attribute not in kind.may, where, f"may not have {attribute}")
        refuse(not kind.may[attribute](text), where, f"has {attribute}={text!r}")
    for text in (element.text, *(child.tail for child in element)):
        refuse(bool((text or "").strip()), where, "has text")
    children = list(element)
    for names, least, most in kind.children:
        count = 0
        while count < most and count < len(children) and children[count].tag in names:
            count += 1
        refuse(count < least, where, f"has no {' or '.join(names)} in its place")
        del children[:count]
    refuse(bool(children), where, f"has {children[0].tag if children else ''} where it may not stand")
    for number, child in enumerate(element):
        _check(child, f"{where}/{child.tag}[{number}]")
    times = [float(point.get("time", "0")) for point in element.findall("RealPoint")]
    refuse(times != sorted(times), where, "has points that go back in time")


def _check_targets(root: Element, found: dict[str, Element]) -> None:
    """What points are of: a parameter or an expression, and a controller has a number and a channel."""
    for target in root.iter("Target"):
        said = [name for name in ("parameter", "expression") if target.get(name) is not None]
        refuse(len(said) != 1, "Target", f"has {said or 'neither parameter nor expression'}")
        if said == ["parameter"]:
            of = found[target.get("parameter", "")].tag
            refuse(of not in ("Tempo", "TimeSignature", "Mute", "Pan", "Volume"), "Target", f"a {of} is no parameter")
        is_control = target.get("expression") == "channelController"
        refuse(is_control != (target.get("controller") is not None), "Target", "controller goes with channelController")
        refuse(is_control and target.get("channel") is None, "Target", "a controller has no channel")


def _check_units(element: Element, above: set[str]) -> None:
    """What has times stands in what has a unit of time; within a clip that is the clip's content's, if it has one."""
    own = {text for name in ("timeUnit", "contentTimeUnit") if (text := element.get(name)) is not None}
    refuse(element.tag in ("Clip", "Note", "Marker", "RealPoint") and not above, element.tag, "has times of no unit")
    for child in element:
        _check_units(child, own or above)


def refuse(is_wrong: bool, where: str, words: str) -> None:
    if is_wrong:
        raise NotDawproject(f"{where}: {words}")
