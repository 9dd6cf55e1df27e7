"""The hall: state, geometry and losses of the room, made anew where its size or decay is moved.

`room` renders with it. Sources: images, Allen & Berkley, JASA 65 (1979); absorption and lossy allpasses, Jot &
Chaigne, AES preprint 3030 (1991).
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL

LINES = 16
NEXT = LINES
"""The seat after the last line: what the line that is being moved fades to."""
IMAGES = 14
STAGES = 4
TAPS = 8
RING = 65536
"""Frames in a long ring at 192 kHz; lower rates use a part of it, to stay in cache."""
LONGEST_S = 0.32
ALLPASS_RING = 4096
GUARD = 2 * CELL
"""Frames after a ring that repeat its start, so that reading a cell, and a little more, never wraps."""

T60_LOW_S, T60_HIGH_S = 0.2, 20.0
SIZE_LOW_M, SIZE_HIGH_M = 5.0, 80.0
GLIDE_S, GLIDE_END = 0.08, 1e-4
FADE_S = 0.02
ZERO, ONE = np.float32(0), np.float32(1)
BUS_LIMIT = np.float32(1e3)
FLUSH = np.float32(1e-18)
"""What is fainter is zero: the square of the faintest is still a normal float32."""
HUSH_POWER = 1e-12
EARLY_POWER, LATE_POWER = 0.25, 0.75

SOUND_M_S = 343.0
WIDTH, HEIGHT = 0.55, 0.4
"""Over the length: between Symphony Hall in Boston and the Musikverein in Vienna."""
SOURCE = (0.12, 0.18, 0.12)
"""A bus channel on the platform: off the centre line, from the front wall, above the floor, as shares."""
LISTENER = (0.53, 0.45, 0.13)
EAR_M, EAR_ANGLE = 0.085, math.radians(55)
"""The listener is an ORTF pair: cardioids 17 cm apart that look 55 degrees to either side of the front."""
REFLECTION = 0.8
EARLY_LOSS_HZ = 7000.0
_FIRST = [(-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, 1)]
_SECOND = [(-2, 0, 0), (2, 0, 0), (-1, 0, 1), (1, 0, 1), (0, -1, 1)]
_CORNER = [(-1, -1, 0), (1, -1, 0), (-1, 1, 0), (1, 1, 0)]
WALLS = np.array(_FIRST + _SECOND + _CORNER)
"""Reflections on each axis. No floor: seats absorb it, and it would only comb the direct sound."""

LINE_BASE_S, LINE_S_PER_M, LINE_T60_SHARE = 0.02, 0.0016, 0.12
"""Mean line: longer than a mean free path, for modes must lie close; but a T60 must span several lines."""
_ORDER = np.arange(LINES)
LINE_RATIO = 0.45 * (1.9 / 0.45) ** ((_ORDER + 0.3 * np.sin(2.4 * _ORDER**2)) / (LINES - 1))
LINE_ALLPASS_S = 0.0071 * (0.0193 / 0.0071) ** ((7 * _ORDER % LINES + 0.3) / LINES)
DIFFUSER_S = np.array([(0.0019, 0.0041, 0.0083, 0.0151), (0.0023, 0.0037, 0.0091, 0.0139)])
ALLPASS = np.float32(0.62)
BRIGHT_HZ, MID_HZ, MID_COST = 8000.0, 500.0, 0.05
HF_RATIO_DARK, HF_RATIO_BRIGHT = 0.15, 0.95
"""T60 at 8 kHz over T60 at DC for brightness 0 and 1; geometric between."""
WANDER_S, WANDER_LOW_HZ, WANDER_HIGH_HZ = 2.4e-4, 0.4, 1.0
"""How far the read positions wander, and how many new aims a second: a tone spreads by about a cent."""

_BITS = (_ORDER[:, None] >> np.arange(4)) & 1
_BENT = (_BITS[:, 0] & _BITS[:, 1]) ^ (_BITS[:, 2] & _BITS[:, 3])
_SEND = (_BITS[:, 0] & _BITS[:, 2]) ^ (_BITS[:, 1] & _BITS[:, 3])
SEND_SIGN = (1 - 2 * _SEND).astype(np.float32)
HEAR_SIGN = (1 - 2 * np.stack([_BENT, _BENT ^ _BITS[:, 0]])).astype(np.float32)
"""Bent sequences: equally far from every row of the Hadamard matrix, so that no ear hears one line's echoes
alone. The two ears' rows are orthogonal, which decorrelates them."""
RAMP = (np.arange(1, CELL + 1) / CELL).astype(np.float32)
LAGRANGE = np.array([1 / math.prod(k - j for j in range(TAPS) if j != k) for k in range(TAPS)])

