"""Cracks: branching paths on a sphere's surface, that are born, grow, fork and close again.

A path is drawn whole when the crack is born, and shows as far as the crack has grown; so every surface draws the same
crack, and the same command log makes it again. It starts on an upper latitude, runs along a great circle and wanders.
Cracks close in the reverse order of their birth, from the tip.
"""

from __future__ import annotations

import math

from weaver.dsp.chance import draw
from weaver.dsp.crack import place_crack
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CRACKS, POINTS

STEP_RAD = 0.16
"""Between the points of a path."""
LONGEST_RAD = STEP_RAD * (POINTS - 1)
WANDER_RAD = 0.7
"""How far a path may turn from one point to the next, to either side."""
FORK_RAD = 0.6
"""Angle at which a branch leaves, about."""
HIGHEST_RAD = 1.2
"""Latitude from which a crack may start."""
NEWBORN_RAD = 1e-4


@kernel
def total_length(crack, s):
    """Of all cracks of sphere `s`, rad."""
    total = 0.0
    for index in range(CRACKS):
        total += crack.length[s, index]
    return total


@kernel
def count_cracks(crack, s):
    """How many cracks sphere `s` has. They fill their places in the order of their birth."""
    count = 0
    while count < CRACKS and crack.length[s, count] > 0.0:
        count += 1
    return count


@kernel
def walk(state, s, index, longitude, latitude, heading):
    """Draw the path of a crack: steps along great circles, each turned a little from the last.

    From latitude p, heading h (0 is north, to the east positive), a step d leads to latitude
    asin(sin p cos d + cos p sin d cos h), and east by atan2(sin h sin d cos p, cos d - sin p sin p').
    """
    path, chance = state.crack.path[s, index], state.life.chance
    for point in range(POINTS):
        path[point, 0] = longitude
        path[point, 1] = latitude
        low, high = math.sin(latitude), math.cos(latitude)
        sine = low * math.cos(STEP_RAD) + high * math.sin(STEP_RAD) * math.cos(heading)
        east = math.atan2(math.sin(heading) * math.sin(STEP_RAD) * high, math.cos(STEP_RAD) - low * sine)
        longitude += east
        latitude = math.asin(min(max(sine, -1.0), 1.0))
        heading += WANDER_RAD * (2.0 * draw(chance, s) - 1.0)


@kernel
def begin_crack(state, s):
    """Let a crack be born somewhere on sphere `s`, if there is room. The first is the one that breathes."""
    crack, chance = state.crack, state.life.chance
    index = count_cracks(crack, s)
    if index == CRACKS:
        return
    longitude = 2.0 * math.pi * draw(chance, s)
    latitude = HIGHEST_RAD * (2.0 * draw(chance, s) - 1.0)
    walk(state, s, index, longitude, latitude, 2.0 * math.pi * draw(chance, s))
    bear(crack, s, index, -1, 0.0)
    if index == 0:
        place_crack(state, s, longitude, 1.0 - abs(latitude) / (0.5 * math.pi))


@kernel
def fork_crack(state, s, parent):
    """Let a branch leave the tip of a crack of sphere `s`, if there is room."""
    crack, chance = state.crack, state.life.chance
    index = count_cracks(crack, s)
    if index == CRACKS:
        return
    point = int(min(crack.length[s, parent] / STEP_RAD, POINTS - 2))
    here, there = crack.path[s, parent, point], crack.path[s, parent, point + 1]
    east = (there[0] - here[0]) * math.cos(here[1])
    side = 1.0 if draw(chance, s) < 0.5 else -1.0
    heading = math.atan2(east, there[1] - here[1]) + side * FORK_RAD * (0.5 + draw(chance, s))
    walk(state, s, index, here[0], here[1], heading)
    bear(crack, s, index, parent, point * STEP_RAD)


@kernel
def bear(crack, s, index, parent, fork):
    crack.length[s, index] = NEWBORN_RAD
    crack.age_s[s, index] = 0.0
    crack.parent[s, index] = parent
    crack.fork[s, index] = fork


@kernel
def lengthen(state, s, length):
    """Give `length` rad to the cracks of sphere `s`, the youngest half of it, and so on; what there is no room for."""
    crack = state.crack
    for index in range(count_cracks(crack, s) - 1, -1, -1):
        share = length if index == 0 else 0.5 * length
        grown = min(share, LONGEST_RAD - crack.length[s, index])
        crack.length[s, index] += grown
        length -= grown
        if draw(state.life.chance, s) < grown * state.law.cracks_branching_per_rad:
            fork_crack(state, s, index)
    return length


@kernel
def grow(state, s, length):
    """Lengthen the cracks of sphere `s` by `length` rad in all; where they are at their ends, others are born."""
    for _ in range(CRACKS):
        if length <= 0.0:
            return
        length = lengthen(state, s, length)
        if length > 0.0:
            begin_crack(state, s)
            length = lengthen(state, s, length)


@kernel
def close(state, s, length):
    """Take `length` rad from the cracks of sphere `s`, the youngest first."""
    crack = state.crack
    for index in range(CRACKS - 1, -1, -1):
        taken = min(length, crack.length[s, index])
        crack.length[s, index] -= taken
        length -= taken


@kernel
def seal(state, s):
    """Sphere `s` has no cracks any more."""
    for index in range(CRACKS):
        state.crack.length[s, index] = 0.0


@kernel
def age(state, s, seconds):
    """Time passes for the cracks of sphere `s`."""
    for index in range(count_cracks(state.crack, s)):
        state.crack.age_s[s, index] += seconds
