"""The sphere controller's firmware: eight pads that feel, eight rings that show, and what they say to the instrument.

For CircuitPython on an RP2040 board: `code.py` beside this file wires it to the pins, `pads.py` feels, PROTOCOL.md says
what is said. Times are whole microseconds that wrap at CLOCK_MASK. What the loop needs is made once, at the start.
"""

from pads import CLOCK_MASK, DOWN, RISING, Pad, since

FIRMWARE = "sphere-controller 1.0"
PADS = 8
BUTTONS = 2
LIGHTS_PER_RING = 16
LIGHTS = PADS * LIGHTS_PER_RING
FIRST_NOTE = 36
FIRST_BUTTON_CC = 102

CALIBRATE_US = 500_000  # hands off for so long after the start
BUTTON_US = 10_000  # a button that changed is not looked at for so long

LIMIT_MA = 2_000  # what all lights together may draw; see README.md, "Current"
CHANNEL_MA = 20  # one channel of one light at its brightest
DARK_MA = 1  # one light that is dark
PICTURE_US = 15_000  # pictures are written no closer than this: writing takes 4 ms, in which no pad is read
IDLE_RING_US = 6_000  # the idle look is worked out a ring at a time, so that it keeps no pad waiting
BREATH_US = 4_000_000  # a breath of the idle look
IDLE_GRB = (30, 8, 60)  # green, red, blue of 255, at the height of a breath
GAMMA = 2.2  # eyes are not linear, these lights are

VERSION = 1
ASK, WELCOME, PICTURE, HOST_ALIVE, HOST_GOODBYE = 0x01, 0x02, 0x03, 0x04, 0x05
HELLO, DEVICE_ALIVE, DEVICE_GOODBYE = 0x41, 0x44, 0x45
ALIVE_US = 1_000_000
LOST_US = 3_500_000
MAX_MESSAGE_BYTES = 128
OVERHEAD_BYTES = 9
HEAR_BYTES = 64  # as many at a time: then the pads have their turn again
IDENTITY_REPLY = b"\xf0\x7e\x7f\x06\x02\x7d\x53\x57\x01\x00\x01\x00\x00\x00\xf7"


class Rings:
    """All lights: what is wanted of them, what they were given, and no more current than there is."""

    def __init__(self, write):
        self.write = write  # takes a buffer of green, red, blue for each light, in the chain's order
        self.wanted = bytearray(3 * LIGHTS)
        self.given = bytearray(3 * LIGHTS)
        self.gamma = bytes(int(255 * (level / 127) ** GAMMA + 0.5) for level in range(128))
        self.sum = 0  # of all that is wanted

    def set(self, place, value):
        """Byte `place` of what is wanted, 0 to 255."""
        self.sum += value - self.wanted[place]
        self.wanted[place] = value

    def clear(self):
        """All dark, once it is shown."""
        for place in range(3 * LIGHTS):
            self.wanted[place] = 0
        self.sum = 0

    def picture(self, first, colours, start, count):
        """A run of lights from `first`: `count` bytes of red, green, blue from `colours[start]`, 7 bits each."""
        gamma, wanted, total = self.gamma, self.wanted, self.sum
        at = 3 * first
        for i in range(start, start + count, 3):
            red, green, blue = gamma[colours[i]], gamma[colours[i + 1]], gamma[colours[i + 2]]
            total += red + green + blue - wanted[at] - wanted[at + 1] - wanted[at + 2]
            wanted[at], wanted[at + 1], wanted[at + 2] = green, red, blue
            at += 3
        self.sum = total

    def show(self):
        """All that is wanted, at once; dimmed as a whole where the supply could not feed it."""
        budget = (LIMIT_MA - LIGHTS * DARK_MA) * 255 // CHANNEL_MA
        if self.sum <= budget:
            self.given[:] = self.wanted
        else:
            share = 256 * budget // self.sum
            for place in range(3 * LIGHTS):
                self.given[place] = self.wanted[place] * share >> 8
        self.write(self.given)