ROOM = np.dtype(
    [
        ("t60_s", "f4"),  # target, below 1 kHz: 0.2 to 20
        ("size_m", "f4"),  # target, length of the hall: 5 to 80
        ("brightness", "f4"),  # target: 0 dark to 1 bright
        ("t60_now_s", "f4"),
        ("brightness_now", "f4"),
        ("sample_rate", "f4"),  # frames per second
        ("glide", "f4"),  # share of the way to a target in one cell
        ("fade_step", "f4"),  # share of a crossfade in one cell
        ("fade_from", "f4"),  # 0 to 1, of the part being moved, at the start of the cell
        ("fade", "f4"),  # and at its end
        ("send_from", "f4"),  # gain of the diffused bus into the lines, likewise
        ("send", "f4"),
        ("early_pole", "f4"),
        ("early_state", "f4", 2),
        ("chance", "u8"),  # state of the seeded generator
        ("at", "i8"),  # frames written since prepare_room
        ("ring", "i8"),  # frames of the rings in use, powers of two
        ("allpass_ring", "i8"),
        ("silent", "i8"),  # quiet cells so far; asleep from a whole ring on, when nothing loud is left in it
        ("moving", "i8"),  # 1 while a part is moved to a new size
        ("part", "i8"),  # that part, or the last one: a line, or LINES for the early reflections
        ("part_scale", "f4", LINES + 1),  # what each part is built for: mean line in s; size in m
        ("frames", "i8", LINES + 1),  # delay of each line, a prime
        ("gain_from", "f4", LINES + 1),  # of each line at the start of the cell, with the mixing matrix's 1/4
        ("gain", "f4", LINES + 1),  # and at its end
        ("pole", "f4", LINES + 1),  # of each line's absorption filter
        ("pole_state", "f4", LINES),
        ("wander_from", "f4", LINES),  # frames added to each line at the start of the cell
        ("wander", "f4", LINES),  # and at its end
        ("aim_from", "f4", LINES),  # wandering from here to there, -1 to 1
        ("aim", "f4", LINES),
        ("aim_phase", "f4", LINES),
        ("aim_rate", "f4", LINES),  # per cell
        ("early_frames", "i8", (2, 2, 2, IMAGES)),  # in use / next, bus channel, ear, image
        ("early_gain", "f4", (2, 2, 2, IMAGES)),
        ("diffuser_frames", "i8", (2, STAGES)),
        ("allpass_frames", "i8", LINES),
        ("allpass_from", "f4", LINES + 1),  # gain of the delay inside each line's allpass, likewise
        ("allpass_kept", "f4", LINES + 1),
        ("taps", "f4", (2, TAPS)),  # scratch: weights at the start of a cell, and their change over it
        ("dry", "f4", (2, CELL)),  # scratch: the bus, cleaned, then diffused
        ("cell", "f4", (LINES, CELL)),  # scratch: the lines
        ("bus_memory", "f4", (2, RING + GUARD)),
        ("diffuser_memory", "f4", (2, STAGES, ALLPASS_RING + GUARD)),
        ("allpass_memory", "f4", (LINES, ALLPASS_RING + GUARD)),
        ("line_memory", "f4", (LINES, RING + GUARD)),
    ],
    align=True,
)
"""The state: three targets that the caller may set at any time, and what only these kernels write."""


@kernel
def draw(room):
    """A number from -1 to 1 (Knuth's MMIX generator, its upper 24 bits)."""
    room.chance = room.chance * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return np.int64(room.chance >> np.uint64(40)) / 8388608.0 - 1.0


@kernel
def prime_from(frames):
    """The first odd prime from `frames` (at least 3) on."""
    candidate, divisor = frames | 1, 3
    while divisor * divisor <= candidate:
        if candidate % divisor == 0:
            candidate += 2
            divisor = 1
        divisor += 2
    return candidate


@kernel
def limited(value, low, high):
    """The value within its limits; the lower one if it is not a number."""
    if value > high:
        return high
    return value if value > low else low


@kernel
def clear(row):
    for n in range(row.size):
        row[n] = 0


