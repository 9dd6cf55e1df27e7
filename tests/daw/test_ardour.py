"""A session of Ardour's that records us, plays into us and leads us: one DAW, one instrument, many questions.

At FRAME_BPM a tick of Ardour's is a frame, so that all there is to compare is whole numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from support.ardour import RATE_HZ, Ardour
from support.ardour_tracks import Event, Lane, Note
from support.eventually import eventually
from support.following import undisturbed, watch
from support.jack import JackServer
from support.mpe_reader import Message
from support.replayed import replayed
from support.studio import ON_DISK_S, Studio, studio_in

from weaver.commands.play import do
from weaver.life.transport import CLOCK, JACK, OWN
from weaver.model.midi_out import HEALTH, LANES, PlayOut
from weaver.model.parameters import SYNCS
from weaver.surfaces.presses import STRIKING, press_of

Connect = Callable[[str, str], None]
LAST_PORT_DELAY = 3
"""Periods by which Ardour may place sound and MIDI apart: it reckons with latencies of the one and not of the other."""


@pytest.fixture(scope="module")
def studio(server: JackServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio_in(tmp_path_factory.mktemp("studio")) as made:
        yield made


class Recorded(NamedTuple):
    """A phrase: what Ardour has of it, and what a replay of our take says."""

    events: list[Event]
    sound: NDArray[np.float32]
    played: NDArray[np.float32]
    left: list[Message]

    @property
    def offset(self) -> int:
        """From Ardour's ticks to our frames."""
        return strikes(self.left)[0][0] - strikes(self.events)[0][0]


def strikes(messages: list[Message] | list[Event]) -> list[tuple[int, bytes]]:
    return [(at, data) for at, data in messages if data[0] & 0xF0 == 0x90]


def weave(studio: Studio) -> None:
    """Keys of the page, and a tablet."""
    for key in (STRIKING[0], STRIKING[1].upper(), STRIKING[2]):
        do(studio.instrument, press_of(key, 8))
        time.sleep(0.08)
    studio.tablet("/sphere/4/strike", 0.8)
    studio.tablet("/sphere/4/bend", 150.0)
    time.sleep(0.1)
    studio.tablet("/sphere/5/rub", 0.7, 0.6)
    studio.tablet("/sphere/4/tilt", 6.0)
    time.sleep(0.1)
    studio.tablet("/sphere/5/rub", 0.0)
    for sphere in (1, 4):
        studio.tablet(f"/sphere/{sphere}/damp", 0.9)
    time.sleep(0.1)
    for sphere in (1, 4):
        studio.tablet(f"/sphere/{sphere}/damp", 0.0)
    studio.tablet("/hush")
    time.sleep(0.3)


@pytest.fixture(scope="module")
def recorded(studio: Studio) -> Recorded:
    def scene() -> Recorded:
        since = studio.frame
        with studio.ardour.recording(studio.notes, studio.sound):
            weave(studio)
        time.sleep(ON_DISK_S)
        assert studio.instrument.take is not None
        played, left = replayed(studio.instrument.take, PlayOut())
        return Recorded(studio.notes.events(), studio.sound.sound(), played, [one for one in left if one[0] >= since])

    return undisturbed(studio.lost, scene)


def test_it_records_what_hands_and_tablets_weave(recorded: Recorded) -> None:
    """Notes, bends, pressures, timbres, lanes and releases: all that left, at its frame, and nothing else."""
    assert len(strikes(recorded.events)) == 5
    first, last = recorded.events[0].tick, recorded.events[-1].tick
    left = [(frame - recorded.offset, data) for frame, data in recorded.left]
    within = sorted(one for one in left if first <= one[0] <= last)
    assert sorted(recorded.events) == within
    kinds = {data[0] & 0xF0 for _, data in within}
    assert kinds == {0x80, 0x90, 0xB0, 0xD0, 0xE0}
    assert {data[2] for _, data in within if data[0] & 0xF0 == 0x80} - {64}, "a hand's firmness is in the release"
    assert any(data[0] & 0xF0 == 0xE0 and data[1:] != b"\x00\x40" for _, data in within)


