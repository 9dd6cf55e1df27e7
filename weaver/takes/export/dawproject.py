"""A song as a DAWproject: a zip of two XML files and the stems.

Source: DAWproject 1.0, Project.xsd and MetaData.xsd (github.com/bitwig/dawproject). Notes lie in the clip itself: there
are readers that look no deeper. Audio lies in a clip within a clip, as Bitwig writes it, for readers that look nowhere
else. Curves of notes count time from the note's start, in beats. Lanes are automation of the controls by which they
leave and come back, on the track, not in the clip.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import weaver
from weaver.takes.export.reader import FULL, MIDDLE
from weaver.takes.export.smf import MIDI_TRACK
from weaver.takes.export.song import BEATS_IN_BAR, Curve, Lane, Note, Song, Stem

AUDIO = "audio"
"""Folder of the stems in the zip."""
MASTER, TEMPO, NOTES = "master", "tempo", "notes"
"""Names that other elements refer to."""
AT_REST = {"transpose": 0.0, "pressure": 0.0, "timbre": MIDDLE / FULL}
"""A curve that only says this says nothing."""


def write_dawproject(song: Song, path: Path, stems: Path) -> None:
    """Write the zip; `stems` is the folder in which the song's stems lie."""
    with zipfile.ZipFile(path, "w") as file:
        for name, root in (("project.xml", _project(song)), ("metadata.xml", _metadata(song))):
            ElementTree.indent(root)
            text = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
            file.writestr(name, text, zipfile.ZIP_DEFLATED)
        for stem in song.stems:
            file.write(stems / stem.file, f"{AUDIO}/{stem.file}")


def _metadata(song: Song) -> Element:
    root = Element("MetaData")
    SubElement(root, "Title").text = _plain(song.title)
    SubElement(root, "Comment").text = f"woven with Sonic Weaver {weaver.__version__}"
    return root


def _project(song: Song) -> Element:
    root = Element("Project", version="1.0")
    SubElement(root, "Application", name="Sonic Weaver", version=weaver.__version__)
    transport = SubElement(root, "Transport")
    first = song.tempo.steps[0].bpm
    SubElement(transport, "Tempo", id=TEMPO, name="Tempo", unit="bpm", value=number(first))
    SubElement(transport, "TimeSignature", id="bars", numerator=str(BEATS_IN_BAR), denominator="4")
    structure = SubElement(root, "Structure")
    _track(structure, NOTES, MIDI_TRACK, "notes", "")
    for place, stem in enumerate(song.stems):
        _track(structure, f"stem{place}", stem.name, "audio", stem.colour)
    _track(structure, MASTER, "Master", "audio notes", "")
    root.append(_arrangement(song))
    return root


def _track(structure: Element, name: str, title: str, content: str, colour: str) -> None:
    """A track and its channel, which leads to the master's."""
    track = SubElement(structure, "Track", id=name, name=_plain(title), contentType=content, loaded="true")
    if colour:
        track.set("color", colour)
    role = "master" if name == MASTER else "regular"
    channel = SubElement(track, "Channel", id=f"{name}-channel", role=role, audioChannels="2", solo="false")
    if name != MASTER:
        channel.set("destination", f"{MASTER}-channel")
    SubElement(channel, "Mute", id=f"{name}-mute", name="Mute", value="false")
    SubElement(channel, "Pan", id=f"{name}-pan", name="Pan", unit="normalized", min="0", max="1", value="0.5")
    SubElement(channel, "Volume", id=f"{name}-volume", name="Volume", unit="linear", min="0", max="2", value="1")


