"""Ableton Link: the time of a session that programs on the network share, for the instrument to follow.

The session is read some fifty times a second, a little ahead of what is heard, and the sound is told only what it could
not have reckoned: another tempo, a start or stop, a beat elsewhere. So a take has a handful of such messages.

While Link's time is followed, the player's hand on the tempo sets the session's, and roll and halt start and stop it;
the song then begins with the next bar of the session, as Link's peers agree to (`requestBeatAtStartPlayingTime` of the
Link API). Its library holds Ableton's Link, which is under the GPL (version 2 or later): so it is an extra.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Any, NamedTuple

from weaver.engine.engine import Engine
from weaver.life.transport import JACK, LINK, NOTHING, TO_ROLL
from weaver.model.parameters import TEMPO_BPM
from weaver.timing import Timing

LIBRARY = "LinkPython-extern"
TURN_S = 0.02
QUANTUM = 4.0
"""Beats after which a session's phase comes round: peers start with its next one."""
OFF_BEATS = 1e-3
"""A beat that is further off than this is told anew: half a millisecond at 120 beats a minute."""
OFF_BPM = 1e-3
READS = 3
"""Readings of both clocks, of which the tightest tells how far they are apart."""
LOST_S = 1.0
"""What was told so long ago and is not there has been lost: the sound has begun anew."""
CLOSE_S = 1.0
MICRO = 1e-6


class Told(NamedTuple):
    """What time the sound has been told, and of which frame."""

    bpm: float
    beat: float
    is_rolling: bool
    frame: int
    sample_rate: float

    def beat_at(self, frame: int) -> float:
        """What the sound will have made of it by then."""
        return self.beat + (frame - self.frame) * self.bpm / (60.0 * self.sample_rate)


class LinkTime:
    """Takes part in the session from when it is made until it is closed."""

    def __init__(self, engine: Engine, timing: Timing) -> None:
        self.note = ""
        """Why there is no Link; empty if there is."""
        self._engine, self._timing = engine, timing
        self._session: Any = None
        self._told: Told | None = None
        self._started_us, self._origin = 0, 0.0
        self._tempo_bpm = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        try:
            import link
        except ImportError:
            self.note = f"Ableton Link needs {LIBRARY}: pip install 'sonic-weaver[link]'"
            return
        self._make = link.Link
        self._thread.start()

    @property
    def peers(self) -> int | None:
        """How many others are in the session; None where there is no Link."""
        session = self._session
        return None if session is None else int(session.numPeers())

    def close(self) -> None:
        """Leave the session; its time is followed no more. A second call does nothing."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        while not self._stop.wait(TURN_S):
            if self._timing.is_known:
                self._turn()
        if self._session is not None:
            self._session.enabled, self._session = False, None
            self._engine.give_time(LINK, 0.0, 0.0, False)

    def _join(self) -> Any:
        """Enter a session with our own tempo, or take that of one that is there."""
        self._tempo_bpm = float(self._engine.state.target[TEMPO_BPM])
        session = self._make(self._tempo_bpm)
        session.startStopSyncEnabled = True
        session.enabled = True
        return session

    def _turn(self) -> None:
        """Do what the player wants, and tell the sound what it does not know."""
        if self._session is None:
            self._session = self._join()
        heard_s = time.monotonic() + self._timing.lead_s
        ahead_us = _ahead_us(self._session.clock())
        now_us = round(heard_s / MICRO + ahead_us)
        state = self._session.captureSessionState()
        if self._obey(state, now_us):
            self._session.commitSessionState(state)
        bpm, beat, is_rolling = float(state.tempo()), self._beat(state, now_us), False
        if state.isPlaying():
            soon_us = now_us + 2 * TURN_S / MICRO
            is_rolling = self._beat(state, round(soon_us)) >= 0.0
            if is_rolling and beat < 0.0 and not (self._told and self._told.is_rolling):
                heard_s += -beat * 60.0 / bpm  # it begins between this turn and the next
                beat = 0.0
        self._tell(bpm, beat, is_rolling, self._timing.frame_heard_at(heard_s))

    def _obey(self, state: Any, now_us: int) -> bool:
        """Whether the player wants anything of the session, by our tempo, roll and halt; it is in `state` then."""
        bpm, transport = float(self._engine.state.target[TEMPO_BPM]), self._engine.state.transport
        turned, self._tempo_bpm = bpm != self._tempo_bpm, bpm
        if transport.source != LINK:
            return False
        if turned:
            state.setTempo(bpm, now_us)
        asked = int(transport.asked)
        if asked == NOTHING:
            return turned
        transport.asked = NOTHING  # who leads takes it: the sound only looks at it while time is our own
        if asked != TO_ROLL:
            state.setIsPlaying(False, now_us)
        elif not state.isPlaying():
            state.setIsPlayingAndRequestBeatAtTime(True, now_us, 0.0, QUANTUM)
        return True

    def _beat(self, state: Any, at_us: int) -> float:
        """The song's beat at a time of Link's clock: it began with the first bar of the session after the start."""
        started_us = int(state.timeForIsPlaying())
        if state.isPlaying() and started_us != self._started_us:
            bars = float(state.beatAtTime(started_us, QUANTUM)) / QUANTUM
            self._started_us, self._origin = started_us, math.ceil(bars - OFF_BEATS) * QUANTUM
        return float(state.beatAtTime(at_us, QUANTUM)) - self._origin

    def _tell(self, bpm: float, beat: float, is_rolling: bool, frame: int) -> None:
        """Tell the sound, if it does not know."""
        rate, told = self._engine.sample_rate, self._told
        if told is not None and told.sample_rate == rate and told.is_rolling == is_rolling:
            is_near = abs(told.beat_at(frame) - beat) <= OFF_BEATS and abs(told.bpm - bpm) <= OFF_BPM
            is_there = self._engine.state.transport.given[LINK - JACK].bpm > 0.0
            if is_near and (is_there or frame - told.frame < LOST_S * rate):
                return
        if frame > 0 and self._engine.give_time(LINK, bpm, beat, is_rolling, frame):
            self._told = Told(bpm, beat, is_rolling, frame, rate)


def _ahead_us(clock: Any) -> float:
    """How far Link's clock is ahead of time.monotonic(): it counts on its own, and need not go as fast."""
    best_s, ahead_us = math.inf, 0.0
    for _ in range(READS):
        before_s = time.monotonic()
        micros = float(clock.micros())
        took_s = time.monotonic() - before_s
        if took_s < best_s:
            best_s, ahead_us = took_s, micros - (before_s + took_s / 2.0) / MICRO
    return ahead_us
