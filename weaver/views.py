"""From a snapshot of the state to what surfaces show: plain values, with names for numbers."""

from __future__ import annotations

import math

import numpy as np

from weaver.engine.decoder import REASONS
from weaver.life.notices import BREAKING, INCIDENT, SPARED
from weaver.model.durations import show_duration
from weaver.model.law import STATES
from weaver.model.show import PHASES, Show
from weaver.model.spheres import SphereSet
from weaver.surfaces.picture import OWN_TIME, MoodView, ShowView, SphereView, TimeView

SOURCES = ("", OWN_TIME, "MIDI clock", "JACK", "Link")
"""Words for `model.parameters.SYNCS`; auto is nobody's."""
STEP_BPM = 2.0
"""A tempo that is so far off is a new one, and is shown at once; nearer ones are averaged over about a beat, as what
another's ticks leave of their jitter moves the last digit for ever."""


def view_spheres(snapshot: np.record, spheres: SphereSet) -> tuple[SphereView, ...]:
    """Every sphere of the set, as the snapshot has it."""
    return tuple(
        SphereView(
            name=sphere.name,
            colour=sphere.colour,
            pitch_hz=float(snapshot.pitch_hz[s]),
            light=float(snapshot.light[s]),
            is_held=bool(snapshot.held[s]),
            health=float(snapshot.health[s]),
            state=STATES[snapshot.state[s]],
            cracks=tuple(float(length) for length in snapshot.cracks[s] if length > 0.0),
            flicker=float(snapshot.flicker[s]),
            soothed=float(snapshot.soothed[s]),
        )
        for s, sphere in enumerate(spheres.spheres)
    )


def view_mood(snapshot: np.record) -> MoodView:
    """The audience."""
    gold, crimson, violet, blue, emerald = map(float, snapshot.colours)
    return MoodView(gold, crimson, violet, blue, emerald, float(snapshot.gaze), float(snapshot.pressure))


def view_show(snapshot: np.record, show: Show | None) -> ShowView | None:
    """The show, once it has begun."""
    if show is None or not snapshot.phase:
        return None
    return ShowView(
        title=show.title,
        phase=PHASES[int(snapshot.phase)],
        chronometer_s=float(snapshot.chronometer_s),
        flow=float(snapshot.flow),
        silence_s=float(snapshot.silence_s),
        elapsed_s=float(snapshot.elapsed_s),
    )


def view_untaken(state: np.record) -> dict[str, int]:
    """What came by MIDI and meant nothing: how much, by reason."""
    clock = state.transport.clock
    counts = dict(zip(REASONS, map(int, state.midi.ignored), strict=False))
    counts |= {
        "ticks of another clock": int(clock.strangers),
        "ticks out of time": int(clock.outliers),
        "song positions while it rolled": int(clock.misplaced),
    }
    return {reason: count for reason, count in counts.items() if count}


class Clockface:
    """The song's time as it is read off, look by look."""

    def __init__(self) -> None:
        self._tempo_bpm = self._pulse = 0.0

    def view(self, snapshot: np.record, quantise: float, sync: float, peers: int | None = None) -> TimeView:
        """The time of a snapshot. `quantise` and `sync` are those parameters, as they were set."""
        tempo_bpm, pulse, source = float(snapshot.tempo_bpm), float(snapshot.pulse), int(snapshot.time_source)
        gone, self._pulse = min(abs(pulse - self._pulse), 1.0), pulse
        off_bpm = tempo_bpm - self._tempo_bpm
        self._tempo_bpm += off_bpm * (1.0 if abs(off_bpm) > STEP_BPM else gone)
        wanted = round(sync)
        return TimeView(
            source=SOURCES[source],
            is_rolling=bool(snapshot.rolling),
            tempo_bpm=self._tempo_bpm,
            beat=float(snapshot.beat),
            pulse=pulse,
            quantise=math.floor(quantise + 0.5),  # as the strikes have it
            peers=peers,
            awaits=SOURCES[wanted] if wanted != source else "",
        )


def incident_words(show: Show, notice: np.void) -> str:
    """What a notice says of a show's incidents; "" for any other."""
    kind, number, since_s = int(notice["kind"]), int(notice["values"][0]), float(notice["values"][1])
    name = show.spheres.spheres[int(notice["sphere"])].name
    if kind == INCIDENT:
        return f"{show_duration(round(since_s))} {show.incidents[number].say}"
    if kind == SPARED:
        return f"{name} is whole again, and is spared"
    return f"{name} breaks" if kind == BREAKING else ""
