"""What carries bytes to and from controllers, whatever stands behind it: JACK, a system's MIDI, serialosc."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

LONGEST_BYTES = 1024
"""Of one message, either way: more than any frame of lights or reply of a controller has."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a controller: from which slot, its bytes, and when on the clock of time.monotonic()."""

    slot: int
    data: bytes
    time_s: float


class Wires(Protocol):
    """Bytes to and from controllers. A name is that of a port; it stays the same while the port is there.

    What comes in sounds without anybody's doing: it goes to the decoder by its slot. `heard` tells of it, for lights,
    pages and learning. For one thread only.
    """

    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """What could be listened to now: port -> all the names it goes by, itself included."""

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """What could be sent to now, likewise."""

    def join(self, input_name: str, output_name: str | None) -> int:
        """Seat a controller: its slot from now on, the same when it comes back. Raises DeviceError."""

    def joined(self) -> Mapping[int, str]:
        """Who is joined now: slot -> input. Whoever is no longer in it has gone, was let go, and has to join again.

        A device that is pulled out and put straight back shows only here: its name may never have left `inputs`.
        """

    def part(self, slot: int) -> None:
        """Disconnect a controller; its slot stays its own. What it held is let go."""

    def send(self, slot: int, data: bytes) -> bool:
        """Send one whole message of LONGEST_BYTES at most; False if there is no room, or nobody to send it to.

        Never waits long.
        """

    def heard(self) -> list[Heard]:
        """What joined controllers have said since the last time, in order."""

    @property
    def lost(self) -> Mapping[str, int]:
        """How much was lost, by reason."""
