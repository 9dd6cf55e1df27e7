"""Fingers on the discs of spheres, as a tablet tells of them, become strikes and rubs.

A finger is at x, y on a disc whose box is 0 to 1 each way, y upwards; its distance from the centre, 0 there and 1 on
the edge, is the position on the sphere, from pole to rim. Where it lands it strikes: with LOW_VELOCITY at the bottom of
the disc, with HIGH_VELOCITY at the top. As it moves it rubs: as fast as the share of a round that it makes per second,
the firmer the further out, and firmer as it goes on. When it rests the rubbing ends within some 150 ms, when it is
lifted at once.

A network loses packets and holds others up. So silence is bridged for a moment, and then taken for rest; nothing sounds
on because a packet was lost. Who says only x and y, and never that it lifts (TouchOSC Mk1), lands with the first word
after LANDS_AFTER_S.

Who says all three may say them one by one as they change: that it is down, still with x and y of the last time, then x,
then y. So the strike of a finger whose x or y is the one it was lifted at waits SETTLE_S for the others.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from weaver.model.gestures import RUB, STRIKE, gesture_named

LOW_VELOCITY, HIGH_VELOCITY = 0.35, 1.0
HARDNESS = gesture_named("strike").values()[1]
LANDS_AFTER_S = 0.3
SETTLE_S = 0.01
MOST_REMEMBERED = 4096
"""Fingers of whom it is remembered where they were lifted; the one that was lifted first is forgotten."""
LOST_S = 0.5
"""Not heard of for so long, and then further off than MOVED: its lift was lost, and it has landed anew."""
MOVED = 0.15
"""Of the disc's box."""
LEFT_S = 10.0
"""Not heard of for so long it has left."""
WINDOW_S = 0.05
"""Over which speed is taken: three messages of a tablet that sends 60 a second, however they bunch."""
BRIDGE_S = 0.075
"""Silence that may be a gap of the network (consumer Wi-Fi holds packets back for so long now and then);"""
RESTED_S = 0.15
"""and silence after which it has rested: it has set off only now."""
EASE_S, PRESS_S = 0.02, 0.06
"""Time constants: of speed, and of what is let go; of a finger that presses."""
SLACK = 0.012
"""Rounds that a finger may roll before that is rubbing."""
SLOWEST = 0.03
"""Rounds per second; slower is rest."""
LIGHT, FIRM = 0.3, 0.8
"""Pressure of a finger that goes round the pole, and of one on the rim."""
LIFTED = 0.05
"""Pressure below which a finger that eases off has been lifted."""
INNERMOST = 0.5
"""A finger nearer to the centre is taken to go round a circle of this radius: there angles say nothing."""
FINE = 0.01
"""Smaller changes of a rub are not told."""


class Deed(NamedTuple):
    """A gesture by its code, to a sphere counted from 0, with its three arguments."""

    code: int
    sphere: int
    a: float
    b: float
    c: float


