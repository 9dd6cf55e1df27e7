"""The show's clock: from the chronometer by way of the fragile silence to the first note, the finale, the reckoning.

    PRELUDE      the chronometer counts down; notes coax, and do not begin the performance
    SILENCE      it has run out; the first note ends it
    PERFORMANCE  until the player ends it, or the time is up
    FINALE       no more harm by script; all rings out, is hushed, and dies away
    RECKONED     the tally stands

All of it happens at grid points. A silence is what lies between the last sound that a hand made, a note or a finger
that still slides, and the first note; it may have begun during the prelude. One that nobody ends is ended by the
same time as a performance.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.hands import hush
from weaver.dsp.jit import fill, kernel
from weaver.dsp.rings import push_notice
from weaver.dsp.sizes import CELL
from weaver.life.incidents import follow_script, strike_the_failing
from weaver.life.notices import PHASE
from weaver.life.stage import FINALE, NONE, PERFORMANCE, PRELUDE, RECKONED, SILENCE, UNTOUCHED, WAITING
from weaver.life.tally import clear_tally, keep_tally
from weaver.model.parameters import CHRONOMETER

FASTEST_FLOW = 8.0
"""Flow of the chronometer as it runs out, beside that at its start."""
SECONDS_TEMPO_BPM = 120.0
"""At this tempo a chronometer that runs with the song counts seconds."""
DIE_AWAY_S = 5.0
"""After the finale's hush: the hums fade in three seconds, the room in a little more."""


@kernel
def run_show(state):
    """A cell's length of a show, if one is on."""
    show = state.show
    if show.begin:
        raise_curtain(state)
    if show.phase == NONE or show.phase == RECKONED:
        return
    notes = listen(state)
    turn_phase(state, notes)
    follow_script(state)
    keep_tally(state, notes)
    count_time(state, notes)


@kernel
def frames_in(state, seconds):
    """Seconds as frames of the sample clock."""
    return np.int64(seconds * state.sample_rate + 0.5)


@kernel
def enter(state, phase):
    """A phase begins."""
    show = state.show
    show.phase = phase
    show.phase_frames = 0
    since_s = np.float32(show.frames / state.sample_rate)
    push_notice(state, PHASE, -1, np.float32(phase), since_s, show.silence_s, np.float32(0))


@kernel
def raise_curtain(state):
    """The staged show begins, and nothing of an earlier one is left."""
    show = state.show
    show.begun = state.script.number
    show.begin = show.end = show.hushed = 0
    show.frames = show.quiet_frames = 0
    show.silence_s = show.reward = show.elapsed_s = show.rest = 0.0
    for s in range(show.heard.shape[0]):
        show.heard[s] = state.touch.played[s]
        show.plight[s] = UNTOUCHED
        show.breaking_s[s] = 0.0
    fill(show.course, WAITING)
    clear_tally(state)
    enter(state, PRELUDE)


@kernel
def listen(state):
    """How many notes there were since the last grid point."""
    show, touch, notes = state.show, state.touch, 0
    for s in range(show.heard.shape[0]):
        notes += max(touch.played[s] - show.heard[s], 0)  # a new set counts from 0
        show.heard[s] = touch.played[s]
    return notes


@kernel
def turn_phase(state, notes):
    """Go on to the next phase where its time has come."""
    show, script = state.show, state.script
    if show.phase == PERFORMANCE:
        show.elapsed_s = show.phase_frames / state.sample_rate
    if show.end and show.phase < FINALE:
        enter(state, FINALE)
        return
    if show.phase == PRELUDE and show.frames >= frames_in(state, script.prelude_s):
        enter(state, SILENCE)
    if show.phase == SILENCE and notes > 0:
        hold_silence(state)
        enter(state, PERFORMANCE)
        strike_the_failing(state)
    elif show.phase == SILENCE or show.phase == PERFORMANCE:
        if show.phase_frames >= frames_in(state, script.most_s):
            enter(state, FINALE)
    elif show.phase == FINALE:
        ring_out(state)


@kernel
def hold_silence(state):
    """Measure the silence that lasts."""
    show = state.show
    show.silence_s = show.quiet_frames / state.sample_rate
    show.reward = min(show.silence_s / state.script.silence_s, 1.0)


@kernel
def ring_out(state):
    """The finale: when it has rung long enough all is hushed, and when that has died away all is reckoned."""
    show = state.show
    rung = show.phase_frames - frames_in(state, state.script.finale_s)
    if rung >= 0 and not show.hushed:
        show.hushed = 1
        for s in range(state.definitions[state.playing].count):
            hush(state, s)
    if rung >= frames_in(state, DIE_AWAY_S):
        enter(state, RECKONED)


@kernel
def is_touched(state):
    """Whether a finger is on a sphere."""
    for s in range(state.definitions[state.playing].count):
        if state.touch.rubbed[s]:
            return True
    return False


@kernel
def prelude_frames(state):
    """How far the chronometer goes in a cell: its length, or, with the song, as far as two beats are a second."""
    show, transport = state.show, state.transport
    if show.phase != PRELUDE or state.target[CHRONOMETER] < 0.5:
        return np.int64(CELL)
    if transport.rolling:
        show.rest += CELL * transport.bpm / SECONDS_TEMPO_BPM
    gone = np.int64(show.rest)
    show.rest -= gone
    return gone


@kernel
def count_time(state, notes):
    """What the clocks show at this grid point, and where they stand at the next."""
    show, script, rate = state.show, state.script, state.sample_rate
    if notes > 0 or is_touched(state):
        show.quiet_frames = 0
    show.chronometer_s = show.flow = 0.0
    if show.phase == PRELUDE:
        show.chronometer_s = max(script.prelude_s - show.frames / rate, 0.0)
        gone = 1.0 - show.chronometer_s / script.prelude_s
        show.flow = 1.0 + (FASTEST_FLOW - 1.0) * gone * gone
    if show.phase == PRELUDE or show.phase == SILENCE:
        hold_silence(state)
    show.frames += prelude_frames(state)
    show.phase_frames += CELL
    show.quiet_frames += CELL
