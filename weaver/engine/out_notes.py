"""Notes that leave: which sphere's is on which channel, when it begins and ends, and what moves while it sounds.

A note begins with a strike, at its frame, or with a finger that rubs; it ends when whoever held it lets go where that
ends a tone (`keys`, `mpe`), when the sphere is struck again, damped by a hand, hushed, cut or shattered, or rings no
more. In MPE it is of the nearest key to the sphere's pitch, and the bend is what lies between; where a channel is a
sphere the key is that of the sphere as the set has it, and the bend is what bends it, so that it comes back exactly.

What its player does is told, and what the sphere's own life does to it is not: neither damage's drift of the pitch nor
flicker, for whoever hears this with spheres of its own has a life of its own.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CHANNELS, NOTES
from weaver.engine.midi_out import EACH_A_CHANNEL, OFF, is_daws
from weaver.engine.out_words import (
    APART,
    HIGHEST,
    NOTHING,
    bend_of,
    control_of,
    is_mpe,
    note_channel,
    tell_bend,
    tell_control,
    tell_note_off,
    tell_note_on,
    tell_pressure,
)
from weaver.engine.voices import AUDIBLE_DB, level_of
from weaver.engine.zones import MOST_MEMBERS
from weaver.model.midi_out import CHANNEL_CONTROLS, TIMBRE_DB
from weaver.model.parameters import VELOCITY_CURVE, VIBRATO_CENTS
from weaver.model.units import A4_HZ, A4_NOTE

RELEASED = 64
"""Release velocity where nobody knows one (MIDI 1.0)."""
SOFT = 8
"""Velocity of a note that begins with a finger: 36 dB under a full strike, by the usual curve."""
STOPPED = 0.5
"""Amount of a hand laid on a sphere from which its note is over."""
ZONE_MESSAGES = 3
"""By which a zone is said."""
FURTHEST = 1 << 62
_TIMBRE = CHANNEL_CONTROLS["timbre"]


@kernel
def is_unsaid(out):
    """Whether the zone is still being said: what begins now would be ended by it."""
    return is_mpe(out.form) and (out.closing > 0 or out.setup > setup_length(out.form, out.members) - ZONE_MESSAGES)


@kernel
def setup_length(form, members):
    """Messages by which zone and ranges are said."""
    return ZONE_MESSAGES * (members + (2 if is_mpe(form) else 0))


@kernel
def bent_cents(state, s):
    """How far sphere `s` is bent by whoever plays it, vibrato and all."""
    sphere = state.sphere
    swing = math.sin(2.0 * math.pi * state.vibrato_phase)
    return sphere.bend[s] + sphere.wheel[s] + state.parameter[VIBRATO_CENTS] * swing


@kernel
def cents_above_zero(hz):
    """Of a pitch, above MIDI's key 0."""
    return 100.0 * A4_NOTE + 1200.0 * math.log2(hz / A4_HZ)


@kernel
def key_for(state, s):
    """The key of a note that sphere `s` begins now."""
    if state.midi_out.form == EACH_A_CHANNEL:
        cents = cents_above_zero(state.definitions[state.playing].pitch_hz[s])
    else:
        cents = cents_above_zero(state.sphere.pitch_hz[s]) + bent_cents(state, s)
    return np.int64(min(max(math.floor(cents / 100.0 + 0.5), 0.0), NOTES - 1.0))


@kernel
def bend_for(state, s):
    """14 bits: the bend of the note that sphere `s` sounds."""
    cents = bent_cents(state, s)
    if state.midi_out.form == EACH_A_CHANNEL:
        own = state.definitions[state.playing].pitch_hz[s]
        cents += 1200.0 * math.log2(state.sphere.pitch_hz[s] / own)
    else:
        cents += cents_above_zero(state.sphere.pitch_hz[s]) - 100.0 * state.midi_out.key[s]
    return bend_of(cents)


@kernel
def pressure_for(state, s):
    """0 to 127: of the finger on sphere `s`, a hand's or a key's."""
    firmest = max(state.touch.pressure_target[s], state.touch.key_pressure[s])
    return np.int64(math.floor(HIGHEST * min(firmest, np.float32(1.0)) + 0.5))


@kernel
def timbre_for(state, s):
    """0 to 127: the tilt of sphere `s`; 64 is none."""
    tilt = state.sphere.tilt_target[s] + state.sphere.timbre[s]
    return control_of(0.5 + 0.5 * tilt / TIMBRE_DB)


@kernel
def velocity_for(state, speed):
    """1 to 127: the velocity that brings the mallet with this speed, the inverse of `notes.mallet_speed`."""
    norm = max(speed, 0.0) ** (1.0 / state.parameter[VELOCITY_CURVE])
    return np.int64(min(max(math.floor(HIGHEST * norm + 0.5), 1.0), HIGHEST))


@kernel
def tell_expression(state, frame, s, apart):
    """Say what bend, pressure and timbre of the note of sphere `s` are, as far as they are new."""
    channel = np.int64(state.midi_out.channel[s])
    tell_bend(state, frame, channel, bend_for(state, s), apart)
    tell_pressure(state, frame, channel, pressure_for(state, s), apart)
    tell_control(state, frame, channel, _TIMBRE, timbre_for(state, s), apart)


