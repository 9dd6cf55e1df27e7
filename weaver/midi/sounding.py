"""What has been begun by MIDI, and how to end it."""

from __future__ import annotations

NOTE_OFF, NOTE_ON, START, CONTINUE, STOP = 0x80, 0x90, 0xFA, 0xFB, 0xFC
RELEASE_VELOCITY = 64
"""Of a note that ends for no reason a hand has given (MIDI 1.0)."""


class Sounding:
    """Keeps the notes that sound and whether a song rolls, as one port has been told."""

    def __init__(self) -> None:
        self._notes: dict[tuple[int, int], None] = {}
        self._rolls = False

    @property
    def is_any(self) -> bool:
        """Whether a note sounds."""
        return bool(self._notes)

    def follow(self, data: bytes) -> None:
        """A whole message, that is being sent."""
        kind = data[0] & 0xF0
        if kind == NOTE_ON and data[2] > 0:
            self._notes[data[0] & 0x0F, data[1]] = None
        elif kind in (NOTE_ON, NOTE_OFF):
            self._notes.pop((data[0] & 0x0F, data[1]), None)
        elif data[0] in (START, CONTINUE):
            self._rolls = True
        elif data[0] == STOP:
            self._rolls = False

    def endings(self) -> list[bytes]:
        """What ends it all: note-offs in the order of their notes, then Stop; nothing sounds after that."""
        said = [bytes((NOTE_OFF | channel, note, RELEASE_VELOCITY)) for channel, note in self._notes]
        said += [bytes((STOP,))] if self._rolls else []
        self._notes.clear()
        self._rolls = False
        return said