@kernel
def prepare_room(room, sample_rate, seed):
    """Clear the room for a sample rate of 22,050 to 192,000 Hz. Targets stay as they are.

    The seed (not negative) settles how the reads wander: same seed, same sound.
    """
    room.sample_rate, room.chance = sample_rate, np.uint64(seed)
    room.glide = 1.0 - math.exp(-CELL / (GLIDE_S * sample_rate))
    room.fade_step = CELL / (FADE_S * sample_rate)
    room.early_pole = math.exp(-2.0 * math.pi * EARLY_LOSS_HZ / sample_rate)
    room.ring, room.allpass_ring = RING, ALLPASS_RING
    while room.ring >= 2 * LONGEST_S * sample_rate:
        room.ring //= 2
        room.allpass_ring //= 2
    room.at, room.moving, room.part, room.silent = 0, 0, LINES, room.ring
    room.part_scale[LINES], room.t60_now_s = 0, T60_LOW_S
    for channel in range(2):
        clear(room.bus_memory[channel])
        room.early_state[channel] = 0
        for stage in range(STAGES):
            clear(room.diffuser_memory[channel, stage])
            frames = int(DIFFUSER_S[channel, stage] * sample_rate)
            room.diffuser_frames[channel, stage] = prime_from(max(CELL, frames))
    draw(room)
    for line in range(LINES):
        clear(room.line_memory[line])
        clear(room.allpass_memory[line])
        room.allpass_frames[line] = prime_from(int(LINE_ALLPASS_S[line] * sample_rate))
        room.pole_state[line] = room.part_scale[line] = room.wander[line] = room.aim_from[line] = 0
        room.aim[line], room.aim_phase[line] = draw(room), abs(draw(room))
        aims_hz = WANDER_LOW_HZ + abs(draw(room)) * (WANDER_HIGH_HZ - WANDER_LOW_HZ)
        room.aim_rate[line] = aims_hz * CELL / sample_rate


@kernel
def mirrored(walls, extent, place):
    """Where the image of a source lies on one axis, `walls` reflections away."""
    return walls * extent + (place if walls % 2 == 0 else extent - place)


@kernel
def build_images(room, seat):
    """Gains of all images and their arrivals after the direct sound, less the cell that the room is late."""
    size_m, power = room.part_scale[LINES], 0.0
    wide, high = size_m * WIDTH, size_m * HEIGHT
    x, y, z = wide * LISTENER[0], size_m * LISTENER[1], high * LISTENER[2]
    for channel in range(2):
        from_x, from_y = wide * (0.5 + (2 * channel - 1) * SOURCE[0]), size_m * SOURCE[1]
        from_z = high * SOURCE[2]
        direct_m = math.sqrt((from_x - x) ** 2 + (from_y - y) ** 2 + (from_z - z) ** 2)
        for ear in range(2):
            side = 2 * ear - 1
            for image in range(IMAGES):
                across, along, up = WALLS[image, 0], WALLS[image, 1], WALLS[image, 2]
                dx = mirrored(across, wide, from_x) - x - side * EAR_M
                dy = mirrored(along, size_m, from_y) - y
                dz = mirrored(up, high, from_z) - z
                path_m = math.sqrt(dx * dx + dy * dy + dz * dz)
                cosine = (side * dx * math.sin(EAR_ANGLE) - dy * math.cos(EAR_ANGLE)) / path_m
                gain = REFLECTION ** (abs(across) + abs(along) + abs(up)) * 0.5 * (1.0 + cosine) / path_m
                frames = int((path_m - direct_m) / SOUND_M_S * room.sample_rate)
                room.early_frames[seat, channel, ear, image] = max(0, frames - CELL)
                room.early_gain[seat, channel, ear, image] = gain
                power += 0.5 * gain * gain
    for channel in range(2):
        for ear in range(2):
            for image in range(IMAGES):
                room.early_gain[seat, channel, ear, image] *= math.sqrt(EARLY_POWER / power)


@kernel
def take_images(room):
    """Put the next early reflections in use."""
    for channel in range(2):
        for ear in range(2):
            for image in range(IMAGES):
                room.early_frames[0, channel, ear, image] = room.early_frames[1, channel, ear, image]
                room.early_gain[0, channel, ear, image] = room.early_gain[1, channel, ear, image]


