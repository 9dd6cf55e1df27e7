"""Which control is being moved, and how it tells: heard from what it sends while a hand moves it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from weaver.mapping.profile import Encoding, Message

QUIET_S = 0.25
"""After so long without a word a hand is taken to have moved what it wanted to."""
LONG_S = 1.5
"""A control that is moved on and on is known by then."""
FINE = 32
"""From a control below 32 to the one that is the lower half of its 14 bits (MIDI 1.0)."""
MODES_FROM = 120
"""Control changes from here on are channel mode messages."""
NEAR_64, SMALL = 12, 20
"""Ticks in one message at most: beside the centre of a binary offset, and from 0 or 128."""
NOTE_ON, CONTROL, BEND = 0x90, 0xB0, 0xE0


@dataclass(frozen=True, slots=True)
class Moved:
    """A control that was moved: `channel` counts from 0, `number` is 0 for a bend."""

    slot: int
    message: Message
    channel: int
    number: int
    encoding: Encoding


@dataclass(slots=True)
class _Heard:
    values: list[int] = field(default_factory=list)


class Ear:
    """Listens until it is sure. One hand moves one control: of several the one that says most is meant."""

    def __init__(self) -> None:
        self._heard: dict[tuple[int, Message, int, int], _Heard] = {}
        self._first_s = self._last_s = 0.0

    def hear(self, slot: int, data: bytes, time_s: float) -> None:
        """One message of a controller, whatever it is."""
        if len(data) < 3 or data[0] & 0xF0 not in (NOTE_ON, CONTROL, BEND):
            return
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        if (kind == NOTE_ON and data[2] == 0) or (kind == CONTROL and data[1] >= MODES_FROM):
            return
        message: Message = "note" if kind == NOTE_ON else "cc" if kind == CONTROL else "bend"
        number = 0 if kind == BEND else data[1]
        if not self._heard:
            self._first_s = time_s
        self._last_s = time_s
        self._heard.setdefault((slot, message, channel, number), _Heard()).values.append(data[2])

    def moved(self, now_s: float) -> Moved | None:
        """What was moved, once the hand rests; then it listens anew."""
        if not self._heard or (now_s - self._last_s < QUIET_S and now_s - self._first_s < LONG_S):
            return None
        key = max(self._heard, key=self._weight)
        slot, message, channel, number = key
        encoding = self._encoding(key)
        if encoding == "absolute-14" and message == "cc" and number >= FINE:
            number -= FINE
        self._heard.clear()
        return Moved(slot, message, channel, number, encoding)

    def forget(self) -> None:
        """Listen anew."""
        self._heard.clear()

    def _weight(self, key: tuple[int, Message, int, int]) -> tuple[bool, bool, int]:
        """Knobs that feel a finger, and faders, also send a note: what moves comes before what is pressed. An upper
        half comes before its lower one."""
        _, message, _, _ = key
        count = len(self._heard[key].values)
        return message != "note" and count > 1, not (message == "cc" and self._is_fine(key)), count

    def _is_fine(self, key: tuple[int, Message, int, int]) -> bool:
        slot, message, channel, number = key
        return message == "cc" and number >= FINE and (slot, message, channel, number - FINE) in self._heard

    def _encoding(self, key: tuple[int, Message, int, int]) -> Encoding:
        slot, message, channel, number = key
        if message == "bend":
            return "absolute-14"
        if message == "note":
            return "absolute"
        if number < FINE and (slot, message, channel, number + FINE) in self._heard:
            return "absolute-14"
        return encoding_of(self._heard[key].values)


def encoding_of(values: Sequence[int]) -> Encoding:
    """How an encoder or a knob tells, by what a control change said while it was turned.

    A knob says where it stands, and so never the same twice; an encoder says how far it went, again and again. Turned
    one way only, twos-complement and sign-magnitude may sound alike: then it is the former, which is the commoner.
    """
    repeats = sum(now == before for before, now in itertools.pairwise(values))
    if len(values) < 3 or 4 * repeats < len(values) - 1:
        return "absolute"
    small = any(0 < value <= SMALL for value in values)
    above = any(64 < value <= 64 + SMALL for value in values)
    if any(64 - NEAR_64 <= value < 64 for value in values) or (above and not small):
        return "binary-offset"
    if above:
        return "sign-magnitude"
    if all(0 < value <= SMALL or value >= 128 - SMALL for value in values):
        return "twos-complement"
    return "absolute"
