"""From the sound's numbers to words."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import engine

from weaver.dsp.sizes import new_record
from weaver.engine.layout import NOTICE, SNAPSHOT
from weaver.life.notices import BREAKING, INCIDENT, PHASE, SPARED
from weaver.life.stage import PERFORMANCE
from weaver.life.transport import CLOCK, JACK, OWN
from weaver.model.show import load_show
from weaver.views import Clockface, incident_words, view_untaken


@pytest.mark.parametrize(
    ("kind", "sphere", "values", "words"),
    [
        (PHASE, -1, (PERFORMANCE, 130.0, 8.25, 0), ""),
        (INCIDENT, 7, (1, 30.0, 0.4, 25.0), "0:30 hairline fractures spread over Azure, thin as spider silk"),
        (SPARED, 7, (1, 30.0, 0, 0), "Azure is whole again, and is spared"),
        (BREAKING, 7, (3, 130.0, 0, 0), "Azure breaks"),
        (1, -1, (3, 0, 0, 0), ""),
    ],
)
def test_what_happens_is_told_in_words(kind: int, sphere: int, values: tuple[float, ...], words: str) -> None:
    notice = np.zeros((), NOTICE)
    notice["kind"], notice["sphere"], notice["values"] = kind, sphere, values
    assert incident_words(load_show("auditorium"), notice) == words


def snapshot_of(source: int, bpm: float, pulse: float, beat: float = 0.0, rolling: bool = False) -> np.record:
    snapshot = new_record(SNAPSHOT)[0]
    snapshot.time_source, snapshot.tempo_bpm, snapshot.pulse = source, bpm, pulse
    snapshot.beat, snapshot.rolling = beat, rolling
    return snapshot


def test_the_time_is_read_off_a_snapshot() -> None:
    time = Clockface().view(snapshot_of(CLOCK, 99.0, 41.5, 16.5, True), quantise=3.6, sync=0.0, peers=2)
    assert (time.source, time.is_rolling, time.tempo_bpm, time.beat, time.pulse) == ("MIDI clock", True, 99, 16.5, 41.5)
    assert (time.quantise, time.peers, time.awaits) == (4, 2, "")
    time = Clockface().view(snapshot_of(OWN, 120.0, 0.0), quantise=0.0, sync=float(JACK))
    assert (time.source, time.awaits, time.peers) == ("own", "JACK", None)
    assert Clockface().view(snapshot_of(JACK, 120.0, 0.0), quantise=0.0, sync=float(JACK)).awaits == ""


def test_a_tempo_that_trembles_is_averaged_and_a_new_one_shown_at_once() -> None:
    face = Clockface()
    shown = [
        face.view(snapshot_of(CLOCK, 120.0 + (0.5 if look % 2 else -0.5), look / 7.5), 0, 0).tempo_bpm
        for look in range(60)
    ]
    assert max(shown[15:]) - min(shown[15:]) < 0.2
    assert face.view(snapshot_of(CLOCK, 140.0, 8.1), 0, 0).tempo_bpm == 140.0


def test_midi_that_means_nothing_is_counted_by_reason() -> None:
    instrument = engine()
    assert view_untaken(instrument.state) == {}
    for message in ((0xB0, 3, 5), (0x90,), (0xF8,)):
        instrument.midi(message)
    for _ in range(3):
        instrument.midi((0xF8,), port=2)
    instrument.render(64)
    assert view_untaken(instrument.state) == {"control without use": 1, "cut short": 1, "ticks of another clock": 3}
