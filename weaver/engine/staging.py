"""Python's side of a show: the script that it writes for the audio thread, and the reckoning that it reads; and what a
restart leaves of the state."""

from __future__ import annotations

import numpy as np

from weaver.dsp.sizes import CELL
from weaver.engine.layout import OUTLIVES_RESTART, STATE
from weaver.life.stage import COUNTED, NONE, RECKONED
from weaver.model.errors import ConfigError
from weaver.model.law import STATES
from weaver.model.reckoning import Fate, Reckoning
from weaver.model.show import Show

RECORDS = ("script", "show", "tally")
"""What of the state is a show's."""


def write_script(script: np.record, show: Show, prelude_s: float | None = None) -> None:
    """Fill a SCRIPT, but for its number, from a show. The same arguments give the same script.

    Another prelude than the show's own moves its incidents, and how long they take, in proportion; those after the
    first note stay as they are.
    """
    prelude_s = show.prelude_s if prelude_s is None else prelude_s
    scale = prelude_s / show.prelude_s
    script.prelude_s = prelude_s
    script.silence_s, script.most_s, script.finale_s = show.silence_s, show.most_s, show.finale_s
    script.incidents = len(show.incidents)
    for i, incident in enumerate(show.incidents):
        before = 1.0 if incident.is_after else scale
        script.is_after[i] = incident.is_after
        script.time_s[i] = incident.time_s if incident.is_after else (show.prelude_s - incident.time_s) * scale
        script.over_s[i] = incident.over_s * before
        script.sphere[i] = incident.sphere
        script.to_state[i] = STATES.index(incident.to) if isinstance(incident.to, str) else 0
        script.to_damage[i] = 0.0 if isinstance(incident.to, str) else incident.to
        script.spares_healed[i] = incident.is_spared_when_healed
        script.shatters[i] = incident.is_shattering


def save_show(state: np.record) -> bytes:
    """How far a show is: what of the state a restart leaves as it is."""
    return b"".join(state[name].tobytes() for name in RECORDS)


def restore_show(state: np.record, saved: bytes) -> None:
    """Put back what was saved. Raises ConfigError if that was by another version."""
    expected = sum(STATE[name].itemsize for name in RECORDS)
    if len(saved) != expected:
        raise ConfigError("show", f"{expected} bytes, as this version saves them", len(saved))
    for name in RECORDS:
        record = np.frombuffer(saved, STATE[name], 1)
        state[name], saved = record[0], saved[record.nbytes :]


def is_on(state: np.record) -> bool:
    """Whether a show is going on, or staged and about to begin."""
    return bool(state.script.number != state.show.begun or NONE < state.show.phase < RECKONED)


def make_anew(state: np.record, sample_rate: float) -> None:
    """A restart at another rate: what does not outlive it is cleared, a show's counts of frames are converted."""
    ratio = sample_rate / float(state.sample_rate)
    for name in COUNTED:
        state.show[name] = round(int(state.show[name]) * ratio / CELL) * CELL
    if state.playing:  # to start is to take over the first definition
        state.definitions[:] = state.definitions[::-1].copy()
    for name in STATE.names or ():
        if name not in OUTLIVES_RESTART:
            state[name] = np.zeros((), STATE[name])
    state.definitions[0].parameters = state.target  # so they stand at the start, without a glide
    state.sample_rate = sample_rate
    state.frame += -state.frame % CELL


def read_reckoning(state: np.record, show: Show) -> Reckoning:
    """What the TALLY says, of a show that is over, or so far."""
    tally = state.tally
    fates = tuple(
        Fate(
            name=sphere.name,
            state=STATES[tally.state[s]],
            worst=STATES[tally.worst[s]],
            least_health=float(tally.least_health[s]),
            damage=float(tally.damage[s]),
            is_saved=bool(tally.saved[s]),
            is_lost=bool(tally.lost[s]),
            shatters=int(tally.shatters[s]),
        )
        for s, sphere in enumerate(show.spheres.spheres)
    )
    return Reckoning(
        title=show.title,
        is_over=int(state.show.phase) == RECKONED,
        fates=fates,
        consonance_s=float(tally.longest_s),
        silence_s=float(state.show.silence_s),
        reward=float(state.show.reward),
        notes=int(tally.notes),
        coaxing=int(tally.coaxing),
        performed_s=float(state.show.elapsed_s),
        mean_mood=float(tally.mood_sum / max(tally.cells, 1)),
        last_mood=float(tally.mood),
    )
