"""What a DAW says of the spheres' life: a number is so from that moment on, and life goes on from there."""

from __future__ import annotations

from weaver.dsp.jit import kernel
from weaver.life.cracks import close, grow, total_length
from weaver.life.law import tell_state
from weaver.life.records import SHATTERED
from weaver.life.stress import stakes_of

BRINK = 0.999
"""The most damage that is set: the next strain shatters."""


@kernel
def set_damage(state, s, damage):
    """Let the cracks of sphere `s` be of this damage, 0 to 1; False if the stakes are off, when nothing is done.

    They grow or close as by the law, as far as the stakes let them. A sphere is never shattered by a number, but left
    at the brink: a shatter shakes its neighbours and unties threads, and only strain may bring that. Nor is one that
    has shattered, or gathers, made whole: it takes its time, or an undo.
    """
    law, worst = state.law, state.law.stakes_worst[stakes_of(state)]
    if worst <= 0.0:
        return False
    if state.life.state[s] >= SHATTERED:
        return True
    length, full = total_length(state.crack, s), law.cracks_full_length_rad
    wanted = min(damage, worst, BRINK) * full
    if wanted > length:
        grow(state, s, wanted - length)
    else:
        close(state, s, length - wanted)
    state.sphere.damage[s] = total_length(state.crack, s) / full
    tell_state(state, s)
    return True


@kernel
def set_light(state, s, light):
    """Let sphere `s` shine so, 0 to 1; one that sleeps stays dark."""
    if state.sphere.awake[s]:
        state.sphere.light[s] = light


@kernel
def set_mood(state, value, is_valence):
    """Let the audience's valence, or else its arousal, be so."""
    if is_valence:
        state.mood.valence = value
    else:
        state.mood.arousal = value