class Controller:
    """The whole device, a turn at a time."""

    def __init__(self, read_pad, read_button, midi_in, midi_out, write_lights):
        """`read_pad(i)` is a pad's level, `read_button(i)` True while it is pressed, `midi_in(buffer)` fills a buffer
        and says how many bytes came, `midi_out(bytes)` sends, `write_lights(buffer)` writes all lights."""
        self.read_pad, self.read_button = read_pad, read_button
        self.midi_in, self.midi_out = midi_in, midi_out
        self.short = bytearray(3)
        self.pads = [Pad(FIRST_NOTE + i, self.send) for i in range(PADS)]
        self.buttons = [False] * BUTTONS
        self.buttons_us = [0] * BUTTONS
        self.rings = Rings(write_lights)
        self.heard = bytearray(HEAR_BYTES)
        self.heard_at = self.heard_count = 0
        self.message = bytearray(MAX_MESSAGE_BYTES)
        self.length = 0  # of the message so far; 0 between messages
        self.started_us = self.alive_us = self.host_us = self.shown_us = self.idle_us = self.idle_ring = 0
        self.has_started = self.is_calibrated = self.is_welcome = self.is_wanted = False
        self.frame = self.frame_shown = self.lost = 0

    def send(self, status, first, second):
        """A short message; False if USB has no room for it."""
        self.short[0], self.short[1], self.short[2] = status, first, second
        return self.midi_out(self.short) == 3

    def say(self, kind, body=b""):
        """A message of our protocol."""
        check = 0x7D + 0x53 + 0x57 + VERSION + kind + len(body) + sum(body)
        head = bytes((0xF0, 0x7D, 0x53, 0x57, VERSION, kind, len(body)))
        self.midi_out(head + bytes(body) + bytes((-check & 0x7F, 0xF7)))

    def turn(self, now_us):
        """Hear, feel, speak and show, once."""
        if not self.has_started:
            self.has_started, self.started_us, self.host_us = True, now_us, now_us
            self._hello()
        self._hear(now_us)
        if self.is_calibrated:
            for i in range(PADS):
                self.pads[i].read(self.read_pad(i), now_us)
            self._read_buttons(now_us)
        else:
            for i in range(PADS):
                self.pads[i].calibrate(self.read_pad(i), now_us)
            self.is_calibrated = since(now_us, self.started_us) >= CALIBRATE_US
        self._keep_alive(now_us)
        self._show(now_us)

    def leave(self):
        """Say goodbye, and go dark."""
        self.say(DEVICE_GOODBYE)
        self.rings.clear()
        self.rings.show()

    def is_any(self, state):
        """Whether any pad is in a state."""
        for pad in self.pads:
            if pad.state == state:
                return True
        return False

    @property
    def is_resting(self):
        """Whether nobody touches a pad."""
        return not (self.is_any(RISING) or self.is_any(DOWN))

    def _read_buttons(self, now_us):
        for i in range(BUTTONS):
            pressed = self.read_button(i)
            if pressed != self.buttons[i] and since(now_us, self.buttons_us[i]) >= BUTTON_US:
                self.buttons[i], self.buttons_us[i] = pressed, now_us
                self.send(0xB0, FIRST_BUTTON_CC + i, 127 if pressed else 0)

    def _keep_alive(self, now_us):
        if self.is_welcome and since(now_us, self.host_us) >= LOST_US:
            self.is_welcome = False
        if self.is_welcome and since(now_us, self.alive_us) >= ALIVE_US:
            self.alive_us = now_us
            self.say(DEVICE_ALIVE, (self.frame_shown, self.lost))

    def _show(self, now_us):
        """Writing keeps the pads waiting: never while one is being struck."""
        if self.is_any(RISING):
            return
        if not self.is_welcome and since(now_us, self.idle_us) >= IDLE_RING_US:
            self._breathe(now_us)
        if self.is_wanted and since(now_us, self.shown_us) >= PICTURE_US:
            self.is_wanted, self.shown_us, self.frame_shown = False, now_us, self.frame
            self.rings.show()

    def _breathe(self, now_us):
        """One ring goes a quarter of the way to the idle look, brighter where its pad is pressed: so it fades, and can
        be tried without a host."""
        ring, self.idle_us = self.idle_ring, now_us
        breath = abs(now_us % BREATH_US * 2 - BREATH_US) * 255 // BREATH_US
        level = 255 if self.pads[ring].state == DOWN else 32 + breath // 2
        for channel in range(3):
            goal = IDLE_GRB[channel] * level // 255
            for place in range(3 * LIGHTS_PER_RING * ring + channel, 3 * LIGHTS_PER_RING * (ring + 1), 3):
                step = (goal - self.rings.wanted[place]) // 4
                self.rings.set(place, goal if step in (0, -1) else self.rings.wanted[place] + step)
        self.idle_ring = (ring + 1) % PADS
        self.is_wanted = self.is_wanted or not self.idle_ring

    def _hear(self, now_us):
        """Take in what came. While a whole picture waits to be shown the next one waits in USB's buffer."""
        if self.heard_at == self.heard_count:
            self.heard_at, self.heard_count = 0, self.midi_in(self.heard) or 0
        while self.heard_at < self.heard_count and not self.is_wanted:
            self._take(self.heard[self.heard_at], now_us)
            self.heard_at += 1

    def _take(self, byte, now_us):
        if byte < 0x80:
            if self.length == MAX_MESSAGE_BYTES - 1:
                self._lose()
            elif self.length:
                self.message[self.length] = byte
                self.length += 1
        elif byte == 0xF7:
            if self.length:
                self._understand(now_us)
                self.length = 0
        elif byte < 0xF8:  # clocks may stand anywhere; any other status cuts a message short
            if self.length:
                self._lose()
            if byte == 0xF0:
                self.message[0], self.length = byte, 1

    def _lose(self):
        """Count what cannot be read, if it was for us; wait for the next message."""
        if self.length > 3 and self._is_ours():
            self.lost = (self.lost + 1) & 0x7F
        self.length = 0

    def _is_ours(self):
        return self.message[1] == 0x7D and self.message[2] == 0x53 and self.message[3] == 0x57

    def _understand(self, now_us):
        """A whole SysEx message, but for its F7."""
        message, length = self.message, self.length
        if length == 5 and message[1] == 0x7E and message[3] == 0x06 and message[4] == 0x01:
            self.midi_out(IDENTITY_REPLY)
            self.host_us = now_us
            return
        check = 0
        for i in range(1, length):
            check += message[i]
        is_whole = length + 1 >= OVERHEAD_BYTES and length + 1 - OVERHEAD_BYTES == message[6] and not check & 0x7F
        if is_whole and self._is_ours():
            self._obey(message[4], message[5], message[6], now_us)
        else:
            self._lose()

    def _obey(self, version, kind, length, now_us):
        """A message of our protocol that came whole."""
        if kind == ASK:
            self.is_welcome = False
            self._hello()
        elif kind == WELCOME and length >= 1:
            self.is_welcome = self.is_wanted = self.message[7] == VERSION
            self.rings.clear()
            self.host_us = now_us
            self.alive_us = (now_us - ALIVE_US) & CLOCK_MASK
        elif version != VERSION or kind not in (PICTURE, HOST_ALIVE, HOST_GOODBYE):
            self._lose()
        elif kind == HOST_GOODBYE:
            self.is_welcome = False
        elif not self.is_welcome:
            self._hello_again(now_us)
        else:
            self.host_us = now_us
            if kind == PICTURE:
                self._picture(length)

    def _picture(self, length):
        """Colours of a run of lights; they appear when the last message of the picture says so."""
        message = self.message
        first, count = message[9] << 7 | message[10], length - 4
        if count < 0 or count % 3 or 3 * first + count > 3 * LIGHTS:
            self._lose()
            return
        self.rings.picture(first, message, 11, count)
        self.frame = message[7]
        self.is_wanted = self.is_wanted or message[8] == 1

    def _hello(self):
        name = FIRMWARE.encode()
        self.say(HELLO, bytes((PADS, 3, BUTTONS, PADS, LIGHTS_PER_RING, 2, len(name))) + name)

    def _hello_again(self, now_us):
        """To a host that takes us for welcome; not for each of its messages."""
        if since(now_us, self.alive_us) >= ALIVE_US // 4:
            self.alive_us = now_us
            self._hello()