def _arrangement(song: Song) -> Element:
    root = Element("Arrangement", id="arrangement")
    lanes = SubElement(root, "Lanes", id="lanes", timeUnit="beats")
    lanes.append(_notes(song))
    for place, stem in enumerate(song.stems):
        lanes.append(_audio(song, stem, f"stem{place}"))
    if song.markers:
        markers = SubElement(root, "Markers", id="markers", timeUnit="beats")
        for marker in song.markers:
            SubElement(markers, "Marker", time=number(song.tempo.beat(marker.time_s)), name=_plain(marker.text))
    tempo = SubElement(root, "TempoAutomation", id="tempo-automation", timeUnit="beats", unit="bpm")
    SubElement(tempo, "Target", parameter=TEMPO)
    for step in song.tempo.steps:
        SubElement(tempo, "RealPoint", time=number(step.beat), value=number(step.bpm), interpolation="hold")
    return root


def _clip(above: Element, song: Song, name: str, title: str, unit: str) -> Element:
    """A clip from the beginning to the end, the only one of its timeline."""
    clips = SubElement(above, "Clips", id=name)
    length = number(song.tempo.beat(song.length_s))
    return SubElement(clips, "Clip", time="0", duration=length, contentTimeUnit=unit, playStart="0", name=_plain(title))


def _notes(song: Song) -> Element:
    """The notes' track: a clip, and automation of the lanes."""
    lanes = Element("Lanes", id=f"{NOTES}-lanes", track=NOTES)
    clip = _clip(lanes, song, f"{NOTES}-clips", song.title, "beats")
    notes = SubElement(clip, "Notes", id=f"{NOTES}-notes")
    for note in song.notes:
        notes.append(_note(song, note))
    for place, lane in enumerate(song.lanes):
        lanes.append(_automation(song, lane, f"lane{place}"))
    return lanes


def _note(song: Song, note: Note) -> Element:
    start = song.tempo.beat(note.start_s)
    length = song.tempo.beat(note.start_s + note.length_s) - start
    root = Element(
        "Note",
        time=number(start),
        duration=number(length),
        channel=str(note.channel),
        key=str(note.key),
        vel=number(note.velocity / FULL),
        rel=number(note.release / FULL),
    )
    curves: Sequence[tuple[str, str, Curve]] = (
        ("transpose", "semitones", note.bend),
        ("pressure", "normalized", note.pressure),
        ("timbre", "normalized", note.timbre),
    )
    told = [(name, unit, curve) for name, unit, curve in curves if any(value != AT_REST[name] for _, value in curve)]
    lanes = SubElement(root, "Lanes") if told else None
    for name, unit, curve in told:
        if lanes is not None:
            points = SubElement(lanes, "Points", unit=unit)
            SubElement(points, "Target", expression=name)
            _points(points, song, curve, start)
    return root


def _automation(song: Song, lane: Lane, name: str) -> Element:
    points = Element("Points", id=name, name=_plain(lane.name), unit="normalized")
    SubElement(
        points, "Target", expression="channelController", channel=str(lane.channel), controller=str(lane.control)
    )
    _points(points, song, lane.points, 0.0)
    return points


def _points(points: Element, song: Song, curve: Curve, start: float) -> None:
    for time_s, value in curve:
        at = number(max(song.tempo.beat(time_s) - start, 0.0))
        SubElement(points, "RealPoint", time=at, value=number(value), interpolation="hold")


def _audio(song: Song, stem: Stem, track: str) -> Element:
    lanes = Element("Lanes", id=f"{track}-lanes", track=track)
    outer = _clip(lanes, song, f"{track}-clips", stem.name, "beats")
    clip = _clip(outer, song, f"{track}-audio-clips", stem.name, "seconds")
    rate, length = str(round(song.sample_rate)), number(song.length_s)
    audio = SubElement(
        clip, "Audio", id=f"{track}-audio", algorithm="raw", channels="2", sampleRate=rate, duration=length
    )
    SubElement(audio, "File", path=f"{AUDIO}/{stem.file}", external="false")
    return lanes


def number(value: float) -> str:
    """In decimals, never as a power of ten: readers differ in what they take."""
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _plain(text: str) -> str:
    """Without characters that XML has no place for."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
