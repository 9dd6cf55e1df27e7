"""Which of JACK's MIDI outputs a word means."""

from __future__ import annotations

import pytest

from weaver.engine.hosts.jack_ports import wanted_sources

SOURCES = {
    "system:midi_capture_1": ["alsa_pcm:Midi-Through/midi_capture_1"],
    "system:midi_capture_2": ["alsa_pcm:Launchpad-Mini/midi_capture_1"],
    "Midi-Bridge:Midi Through:(capture_0) Midi Through Port-0": [],
    "weaver-01:midi_out": [],
    "keys:out": [],
    "keys:out 2": [],
}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("auto", {"system:midi_capture_2", "keys:out", "keys:out 2"}),
        ("none", set()),
        ("keys:out", {"keys:out"}),
        ("KEYS", {"keys:out", "keys:out 2"}),
        ("launchpad", {"system:midi_capture_2"}),
        ("theremin", set()),
    ],
)
def test_words(word: str, meant: set[str]) -> None:
    assert wanted_sources(SOURCES, word, "weaver") == meant