@kernel
def build(room, part, scale, later):
    """Set a part up for its new scale, in its own seat or, `later`, in the one that it will fade to."""
    room.part_scale[part] = scale
    if part == LINES:
        build_images(room, 1 if later else 0)
    else:
        room.frames[NEXT if later else part] = prime_from(int(LINE_RATIO[part] * scale * room.sample_rate))


@kernel
def move(room, waking):
    """Crossfade part after part to the target size; all at once when waking. True if gains must follow."""
    size_m = limited(room.size_m, SIZE_LOW_M, SIZE_HIGH_M)
    most_s = LINE_T60_SHARE * limited(room.t60_s, T60_LOW_S, T60_HIGH_S)
    mean_s = limited(LINE_BASE_S + LINE_S_PER_M * size_m, 0.0, most_s)
    changed, last = False, room.part
    if room.moving and (waking or room.fade >= 1):
        room.moving, changed = 0, True
        if last == LINES:
            take_images(room)
        else:
            room.frames[last], room.gain[last] = room.frames[NEXT], room.gain[NEXT]
    for step in range(1, LINES + 2):
        part = (last + step) % (LINES + 1)
        scale = np.float32(size_m if part == LINES else mean_s)
        if not room.moving and room.part_scale[part] != scale:
            build(room, part, scale, not waking)
            room.part, room.moving, room.fade, changed = part, not waking, 0, True
    room.fade_from = room.fade
    room.fade = min(ONE, room.fade + room.fade_step)
    return changed


@kernel
def pole_for(power_ratio, hz, sample_rate):
    """The pole p of (1 - p) / (1 - p / z) whose power gain at `hz` is `power_ratio`."""
    a = 1.0 - power_ratio
    b = 1.0 - power_ratio * math.cos(2.0 * math.pi * hz / sample_rate)
    return a / (b + math.sqrt(b * b - a * a))


@kernel
def set_losses(room):
    """Gains and poles of the lines for the present T60 and brightness, and the send that keeps the level.

    A delay of D seconds, inside a line's allpass too, loses 60 D / T60 dB. The pole gives the shorter T60 at
    8 kHz, unless that would take more than 5 % of the T60 at 500 Hz. The level follows from the balance of
    power: the lines lose, each time round, what they are sent.
    """
    hf_ratio = HF_RATIO_DARK * (HF_RATIO_BRIGHT / HF_RATIO_DARK) ** room.brightness_now
    nepers, kept = math.log(1000.0) / (room.sample_rate * room.t60_now_s), 0.0
    direct = float(ALLPASS) ** 2
    for seat in range(LINES + 1):
        line = seat if seat < LINES else room.part % LINES
        loss = nepers * (room.frames[seat] + room.allpass_frames[line])
        bright = pole_for(math.exp(-2.0 * loss * (1.0 / hf_ratio - 1.0)), BRIGHT_HZ, room.sample_rate)
        mid = pole_for(math.exp(-2.0 * loss * MID_COST), MID_HZ, room.sample_rate)
        room.pole[seat] = bright if bright < mid else mid
        gain = math.exp(-nepers * room.frames[seat])
        room.gain[seat] = 0.25 * gain
        if seat < LINES:
            inside = math.exp(-nepers * room.allpass_frames[line])
            room.allpass_kept[line] = inside
            through = (inside * (1.0 - direct)) ** 2 / (1.0 - inside**2 * direct)
            kept += (direct + through) * gain**2 / LINES
    room.send = math.sqrt(LATE_POWER * (1.0 - kept) / kept)


@kernel
def follow(room, waking):
    """Go one cell of the way to the targets, or all of it when waking."""
    t60_s = np.float32(limited(room.t60_s, T60_LOW_S, T60_HIGH_S))
    brightness = np.float32(limited(room.brightness, 0.0, 1.0))
    stale = move(room, waking) or room.t60_now_s != t60_s or room.brightness_now != brightness
    room.t60_now_s *= (t60_s / room.t60_now_s) ** room.glide
    room.brightness_now += room.glide * (brightness - room.brightness_now)
    far = abs(room.t60_now_s - t60_s) > GLIDE_END * t60_s or abs(room.brightness_now - brightness) > GLIDE_END
    if waking or not far:
        room.t60_now_s, room.brightness_now = t60_s, brightness
    room.send_from = room.send
    for seat in range(LINES + 1):
        room.gain_from[seat], room.allpass_from[seat] = room.gain[seat], room.allpass_kept[seat]
    if stale:
        set_losses(room)
    if waking:
        room.send_from = room.send
