"""Controllers whose lights no host can tell: they only play."""

from __future__ import annotations

from support.twins.twin import CC, CHANNEL_PRESSURE, NOTE_OFF, NOTE_ON, Port, Twin

PADS_CHANNEL, FIRST_NOTE = 9, 36


class Plain(Twin):
    """Pads on channel 10 from note 36, from the bottom left."""

    knob_ccs: tuple[int, ...] = ()

    def _note(self, column: int, row: int) -> int:
        return FIRST_NOTE + self.columns * row + column

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON | PADS_CHANNEL, self._note(column, row), velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_OFF | PADS_CHANNEL, self._note(column, row), 0)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        return self.say(CHANNEL_PRESSURE | PADS_CHANNEL, pressure)

    def turn(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, self.knob_ccs[number], value)


class Mpd218(Plain):
    kind = client = "MPD218"
    ports = (Port("MPD218 MIDI 1"),)
    columns, rows = 4, 4
    knob_ccs = (3, 9, 12, 13, 14, 15)


class MpkMini3(Plain):
    kind = client = "MPK mini 3"
    ports = (Port("MPK mini 3 MIDI 1"),)
    columns, rows = 4, 2
    knob_ccs = tuple(range(70, 78))

    def key(self, note: int, velocity: int = 100) -> list[bytes]:
        """One of its keys; 0 lets it go."""
        return self.say(NOTE_ON if velocity else NOTE_OFF, note, velocity)


class Box(Plain):
    """A controller that nobody knows."""

    kind = client = "Box of Knobs"
    ports = (Port("Box of Knobs MIDI 1"),)
    columns, rows = 4, 4
    knob_ccs = (20, 21, 22)
