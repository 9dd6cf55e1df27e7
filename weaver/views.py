"""From a snapshot of the state to what surfaces show: plain values, with names for numbers."""

from __future__ import annotations

import numpy as np

from weaver.life.notices import BREAKING, INCIDENT, SPARED
from weaver.model.durations import show_duration
from weaver.model.law import STATES
from weaver.model.show import PHASES, Show
from weaver.model.spheres import SphereSet
from weaver.surfaces.picture import MoodView, ShowView, SphereView


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


def incident_words(show: Show, notice: np.void) -> str:
    """What a notice says of a show's incidents; "" for any other."""
    kind, number, since_s = int(notice["kind"]), int(notice["values"][0]), float(notice["values"][1])
    name = show.spheres.spheres[int(notice["sphere"])].name
    if kind == INCIDENT:
        return f"{show_duration(round(since_s))} {show.incidents[number].say}"
    if kind == SPARED:
        return f"{name} is whole again, and is spared"
    return f"{name} breaks" if kind == BREAKING else ""
