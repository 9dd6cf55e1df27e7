"""What the MIDI inputs tell of, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MidiIn:
    """One message as it came: from which slot (0 to 15), its bytes, and when on the instrument's clock
    (seconds)."""

    port: int
    data: bytes
    time_s: float


@dataclass(frozen=True, slots=True)
class SlotStatus:
    """One line of the terminal page. `last_s` is on the instrument's clock, None until something came."""

    port: int
    name: str
    connected: bool
    messages: int
    last_s: float | None


class Follower(Protocol):
    """Whoever else wants to know, on the reader's thread. What it raises is counted in `errors`."""

    def message(self, event: MidiIn) -> None:
        """This has come; the sink had it before."""

    def vanished(self, slot: int) -> None:
        """This slot's device went; `on_vanished` was told before."""

    def looked(self) -> None:
        """The inputs have just been compared with those there are."""