@kernel
def find_channel(state, s, may_take):
    """The channel for a note of sphere `s`: its own, as long as there are enough; else the one least recently released,
    or, if all sound, the one that has done so for longest, but only if it `may_take` another's. NOTHING if there is
    none."""
    out, count = state.midi_out, state.definitions[state.playing].count
    if out.form == EACH_A_CHANNEL:
        return np.int64(s) if s < CHANNELS else np.int64(NOTHING)
    if count <= MOST_MEMBERS:
        return note_channel(out.form, s)
    best, least, best_sounds = np.int64(NOTHING), np.int64(FURTHEST), True
    for place in range(out.members):
        channel = note_channel(out.form, place)
        sounds = out.holder[channel] != NOTHING
        if (best_sounds and not sounds) or (sounds == best_sounds and out.turned_frame[channel] < least):
            if may_take or not sounds:
                best, least, best_sounds = channel, out.turned_frame[channel], sounds
    return best


@kernel
def begin_note(state, frame, s, velocity, may_take):
    """Say that sphere `s` sounds: first how, then that it does."""
    out = state.midi_out
    channel = find_channel(state, s, may_take)
    if channel == NOTHING:
        return
    if out.holder[channel] != NOTHING:
        end_note(state, frame, np.int64(out.holder[channel]), RELEASED)
    out.key[s] = key_for(state, s)
    out.channel[s] = channel
    tell_expression(state, frame, s, 0)
    if tell_note_on(state, frame, channel, np.int64(out.key[s]), velocity):
        out.holder[channel] = s
        out.turned_frame[channel] = frame
    else:
        out.key[s] = NOTHING


@kernel
def end_note(state, frame, s, velocity):
    """Say that the note of sphere `s` is over, if there is one."""
    out = state.midi_out
    if out.form == OFF or out.key[s] == NOTHING:
        return
    channel = np.int64(out.channel[s])
    tell_note_off(state, frame, channel, np.int64(out.key[s]), velocity)
    out.key[s] = out.holder[channel] = NOTHING
    out.turned_frame[channel] = frame


@kernel
def is_echo(out, port):
    """Whether what came by a port shall not leave, because a DAW said it."""
    return is_daws(port) and not out.echoes


@kernel
def tell_strike(state, s, velocity, source):
    """Sphere `s` was struck at the frame the clock is on. `source` : HANDS, or the port whose note it was."""
    out = state.midi_out
    if out.form == OFF or state.sphere.broken[s]:
        return
    end_note(state, state.frame, s, RELEASED)
    out.owed[s] = 0
    if is_echo(out, source):
        return
    if is_unsaid(out):
        out.owed[s] = velocity_for(state, velocity)
    else:
        begin_note(state, state.frame, s, velocity_for(state, velocity), True)


@kernel
def tell_release(state, s, velocity):
    """Whoever held sphere `s` has let go, where that ends its tone, with a release velocity of 0 to 127."""
    if state.midi_out.form != OFF:
        state.midi_out.owed[s] = 0
        end_note(state, state.frame, s, velocity)


@kernel
def is_stopped(state, s):
    """Whether a hand, a hush or its end keeps sphere `s` from sounding."""
    sphere = state.sphere
    return sphere.damping_target[s] >= STOPPED or sphere.hush_target[s] < 1.0 or sphere.broken[s]


@kernel
def is_rubbed(state, s):
    """Whether a finger presses on sphere `s` that may be told."""
    if state.touch.pressure_target[s] > 0.0:
        return True
    return state.touch.key_pressure[s] > 0.0 and not is_echo(state.midi_out, state.midi.voice_port[s])


@kernel
def follow_note(state, frame, s):
    """The note of sphere `s` is over, or goes on and moves."""
    if is_stopped(state, s):
        amount = state.sphere.damping_target[s]
        stopped = amount >= STOPPED
        end_note(state, frame, s, np.int64(math.floor(HIGHEST * amount + 0.5)) if stopped else np.int64(RELEASED))
    elif not state.touch.rubbed[s] and level_of(state, s) < AUDIBLE_DB:
        end_note(state, frame, s, RELEASED)
    else:
        tell_expression(state, frame, s, APART)


@kernel
def tell_notes(state, frame):
    """At a cell's end: what has moved, what is over, and what a finger has begun."""
    out, unsaid = state.midi_out, is_unsaid(state.midi_out)
    for s in range(np.int64(state.definitions[state.playing].count)):
        if out.key[s] != NOTHING:
            follow_note(state, frame, s)
        elif is_stopped(state, s):
            out.owed[s] = 0
        elif unsaid:
            continue
        elif out.owed[s] > 0:
            begin_note(state, frame, s, np.int64(out.owed[s]), True)
            out.owed[s] = 0
        elif is_rubbed(state, s):
            begin_note(state, frame, s, SOFT, False)


@kernel
def end_notes(state, frame):
    """All that sounds is over."""
    for s in range(state.midi_out.key.shape[0]):
        end_note(state, frame, s, RELEASED)
        state.midi_out.owed[s] = 0
