"""What one surface has been told, and what it shall be told next: differences only, within what it can take."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.driver import Driver

TOLD_AGAIN_S = 0.1
"""How long after a touch a light is told a second time: the device may have changed it late."""
FINGER_S = 0.1
"""A ring whose knob moves, and a fader that was just let go, are left to the device for so long: what they are told
would come late and pull at them."""
EARLY, LATE = 0.1, 0.25
"""Shares of the time between two pictures by which one may come early, so that a clock that trembles misses none; and
what of a late one's delay the next need not wait."""
EXTRAS_PER_PICTURE = 8
"""Messages of what is shown beside lights, in one picture."""
URGENT, WAITED = 8.0, 1.0
"""Weight of urgency against that of every picture that a light has waited for: none waits for ever."""
UNKNOWN = np.iinfo(np.int32).min


class LightMemory:
    """Holds the last picture against what was sent last. What there was no room for is not kept: the next picture
    says anew what the light shall be."""

    def __init__(
        self, driver: Driver, lights: Lights, spots: Sequence[Spot], fingers: Collection[int] = frozenset()
    ) -> None:
        """`fingers` are touches that are held already."""
        self.driver, self.lights = driver, lights
        self.count = len(spots)
        self.period_s = 1.0 / lights.rate_hz
        self.has_to_choose = 0 < lights.per_picture < self.count
        """Whether one picture may not hold all that has changed."""
        self.spots_of_place: dict[int, list[int]] = {}
        for index, spot in enumerate(spots):
            if spot.place >= 0:
                self.spots_of_place.setdefault(spot.place, []).append(index)
        self.is_length = np.array([spot.kind in ("ring", "level") for spot in spots], np.bool_)
        self.sent: NDArray[np.int32] | None = None
        self.sent_colour = np.zeros((self.count, 3), np.int16)
        self.waited = np.zeros(self.count, np.float32)
        self.finger_until_s = np.zeros(self.count)
        self.fingers = set(fingers)
        self.touch = np.array([spot.touch for spot in spots], np.int32)
        self.is_held = np.isin(self.touch, list(self.fingers))
        self.again: list[tuple[float, list[int]]] = []
        self.extras: dict[str, bytes] = {}
        self.next_s = 0.0
        self.healed = 0
        self.told = 0

    def frame(
        self,
        wanted: NDArray[np.uint8],
        now_s: float,
        urgency: NDArray[np.float32] | None = None,
        extras: Mapping[str, bytes] | None = None,
    ) -> list[tuple[bytes, float]]:
        """What to send now: (message, seconds to wait after it), at most the device's rate of pictures a second.

        `wanted` is uint8[spot, 3]; `now_s` any clock that runs on; `urgency` float32[spot], 0 to 1. All of it is taken
        for sent: if sending fails, `forget`.
        """
        if not self.is_due(now_s):
            return []
        self._forget_again(now_s)
        codes = self.driver.codes(wanted)
        if self.sent is None:
            self.sent = np.full_like(codes, UNKNOWN)
        which = self._which(codes, wanted, now_s, urgency)
        messages = self.driver.messages(codes, which) if which else []
        self.sent[which] = codes[which]
        self.sent_colour[which] = wanted[which]
        self.told += len(which)
        messages += self._new_extras(extras)
        if messages:
            self.next_s = max(self.next_s, now_s - LATE * self.period_s) + self.period_s
        return [(message, self.lights.pause_s) for message in messages]

    def is_due(self, now_s: float) -> bool:
        """Whether the device can take a picture now."""
        return now_s >= self.next_s - EARLY * self.period_s

    def is_settled(self, wanted: NDArray[np.uint8]) -> bool:
        """Whether the device has been told all of a picture."""
        return self.sent is not None and bool((self.driver.codes(wanted) == self.sent).all())

    def forget(self, spots: Collection[int] | None = None) -> None:
        """Some lights, or all and everything else, may show anything: they are told again."""
        if spots is None:
            self.sent = None
            self.extras.clear()
        elif self.sent is not None and spots:
            self.sent[list(spots)] = UNKNOWN

    def felt(self, touch: int, is_held: bool, now_s: float) -> None:
        """A finger was laid on what has this touch, or was lifted from it: it is told nothing in between, and then
        again where it shall be, for the finger has moved it."""
        spots = np.flatnonzero(self.touch == touch)
        if not len(spots):
            return
        self.is_held[spots] = is_held
        if is_held:
            self.fingers.add(touch)
            return
        self.fingers.discard(touch)
        self.forget(spots.tolist())
        self.finger_until_s[spots] = np.maximum(self.finger_until_s[spots], now_s + FINGER_S)

    def touched(self, place: int, now_s: float) -> None:
        """The control at a place of `Laid.assignments` was pressed, turned or let go."""
        spots = self.spots_of_place.get(place)
        if spots is None:
            return
        self.finger_until_s[spots] = now_s + FINGER_S
        if self.lights.overrides:
            self.forget(spots)
            self.again.append((now_s + TOLD_AGAIN_S, spots))

    def _forget_again(self, now_s: float) -> None:
        while self.again and self.again[0][0] <= now_s:
            self.forget(self.again.pop(0)[1])

    def _which(
        self, codes: NDArray[np.int32], wanted: NDArray[np.uint8], now_s: float, urgency: NDArray[np.float32] | None
    ) -> list[int]:
        """The lights to tell, the most urgent first."""
        assert self.sent is not None
        differs = (codes != self.sent).any(axis=1)
        differs &= ~(self.is_held | self.is_length & (self.finger_until_s > now_s))
        which = np.flatnonzero(differs)
        if not self.has_to_choose:
            return which.tolist() + self._to_heal(which.tolist(), self.lights.heal)
        self.waited[~differs] = 0.0
        if len(which) > 1:
            change = np.abs(wanted[which] - self.sent_colour[which]).max(axis=1) / 256.0
            rank = change + WAITED * self.waited[which]
            if urgency is not None:
                rank = rank + URGENT * urgency[which]
            which = which[np.argsort(-rank, kind="stable")]
        room = self.lights.per_picture or self.count
        chosen: list[int] = which[: max(room - self.lights.heal, 1)].tolist()
        self.waited[which] += 1.0
        self.waited[chosen] = 0.0
        return chosen + self._to_heal(chosen, min(self.lights.heal, room - len(chosen)))

    def _to_heal(self, chosen: Sequence[int], count: int) -> list[int]:
        """The next few lights in turn, but those that are told anyway."""
        turn: list[int] = []
        taken = {*chosen, *np.flatnonzero(self.is_held).tolist()}
        for _ in range(self.count):
            if len(turn) >= count:
                break
            if self.healed not in taken:
                turn.append(self.healed)
            self.healed = (self.healed + 1) % self.count
        return turn

    def _new_extras(self, extras: Mapping[str, bytes] | None) -> list[bytes]:
        """What differs from what was said last; what is no longer there is forgotten."""
        if not extras:
            self.extras.clear()
            return []
        self.extras = {name: data for name, data in self.extras.items() if name in extras}
        fresh = [name for name, data in extras.items() if self.extras.get(name) != data][:EXTRAS_PER_PICTURE]
        for name in fresh:
            self.extras[name] = extras[name]
        return [extras[name] for name in fresh]