def test_it_records_our_sound_to_the_last_bit(recorded: Recorded, server: JackServer) -> None:
    """Where it lies beside the notes is Ardour's affair, but it does not move."""
    length = len(recorded.sound)
    assert np.abs(recorded.sound).max() > 0.1
    places = [recorded.offset + delay for delay in range(-LAST_PORT_DELAY * server.period_frames, server.period_frames)]
    head = recorded.sound[length // 2 : length // 2 + 64]
    found = [
        place
        for place in places
        if np.array_equal(recorded.played[place + length // 2 : place + length // 2 + 64], head)
    ]
    assert len(found) == 1
    assert np.array_equal(recorded.played[found[0] : found[0] + length], recorded.sound)


def played_back(studio: Studio, play: Callable[[], None]) -> list[Message]:
    """What comes to us meanwhile; nothing is held afterwards."""
    since = studio.frame
    play()
    studio.ardour.stop()
    heard = studio.heard(since)
    assert {data for _, data in heard} >= {bytes((0xB0 | channel, 123, 0)) for channel in range(16)}
    assert not studio.engine.state.midi.voice_held.any(), "the storm has let go of all"
    assert not studio.engine.state.midi.sustain.any()
    return heard


def until(ardour: Ardour, frame: int) -> None:
    assert eventually(lambda: ardour.frame > frame, 20.0)


def test_what_it_recorded_it_plays_back_to_the_frame(studio: Studio, recorded: Recorded) -> None:
    def play() -> None:
        studio.ardour.locate(0)
        studio.ardour.play()
        until(studio.ardour, recorded.events[-1].tick + 2000)

    heard = undisturbed(studio.lost, lambda: played_back(studio, play))
    wanted = [event for event in recorded.events if event.data[0] & 0xF0 != 0xB0]
    came = [one for one in heard if one[1][0] & 0xF0 != 0xB0]
    offset = came[0][0] - wanted[0].tick
    assert sorted((frame - offset, data) for frame, data in came[: len(wanted)]) == sorted(wanted)
    assert any(data[0] == 0xB0 and data[1] >= LANES[HEALTH].control for _, data in heard), "lanes come with it"
    studio.notes.mute()


CHORD = (60, 64, 67, 71, 74, 77)


def test_a_chord_and_a_lane_that_is_drawn(studio: Studio) -> None:
    """Six notes on six channels at one frame, again 9,001 frames later, while the first sphere's health is drawn."""
    health = Lane(0, LANES[HEALTH].control, [(2_000, 127), (4_000, 100), (20_000, 50)])
    notes = [Note(at, 4_000, 1 + n, key, 90) for at in (6_000, 15_001) for n, key in enumerate(CHORD)]
    studio.clip.write(notes, [health], 24_000)
    studio.clip.mute(False)
    studio.engine.set_parameter("stakes", 1)

    def play() -> None:
        studio.ardour.locate(0)
        studio.ardour.play()
        until(studio.ardour, 24_000)

    heard = undisturbed(studio.lost, lambda: played_back(studio, play))
    struck = strikes(heard)
    assert sorted(data[1] for _, data in struck) == sorted(CHORD * 2)
    assert {frame - struck[0][0] for frame, _ in struck} == {0, 9_001}
    drawn = [(frame, data[2]) for frame, data in heard if data[:2] == bytes((0xB0, LANES[HEALTH].control))]
    values = [value for _, value in drawn]
    line = values[: values.index(min(values))]
    assert line == sorted(line, reverse=True) and line[0] > 120 and len(line) > 10, "from point to point"
    assert studio.engine.snapshot().health[0] == pytest.approx(values[-1] / 127, abs=0.1)


def test_a_loop_and_a_locate_while_it_plays(studio: Studio) -> None:
    """Every turn strikes at its frame, whatever the storm at the seam lets go of."""

    def turn() -> None:
        studio.ardour.loop(5_000, 13_000)
        time.sleep(0.9)
        studio.ardour.end_loop()

    starts = [frame for frame, data in strikes(undisturbed(studio.lost, lambda: played_back(studio, turn)))]
    assert len(starts) >= 4 * len(CHORD)
    assert set(np.diff(sorted(set(starts)))) == {8_000}

    def jump() -> None:
        studio.ardour.locate(0)
        studio.ardour.play()
        until(studio.ardour, 8_000)
        studio.ardour.jump(14_000)
        until(studio.ardour, 17_000)

    struck = strikes(undisturbed(studio.lost, lambda: played_back(studio, jump)))
    assert [len([1 for frame, _ in struck if frame == at]) for at in sorted({frame for frame, _ in struck})] == [6, 6]
    studio.clip.mute()


def test_its_clock_leads_us(studio: Studio, connect: Connect) -> None:
    """From its beginning by Start, from elsewhere by a song position (six times too far in 7.3) and Continue."""
    ardour, bpm = studio.ardour, 137.0
    ardour.locate(0)
    ardour.tempo(bpm)
    ardour.send_clock()
    connect(ardour.clock_port, "weaver:midi_in")
    studio.engine.set_parameter("sync", SYNCS.index("clock"))

    def first_beat(begin_beat: int) -> float:
        ardour.locate(round(begin_beat * 60 * RATE_HZ / bpm))
        ardour.play()
        assert eventually(lambda: studio.engine.snapshot().rolling)
        times = watch(studio.engine, 0.8)
        ardour.stop()
        assert eventually(lambda: not studio.engine.snapshot().rolling)
        settled = times.bpm[len(times.bpm) // 2 :]
        assert set(times.source) == {CLOCK}
        assert np.abs(settled - bpm).max() < 0.1
        assert eventually(lambda: studio.engine.snapshot().time_source == OWN)
        return float(times.beat[0])

    for begin_beat in (0, 8):
        first = undisturbed(studio.lost, lambda begin_beat=begin_beat: first_beat(begin_beat))
        said = {beat * times for beat in (begin_beat, begin_beat + 1) for times in (1, 6)}
        assert any(0 <= first - beat < 1 for beat in said), "where it stands, or at its next beat"
    ardour.send_clock(False)


def test_its_transport_on_jack_leads_us(studio: Studio) -> None:
    ardour, bpm = studio.ardour, 97.0
    ardour.locate(0)
    ardour.tempo(bpm)
    ardour.lead_jack()
    studio.engine.set_parameter("sync", SYNCS.index("jack"))

    def scene() -> None:
        ardour.play()
        assert eventually(lambda: studio.engine.snapshot().rolling)
        times = watch(studio.engine, 0.6)
        assert set(times.source) == {JACK}
        assert np.abs(times.bpm - bpm).max() < 0.1
        middle = len(times.beat) // 2
        minutes = (times.frame[-1] - times.frame[middle]) / RATE_HZ / 60
        assert (times.beat[-1] - times.beat[middle]) / minutes == pytest.approx(bpm, abs=0.5)
        ardour.stop()
        assert eventually(lambda: not studio.engine.snapshot().rolling)

    undisturbed(studio.lost, scene)
    ardour.lead_jack(False)