@dataclass(slots=True)
class _Finger:
    x: float
    y: float
    heard_s: float
    eased_s: float
    is_down: bool = True
    is_stilled: bool = False  # silenced while down: it has to land again
    strikes_s: float | None = None  # it has landed, and strikes then at the latest
    lifted_at: tuple[float, float] | None = None  # where it was the last time
    is_going: bool = False
    rounds: float = 0.0  # its way so far
    rested: float = 0.0  # that way when it rested last
    speed: float = 0.0
    pressure: float = 0.0
    trail: deque[tuple[float, float]] = field(default_factory=deque)  # (time, way until then)

    @property
    def position(self) -> float:
        return min(2.0 * math.hypot(self.x - 0.5, self.y - 0.5), 1.0)

    @property
    def has_settled(self) -> bool:
        """Whether both x and y are of this time."""
        return self.lifted_at is not None and self.x != self.lifted_at[0] and self.y != self.lifted_at[1]

    def land(self, x: float, y: float, time_s: float, settle_s: float) -> None:
        self.strikes_s = time_s + settle_s
        self.x, self.y, self.heard_s, self.eased_s = x, y, time_s, time_s
        self.is_down, self.is_stilled, self.is_going = True, False, False
        self.rounds = self.rested = self.speed = self.pressure = 0.0
        self.trail.clear()
        self.trail.append((time_s, 0.0))

    def lift(self) -> None:
        self.is_down = self.is_going = False
        self.speed = self.pressure = 0.0

    def move(self, x: float, y: float, time_s: float) -> None:
        before = self.position
        way = 2.0 * math.hypot(x - self.x, y - self.y)  # in radii of the disc
        if time_s - self.heard_s > RESTED_S:
            self.trail.clear()
            self.trail.append((time_s, self.rounds))
        self.x, self.y, self.heard_s = x, y, time_s
        circle = max(0.5 * (before + self.position), INNERMOST)
        self.rounds += way / (2.0 * math.pi * circle)
        self.trail.append((time_s, self.rounds))
        while len(self.trail) > 2 and self.trail[1][0] <= time_s - WINDOW_S:
            self.trail.popleft()
        if self.rounds - self.rested > SLACK and not self.is_stilled:
            self.is_going = True

    def _pace(self) -> float:
        """Rounds per second at the last word."""
        then_s, way = self.trail[0]
        return (self.rounds - way) / max(self.heard_s - then_s, WINDOW_S)

    def ease(self, now_s: float) -> None:
        """Bring speed and pressure nearer to what they are on their way to."""
        passed_s = max(now_s - self.eased_s, 0.0)
        self.eased_s = max(now_s, self.eased_s)
        if not self.is_going:
            return
        pace = self._pace() if now_s - self.heard_s <= BRIDGE_S else 0.0
        is_moving = pace >= SLOWEST
        aim = LIGHT + (FIRM - LIGHT) * self.position if is_moving else 0.0
        self.speed += (min(pace, 1.0) - self.speed) * -math.expm1(-passed_s / EASE_S)
        self.pressure += (aim - self.pressure) * -math.expm1(-passed_s / (PRESS_S if is_moving else EASE_S))
        if not is_moving and self.pressure < LIFTED:
            self.is_going, self.rested = False, self.rounds
            self.speed = self.pressure = 0.0


Rub = tuple[float, float, float]
"""Pressure, speed, position."""


