"""The bank: a sphere's modes, each a complex one-pole that rotates and decays.

`tune` makes the coefficients from pitch and damping; `tabulate` the powers that `lanes` sums; `couple` finds how
strongly a place on the surface is felt by every mode.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel, reduction
from weaver.dsp.sizes import GROUP, LANES, MODES, ORDERS

DOUBLINGS = GROUP.bit_length() - 1
HIGHEST = 0.98 * math.pi
"""Radians a frame that no mode may pass; `ears` has faded a mode out well before."""
POLE, RIM = math.radians(30.0), math.radians(90.0)
"""Colatitude of position 0 and 1: nobody strikes the very pole, where only round modes answer."""
TINY = np.float32(1e-18)
HAND_LOSS, HAND_LOSS_PER_RATIO = 30.0, 12.0
"""Nepers per second that a flat hand takes from a mode, and more from high ones: flesh absorbs treble."""


@kernel
def turn(angle):
    """Cosine and sine of 0..pi without a branch, so that a loop over it vectorises.

    Taylor series about 0 of half the angle, then the double-angle formulae; off by less than 1e-11.
    """
    h = 0.5 * angle
    q = h * h
    sine = h * (
        1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0 * (1.0 - q / 110.0 * (1.0 - q / 156.0)))))
    )
    cosine = 1.0 - q / 2.0 * (
        1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0 * (1.0 - q / 90.0 * (1.0 - q / 132.0 * (1.0 - q / 182.0)))))
    )
    return 1.0 - 2.0 * sine * sine, 2.0 * sine * cosine


@kernel
def fade(loss):
    """exp(-loss) for the small loss of one frame; off by less than 1e-9 below 0.1."""
    return 1.0 - loss * (1.0 - loss / 2.0 * (1.0 - loss / 3.0 * (1.0 - loss / 4.0 * (1.0 - loss / 5.0))))


@kernel
def tune_modes(ratio, loss, count, pitch, hand, release, frame_s, step_re, step_im, leap_re, leap_im):
    """Coefficients of `count` modes over one frame and over a group.

    Parameters
    ----------
    ratio, loss : float32[modes]
        Frequency beside the pitch; nepers per second.
    pitch : float
        Radians per frame of ratio 1.
    hand : float
        Damping by a hand, 0..1, squared.
    release : float
        Further loss, nepers per second.
    frame_s : float
        Length of a frame.
    step_re, step_im, leap_re, leap_im : float32[modes]
        Written.
    """
    for k in range(count):
        cosine, sine = turn(min(pitch * ratio[k], HIGHEST))
        lost = loss[k] + release + hand * (HAND_LOSS + HAND_LOSS_PER_RATIO * ratio[k])
        radius = fade(min(lost * frame_s, 0.1))
        re, im = radius * cosine, radius * sine
        step_re[k] = re
        step_im[k] = im
        for _ in range(DOUBLINGS):
            re, im = re * re - im * im, 2.0 * re * im
        leap_re[k] = re
        leap_im[k] = im


@kernel
def tune(state, s):
    """Make sphere `s` sound at its pitch and damping: coefficients now, tables when it is next free."""
    sphere, bank, definition = state.sphere, state.bank, state.definitions[state.playing]
    hz = sphere.pitch_hz[s] * 2.0 ** (sphere.cents[s] / 1200.0)
    pitch = 2.0 * math.pi * hz / state.sample_rate
    damping = sphere.damping[s]
    tune_modes(
        bank.worn_ratio[s],
        bank.worn_loss[s],
        definition.modes[s],
        pitch,
        damping * damping,
        sphere.release[s],
        1.0 / state.sample_rate,
        bank.step_re[s],
        bank.step_im[s],
        bank.leap_re[s],
        bank.leap_im[s],
    )
    sphere.hum_cos[s], sphere.hum_sin[s] = turn(min(pitch, HIGHEST))
    sphere.cents_tuned[s] = sphere.cents[s]
    sphere.damping_tuned[s] = damping
    sphere.release_tuned[s] = sphere.release[s]
    sphere.detuned[s] = 1


@kernel
def double_powers(row, filled, re, im):
    """Powers filled .. 2 filled - 1 from those before, times the power `filled` of the step."""
    for n in range(filled):
        row[0, filled + n] = row[0, n] * re - row[1, n] * im
        row[1, filled + n] = row[1, n] * re + row[0, n] * im


@kernel
def tabulate(step_re, step_im, count, table):
    """Powers 0 to GROUP - 1 of `count` modes, by doubling. Written out, so that every loop's length is known.

    Parameters
    ----------
    step_re, step_im : float32[modes]
    table : float32[modes, 2, GROUP]
        Written.
    """
    for k in range(count):
        row = table[k]
        re, im = np.float64(step_re[k]), np.float64(step_im[k])
        row[0, 0] = 1.0
        row[1, 0] = 0.0
        row[0, 1] = re
        row[1, 1] = im
        re, im = re * re - im * im, 2.0 * re * im
        double_powers(row, 2, np.float32(re), np.float32(im))
        re, im = re * re - im * im, 2.0 * re * im
        double_powers(row, 4, np.float32(re), np.float32(im))
        re, im = re * re - im * im, 2.0 * re * im
        double_powers(row, 8, np.float32(re), np.float32(im))
        re, im = re * re - im * im, 2.0 * re * im
        double_powers(row, 16, np.float32(re), np.float32(im))


@kernel
def find_waves(waves, angle):
    """Cosine and sine of every order at an angle around the sphere. `waves` : float32[2, ORDERS]."""
    cosine, sine = math.cos(angle), math.sin(angle)
    re, im = 1.0, 0.0
    for order in range(ORDERS):
        waves[0, order] = re
        waves[1, order] = im
        re, im = re * cosine - im * sine, re * sine + im * cosine


@kernel
def find_heights(definition, s, position, heights):
    """How strongly each mode of sphere `s` is felt at a height: sin(colatitude) ** rise, from pole to rim.

    That is the sectoral part of a spherical harmonic, and the profile of a glass's rim modes alike.
    `position` is 0 near the pole, 1 on the rim; `heights` : float32[modes], written.
    """
    height = math.log(math.sin(POLE + (RIM - POLE) * position))
    for k in range(definition.modes[s]):
        heights[k] = math.exp(definition.rise[s, k] * height)


@kernel
def couple(definition, s, waves, heights, coupling):
    """How strongly each mode is felt at a place: its waves around it, cos(order * angle + lobe), times its height.

    `coupling` : float32[modes], written for the sphere's modes; may be `heights`.
    """
    for k in range(definition.modes[s]):
        order = definition.order[s, k]
        around = waves[0, order] * definition.lobe_cos[s, k] - waves[1, order] * definition.lobe_sin[s, k]
        coupling[k] = around * heights[k]


@kernel
def stir(re, mallet, finger, struck, rubbed, used):
    """Give the modes their impulses of this frame, at mallet and finger."""
    for k in range(used):
        re[k] += mallet[k] * struck + finger[k] * rubbed


@reduction
def hear(re, im, ears, used):
    """What both ears hear of the modes in this frame. `ears` : float32[4, modes]; returns left and right."""
    left = right = np.float32(0.0)
    for k in range(used):
        left += ears[0, k] * re[k] - ears[1, k] * im[k]
        right += ears[2, k] * re[k] - ears[3, k] * im[k]
    return left, right


@kernel
def rotate(re, im, step_re, step_im, used):
    """Move the modes on by one frame."""
    for k in range(used):
        x, y = re[k], im[k]
        re[k] = step_re[k] * x - step_im[k] * y
        im[k] = step_im[k] * x + step_re[k] * y


@kernel
def flush(part, count):
    """Take away what is too small to be a normal number soon: denormals are slow, and nobody hears them."""
    for k in range(count):
        part[k] = np.float32(0.0) if abs(part[k]) <= TINY else part[k]  # what is no number stays, to be found


@reduction
def energy_of(re, im, count):
    """Sum of squares of the first `count` modes' states."""
    total = np.float32(0.0)
    for k in range(count):
        total += re[k] * re[k] + im[k] * im[k]
    return total


@kernel
def still(bank, s):
    """Take all motion from sphere `s`."""
    for k in range(MODES):
        bank.re[s, k] = bank.im[s, k] = bank.start_re[s, k] = bank.start_im[s, k] = 0.0


@kernel
def whole_vectors(count):
    """`count` rounded up to whole vectors."""
    return (count + LANES - 1) // LANES * LANES
