"""One pressure pad: from what the ADC reads to velocity, pressure and release.

Times are whole microseconds that wrap at CLOCK_MASK, levels are ADC counts from 0 to 65535.
"""

import math

CLOCK_MASK = (1 << 29) - 1  # a small integer on this board, so that arithmetic with times costs no memory

MARGIN_COUNTS = 1_200  # a pad is pressed this far above its rest,
MARGIN_PER_NOISE = 4  # or so many times as far as it wavers there,
OFF_PER_CENT = 60  # and let go below so much of that
RANGE_COUNTS = 40_000  # from there to the hardest press; see README.md, "Calibration"
STRIKE_US = 3_000  # for so long a strike is watched, to tell its velocity
SLOWEST_COUNTS_PER_MS = 300  # this steep a rise is velocity 1,
FASTEST_COUNTS_PER_MS = 13_000  # and this one 127
RELEASE_US = 8_000  # a pad that is let go stays so for this long before it is believed
GIVE_UP_US = 250_000  # a note-off that USB has no room for is tried again for so long
PRESSURE_STEP = 2  # smaller changes of pressure are not told,
PRESSURE_US = 10_000  # nor any sooner than this after the last: 100 a second for each pad
DRIFT_SHIFT = 6  # the rest follows a pad's drift by 1/64 of the way, each so long:
DRIFT_US = 20_000

REST, RISING, DOWN = 0, 1, 2


def since(now_us, then_us):
    """How long ago something was, across the clock's wrap."""
    return (now_us - then_us) & CLOCK_MASK


class Pad:
    """One pad. `send(status, first, second)` sends a short message, and is True if there was room for it."""

    def __init__(self, note, send):
        self.note, self.send = note, send
        self.state = REST
        self.lowest, self.highest = 65_535, 0
        self.rest = self.margin = self.on = self.off = 0
        self.level, self.level_us = 0, 0
        self.began_us = self.told_us = self.drift_us = self.low_us = 0
        self.is_low = False
        self.steepest = 0
        self.pressure = 0

    def calibrate(self, level, now_us):
        """Watch a pad that nobody touches."""
        self.lowest, self.highest = min(level, self.lowest), max(level, self.highest)
        self.rest = (self.lowest + self.highest) // 2
        self.margin = max(MARGIN_COUNTS, MARGIN_PER_NOISE * (self.highest - self.lowest))
        self._set_thresholds()
        self.level, self.level_us, self.drift_us = level, now_us, now_us

    def _set_thresholds(self):
        self.on = self.rest + self.margin
        self.off = self.rest + self.margin * OFF_PER_CENT // 100

    def read(self, level, now_us):
        """What the pad's level means now."""
        if self.state == REST:
            if level > self.on:
                self.state, self.began_us, self.steepest = RISING, now_us, 0
                self._watch(level, now_us)
            elif since(now_us, self.drift_us) >= DRIFT_US:
                self._drift(level, now_us)
        elif self.state == RISING:
            self._watch(level, now_us)
            if level < self.off:
                self.state = REST  # nobody's finger is so quick: noise
            elif since(now_us, self.began_us) >= STRIKE_US:
                self._strike(level, now_us)
        elif level < self.off:
            if not self.is_low:
                self.is_low, self.low_us = True, now_us
            elif since(now_us, self.low_us) >= RELEASE_US:
                self._release(now_us)
        else:
            self.is_low = False
            self._press(level, now_us)
        self.level, self.level_us = level, now_us

    def _drift(self, level, now_us):
        """Rubber and paper creep; a pad that was touched while it was calibrated comes back at once."""
        self.drift_us = now_us
        self.rest = level if level < self.rest - self.margin else self.rest + ((level - self.rest) >> DRIFT_SHIFT)
        self._set_thresholds()

    def _watch(self, level, now_us):
        rise_us = since(now_us, self.level_us)
        if rise_us:
            self.steepest = max(self.steepest, (level - self.level) * 1000 // rise_us)

    def _strike(self, level, now_us):
        self.state, self.told_us, self.pressure = DOWN, now_us, 0
        steepness = max(self.steepest, SLOWEST_COUNTS_PER_MS) / SLOWEST_COUNTS_PER_MS
        share = math.log(steepness) / math.log(FASTEST_COUNTS_PER_MS / SLOWEST_COUNTS_PER_MS)
        self.send(0x90, self.note, min(127, 1 + int(126 * share)))

    def _release(self, now_us):
        if self.send(0x80, self.note, 64) or since(now_us, self.low_us) >= GIVE_UP_US:
            self.state, self.is_low = REST, False

    def _press(self, level, now_us):
        pressure = max(0, min(127, (level - self.on) * 127 // RANGE_COUNTS))
        changed = abs(pressure - self.pressure)
        at_an_end = changed and pressure in (0, 127)
        if (changed >= PRESSURE_STEP or at_an_end) and since(now_us, self.told_us) >= PRESSURE_US:
            self.pressure, self.told_us = pressure, now_us
            self.send(0xA0, self.note, pressure)
