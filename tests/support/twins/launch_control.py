"""Launch Control XL: mk2 with templates, two buffers and a slow line to its lights; 3 with RGB in DAW mode."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.palette import PALETTE
from support.twins.twin import CC, NOTE_OFF, NOTE_ON, Bucket, Colour, Port, Twin, from_7_bit

HEADER = bytes.fromhex("F0 00 20 29 02 11")
CHOOSE, LIGHTS = 0x77, 0x78
FACTORY_1 = 8
N_LIGHTS = 0x30
RED_ONLY, YELLOW_ONLY = range(0x2C, 0x30), range(0x28, 0x2C)
COPY, CLEAR = 0x04, 0x08
LIGHTS_S, ROOM = 480.0, 72
"""All 48 take about 100 ms; a picture that comes a little early waits."""
KNOB_CCS = (*range(13, 21), *range(29, 37), *range(49, 57))
FADER_CCS = tuple(range(77, 85))
BUTTON_NOTES = ((73, 74, 75, 76, 89, 90, 91, 92), (41, 42, 43, 44, 57, 58, 59, 60))
"""Control below, focus above."""


class LaunchControlXl(Twin):
    """Lights are (column, row) for the two rows of buttons, ("knob", 0-23), ("side", 0-3) and ("arrow", 0-3), for the
    template it is on; `codes` the bytes of every template and buffer."""

    kind = client = "Launch Control XL"
    ports = (Port("Launch Control XL Launch Contro"),)
    identity = bytes.fromhex("F0 7E 00 06 02 00 20 29 61 00 00 00 00 01 02 03 F7")
    columns, rows = 8, 2

    def _start(self) -> None:
        super()._start()
        self.template = 0
        self.shown, self.written = 0, 0
        self.codes = [[[0] * N_LIGHTS for _ in range(2)] for _ in range(16)]
        self._bucket = Bucket(LIGHTS_S, ROOM)

    @property
    def mode(self) -> str:
        return f"template {self.template}"

    def drift(self, template: int = 0) -> list[bytes]:
        """The player picks another template: it says so, as it would be told to."""
        self._choose(template)
        return self.say(*HEADER, CHOOSE, template, 0xF7)

    def _choose(self, template: int) -> None:
        self.template = template
        self._draw()

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER) or len(message) < len(HEADER) + 3:
            return self.refuse("sysex")
        command, template, data = message[6], message[7], message[8:-1]
        if template > 15 or command not in (CHOOSE, LIGHTS) or (command == CHOOSE and data):
            return self.refuse("command")
        if command == CHOOSE:
            self._choose(template)
            return []
        if not data or len(data) % 2 or max(data[::2]) >= N_LIGHTS:
            return self.refuse("length")
        if not self._bucket.takes(len(data) // 2, now_s):
            return self.refuse("too fast")
        for at in range(0, len(data), 2):
            self._put(template, data[at], data[at + 1])
        self._draw()
        return []

    def _put(self, template: int, light: int, value: int) -> None:
        buffers = self.codes[template]
        buffers[self.written][light] = value & 0x33
        if value & COPY:
            buffers[1 - self.written][light] = value & 0x33
        elif value & CLEAR:
            buffers[1 - self.written][light] = 0

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if status != CC or first != 0:
            return self.refuse("short")
        if second == 0:
            self.codes[channel] = [[0] * N_LIGHTS for _ in range(2)]
            self.shown = self.written = 0
        elif second in (0x30, 0x31, 0x34, 0x28):
            self.shown, self.written = second & 1, second >> 2 & 1
            if second & 0x10:  # the written buffer begins as the shown one is
                for buffers in self.codes:
                    buffers[self.written] = list(buffers[self.shown])
        else:
            return self.refuse("buffer")
        self._draw()
        return []

    def _draw(self) -> None:
        self.lights = {}
        for light, code in enumerate(self.codes[self.template][self.shown]):
            self.shine(self._where(light), self._colour(light, code))

    def _colour(self, light: int, code: int) -> Colour:
        red, green = (code & 3) * 85, (code >> 4 & 3) * 85
        if light in RED_ONLY:
            return red, 0, 0
        if light in YELLOW_ONLY:
            return max(red, green), max(red, green), 0
        return red, green, 0

    def _where(self, light: int) -> tuple[object, int]:
        if light < 0x18:
            return "knob", light
        if light < 0x28:
            return light % 8, 1 - (light - 0x18) // 8
        return ("side", light - 0x28) if light < 0x2C else ("arrow", light - 0x2C)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON | self.template, BUTTON_NOTES[row][column], 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_OFF | self.template, BUTTON_NOTES[row][column], 0)

    def turn(self, number: int, value: int) -> list[bytes]:
        return self.say(CC | self.template, KNOB_CCS[number], value)

    def slide(self, number: int, value: int) -> list[bytes]:
        return self.say(CC | self.template, FADER_CCS[number], value)


class LaunchControlXl3(Twin):
    """Lights are (column, row) for the two rows of buttons, ("knob", 0-23), and ("cc", number) for others."""

    kind = "Launch Control XL 3"
    client = "LCXL3 1"
    ports = (
        Port("LCXL3 1 LCXL3 1 MIDI Out", "LCXL3 1 LCXL3 1 MIDI In"),
        Port("LCXL3 1 LCXL3 1 DAW Out", "LCXL3 1 LCXL3 1 DAW In"),
    )
    played = 1
    header = bytes.fromhex("F0 00 20 29 02 15")
    identity = bytes.fromhex("F0 7E 00 06 02 00 20 29 48 01 00 00 01 00 00 00 F7")  # family: not documented
    columns, rows = 8, 2
    KNOBS, FADERS, BUTTONS = range(0x0D, 0x25), range(0x05, 0x0D), range(0x25, 0x35)
    RELATIVE = 0x40
    SURFACE_MODE, MIXER, CONTROL, CUSTOM_1 = 0x1E, 0x01, 0x02, 0x06

    def _start(self) -> None:
        super()._start()
        self.is_daw = False
        self.surface_mode = self.CUSTOM_1
        self.relative = [False] * 3

    @property
    def mode(self) -> str:
        if self.speaks:
            return "daw"
        return "custom" if self.is_daw else "standalone"

    @property
    def speaks(self) -> bool:
        """Whether its controls are heard on the DAW port."""
        return self.is_daw and self.surface_mode in (self.MIXER, self.CONTROL)

    def drift(self, surface_mode: int = CUSTOM_1) -> list[bytes]:
        """The player chooses another mode by hand: it says so, and its knobs are as that mode has them."""
        if surface_mode != self.surface_mode:
            self.lights, self.moving, self.relative = {}, set(), [False] * 3
        self.surface_mode = surface_mode
        return self.say(CC | 6, self.SURFACE_MODE, surface_mode) if self.is_daw else []

    def _enter(self, is_daw: bool) -> list[bytes]:
        if is_daw != self.is_daw:
            self.lights, self.moving, self.relative = {}, set(), [False] * 3
        self.is_daw = is_daw
        return self.say(*self.header, 0x02, 0x7F, 0xF7) if is_daw else []

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        rest = message[len(self.header) : -1]
        if port != self.played or not message.startswith(self.header):
            return self.refuse("sysex")
        if rest in (b"\x02\x7f", b"\x02\x00"):
            return self._enter(rest[1] == 0x7F)
        if not self.is_daw:
            return self.refuse("light outside daw mode")
        if rest.startswith(b"\x01\x53") and len(rest) == 6:
            red, green, blue = (from_7_bit(channel) for channel in rest[3:])
            self.shine(self._where(rest[2]), (red, green, blue))
            return []
        return self.refuse("command")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if port != self.played:
            return self.refuse("port")
        if status == NOTE_ON and channel == 15 and first == 0x0C and second in (0, 0x7F):
            return self._enter(second == 0x7F)
        if not self.is_daw or status != CC:
            return self.refuse("short")
        if channel == 6 and first == self.SURFACE_MODE:
            return self.drift(second)
        if channel == 6 and first in (0x45, 0x48, 0x49):
            self.relative[(0x45, 0x48, 0x49).index(first)] = second == 0x7F
        elif channel <= 2:
            self.shine(self._where(first), PALETTE[second], moves=channel > 0)
        return []

    def _where(self, number: int) -> tuple[object, int]:
        if number in self.KNOBS:
            return "knob", number - self.KNOBS[0]
        if number in self.BUTTONS:
            return (number - self.BUTTONS[0]) % 8, 1 - (number - self.BUTTONS[0]) // 8
        return "cc", number

    def _button(self, column: int, row: int, value: int) -> list[bytes]:
        return self.say(CC, self.BUTTONS[8 * (1 - row) + column], value) if self.speaks else []

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._button(column, row, 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._button(column, row, 0)

    def turn(self, number: int, value: int) -> list[bytes]:
        control = self.KNOBS[number]
        if self.relative[number // 8]:
            control, value = control + self.RELATIVE, 64 + value
        return self.say(CC | 15, control, value) if self.speaks else []

    def slide(self, number: int, value: int) -> list[bytes]:
        return self.say(CC | 15, self.FADERS[number], value) if self.speaks else []
