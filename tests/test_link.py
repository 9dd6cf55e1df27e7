"""Ableton Link: an instrument in a session with another program, each in a network namespace of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from support.eventually import eventually
from support.link_peer import LinkPeer, link_peer
from support.namespaces import inside, lan
from support.needed import module

from weaver.app import Instrument
from weaver.life.transport import LINK, OWN
from weaver.surfaces.picture import TimeView
from weaver.wishes import Wishes

OLDER_S = 1.0
"""Of two sessions that meet the older one leads; of two within half a second of one another, either (Link's
SESSION_EPS)."""
WISHES = Wishes(audio="silent", midi="none", osc_port=None, link=True, tempo_bpm=97.0)
QUANTUM = 4.0
NEAR_BEATS = 0.02
"""Ten milliseconds at 120 beats a minute: what a thread on a busy machine may be late, in its blocks' times."""


@dataclass
class Meeting:
    instrument: Instrument
    peer: LinkPeer

    def time(self) -> TimeView:
        """The instrument's, a turn later."""
        self.instrument.turn()
        shown = self.instrument.picture().time
        assert shown is not None
        return shown

    def sees(self, condition: Callable[[TimeView], bool], within_s: float = 8.0) -> bool:
        return eventually(lambda: condition(self.time()), within_s)

    def apart(self) -> float:
        """Beats from the peer's phase to what is heard of the instrument at that moment, -2 to 2."""
        return (self.ahead() + QUANTUM / 2) % QUANTUM - QUANTUM / 2

    def ahead(self) -> float:
        """Beats from the peer's place in the song to ours."""
        self.instrument.turn()
        snapshot = self.instrument.engine.snapshot()
        at_s = self.instrument.timing.time_at(int(snapshot.frame))
        beat = float(snapshot.beat if snapshot.rolling else snapshot.pulse)
        return beat - float(self.peer.ask("at", at_s)["beat"])


@pytest.fixture(scope="module")
def meeting() -> Iterator[Meeting]:
    module("link", "LinkPython-extern")
    with lan() as cable, link_peer(cable.there, 120.0) as peer:
        peer.ask("hello")
        time.sleep(OLDER_S)
        with inside(cable.here), Instrument(WISHES) as instrument:
            yield Meeting(instrument, peer)


def test_it_finds_the_others_and_takes_their_tempo(meeting: Meeting) -> None:
    assert meeting.sees(lambda now: now.peers == 1 and now.source == "Link")
    assert meeting.sees(lambda now: now.tempo_bpm == pytest.approx(120.0, abs=0.01))
    assert not meeting.time().is_rolling
    assert eventually(lambda: meeting.peer.ask("hello")["peers"] == 1, 8.0)


def test_beats_fall_together(meeting: Meeting) -> None:
    assert meeting.sees(lambda now: now.source == "Link" and now.peers == 1)
    assert eventually(lambda: abs(meeting.apart()) < NEAR_BEATS, 5.0)


def test_another_tempo_is_followed(meeting: Meeting) -> None:
    meeting.peer.ask("tempo", 133.0)
    assert meeting.sees(lambda now: now.tempo_bpm == pytest.approx(133.0, abs=0.01))
    assert eventually(lambda: abs(meeting.apart()) < NEAR_BEATS, 5.0)


def test_what_could_be_reckoned_is_not_told(meeting: Meeting) -> None:
    assert meeting.sees(lambda now: now.source == "Link")
    eventually(lambda: False, 1.0)  # until the host's clock is learnt
    told = []
    give = meeting.instrument.engine.give_time
    meeting.instrument.engine.give_time = lambda *said: told.append(said) or give(*said)  # type: ignore[method-assign]
    try:
        until_s = time.monotonic() + 2.0
        while time.monotonic() < until_s:
            meeting.instrument.turn()
            time.sleep(0.02)
    finally:
        del meeting.instrument.engine.give_time
    assert len(told) < 20, "of some hundred turns"


def test_it_starts_with_the_sessions_next_bar_and_stops(meeting: Meeting) -> None:
    meeting.peer.ask("start")
    assert meeting.sees(lambda now: now.is_rolling)
    assert meeting.sees(lambda now: now.beat > 0.2) and meeting.time().beat < 4.0
    assert eventually(lambda: abs(meeting.apart()) < NEAR_BEATS, 5.0)
    assert abs(meeting.ahead()) < NEAR_BEATS, "and the song's first beat is the peer's"
    meeting.peer.ask("stop")
    assert meeting.sees(lambda now: not now.is_rolling)


def test_our_hand_turns_starts_and_stops_the_session(meeting: Meeting) -> None:
    engine = meeting.instrument.engine
    assert meeting.sees(lambda now: now.source == "Link")
    engine.set_parameter("tempo_bpm", 88.0)
    assert eventually(lambda: meeting.peer.ask("hello")["bpm"] == pytest.approx(88.0), 8.0)
    for _ in range(2):  # a second time too, though a peer ended the first
        engine.gesture("roll")
        assert eventually(lambda: meeting.peer.ask("hello")["playing"], 8.0)
        assert meeting.sees(lambda now: now.is_rolling)
        meeting.peer.ask("stop")
        assert meeting.sees(lambda now: not now.is_rolling)
        assert not eventually(lambda: meeting.peer.ask("hello")["playing"], 0.3), "our wish was for that once"
    engine.gesture("roll")
    assert eventually(lambda: meeting.peer.ask("hello")["playing"], 8.0)
    engine.gesture("halt")
    assert eventually(lambda: not meeting.peer.ask("hello")["playing"], 8.0)


def test_our_own_time_leaves_the_session_alone(meeting: Meeting) -> None:
    engine = meeting.instrument.engine
    before = meeting.peer.ask("hello")["bpm"]
    engine.set_parameter("sync", OWN)
    assert meeting.sees(lambda now: now.source == "own")
    engine.set_parameter("tempo_bpm", 150.0)
    engine.gesture("roll")
    assert meeting.sees(lambda now: now.is_rolling and now.tempo_bpm == pytest.approx(150.0))
    engine.gesture("halt")
    assert meeting.sees(lambda now: not now.is_rolling)
    asked = meeting.peer.ask("hello")
    assert asked["bpm"] == before and not asked["playing"]
    engine.set_parameter("sync", LINK)
    assert meeting.sees(lambda now: now.source == "Link" and now.tempo_bpm == pytest.approx(before, abs=0.01))


def test_who_leaves_is_followed_no_more(meeting: Meeting) -> None:
    """The last of them: it closes the link."""
    link = meeting.instrument.link
    assert link is not None
    link.close()
    link.close()
    assert meeting.sees(lambda now: now.source == "own" and now.peers is None)
    assert meeting.time().awaits == "Link"
    assert eventually(lambda: meeting.peer.ask("hello")["peers"] == 0, 8.0)


def test_without_its_library_the_rest_plays_and_the_page_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "link", None)
    with Instrument(WISHES) as instrument:
        picture = instrument.picture()
        assert "pip install 'sonic-weaver[link]'" in picture.note
        assert picture.time is not None and picture.time.peers is None
        assert eventually(lambda: instrument.engine.snapshot().tempo_bpm == 97.0)