class Fingers:
    """All fingers of all players. Whoever they belong to is told apart by `owner`; times are seconds of one clock.

    What is returned is to be done in that order. On a sphere that several rub the firmest finger counts.
    """

    def __init__(self) -> None:
        self._fingers: dict[int, dict[tuple[Hashable, int], _Finger]] = {}
        self._lifted: dict[tuple[Hashable, int, int], tuple[float, float]] = {}
        self._of: dict[Hashable, dict[tuple[int, int], None]] = {}  # sphere and finger of all that an owner has put
        self._told: dict[int, Rub] = {}

    def touch(
        self, owner: Hashable, sphere: int, finger: int, x: float, y: float, is_down: bool | None, time_s: float
    ) -> list[Deed]:
        """A finger, by its number, is at x, y of a sphere's disc. `is_down` None: it cannot say."""
        here = self._fingers.setdefault(sphere, {})
        known = here.get((owner, finger))
        if is_down is False:
            return self.lift(owner, sphere, finger)
        if known is None or self._has_landed(known, x, y, is_down, time_s):
            if known is None:
                known = here[owner, finger] = _Finger(x, y, time_s, time_s)
                self._of.setdefault(owner, {})[sphere, finger] = None
                known.lifted_at = self._lifted.get((owner, sphere, finger))
            else:
                known.lifted_at = known.x, known.y
            known.land(x, y, time_s, 0.0 if is_down is None else SETTLE_S)
        elif known.strikes_s is not None:
            known.x, known.y = x, y
        else:
            known.move(x, y, time_s)
        deeds = self._strike(sphere, known, time_s)
        known.ease(time_s)
        return deeds + self._rub(sphere)

    @staticmethod
    def _strike(sphere: int, finger: _Finger, now_s: float) -> list[Deed]:
        """The strike of a finger that has landed, once it is known where."""
        if finger.strikes_s is None or not (finger.has_settled or now_s >= finger.strikes_s):
            return []
        finger.strikes_s = None
        velocity = LOW_VELOCITY + (HIGH_VELOCITY - LOW_VELOCITY) * finger.y
        return [Deed(STRIKE, sphere, velocity, HARDNESS, finger.position)]

    @staticmethod
    def _has_landed(finger: _Finger, x: float, y: float, is_down: bool | None, time_s: float) -> bool:
        silent_s = time_s - finger.heard_s
        if not finger.is_down:
            return True
        if is_down is None:
            return silent_s > LANDS_AFTER_S
        return silent_s > LOST_S and math.hypot(x - finger.x, y - finger.y) > MOVED

    def lift(self, owner: Hashable, sphere: int, finger: int) -> list[Deed]:
        """A finger leaves."""
        known = self._fingers.get(sphere, {}).get((owner, finger))
        if known is None or not known.is_down:
            return self._rub(sphere)
        deeds = self._strike(sphere, known, math.inf)
        known.lift()
        if len(self._lifted) >= MOST_REMEMBERED:
            del self._lifted[next(iter(self._lifted))]
        self._lifted[owner, sphere, finger] = known.x, known.y
        return deeds + self._rub(sphere)

    def turn(self, now_s: float) -> list[Deed]:
        """Time goes by: what eases, rests and is lost. To be called some 50 times a second."""
        deeds: list[Deed] = []
        for sphere, here in list(self._fingers.items()):
            for key, finger in list(here.items()):
                deeds += self._strike(sphere, finger, now_s)
                finger.ease(now_s)
                if now_s - finger.heard_s > (LEFT_S if finger.is_down else LOST_S):
                    del here[key]
            if not here:
                del self._fingers[sphere]
            if sphere in self._told or here:
                deeds += self._rub(sphere)
        return deeds

    def leave(self, owner: Hashable) -> list[Deed]:
        """All fingers of an owner leave."""
        deeds: list[Deed] = []
        for sphere, finger in self._of.pop(owner, ()):
            self._lifted.pop((owner, sphere, finger), None)
            if self._fingers.get(sphere, {}).pop((owner, finger), None) is not None:
                deeds += self._rub(sphere)
        return deeds

    def still(self) -> None:
        """All has been silenced: fingers that are down do nothing until they land again."""
        self._told.clear()
        for here in self._fingers.values():
            for finger in here.values():
                finger.is_going, finger.is_stilled = False, True
                finger.speed = finger.pressure = 0.0
                finger.strikes_s = None

    def keep(self, count: int) -> None:
        """There are `count` spheres now."""
        self._fingers = {sphere: here for sphere, here in self._fingers.items() if sphere < count}
        self._told = {sphere: rub for sphere, rub in self._told.items() if sphere < count}

    def is_rubbing(self, sphere: int) -> bool:
        """Whether a finger rubs a sphere."""
        return sphere in self._told

    def _rub(self, sphere: int) -> list[Deed]:
        """What the fingers on a sphere come to, if that has changed."""
        told = self._told.get(sphere)
        firmest = max(self._fingers.get(sphere, {}).values(), key=lambda finger: finger.pressure, default=None)
        if firmest is None or firmest.pressure <= 0.0:
            if told is None:
                return []
            del self._told[sphere]
            return [Deed(RUB, sphere, 0.0, *told[1:])]
        rub = firmest.pressure, firmest.speed, firmest.position
        if told is not None and max(abs(a - b) for a, b in zip(rub, told, strict=True)) < FINE:
            return []
        self._told[sphere] = rub
        return [Deed(RUB, sphere, *rub)]
