"""The sphere controller's pins, and its endless loop. CircuitPython runs this file at power-on."""

import gc
import time

import analogio
import board
import digitalio
import spheres
import usb_midi
from neopixel_write import neopixel_write

PAD_PIN = board.GP26  # the multiplexer's common pin
SELECT_PINS = (board.GP2, board.GP3, board.GP4)  # its S0, S1, S2
LIGHT_PIN = board.GP22  # by way of the level shifter to the first ring
BUTTON_PINS = (board.GP14, board.GP15)  # to ground when pressed
COLLECT_EVERY_TURNS = 2_000


def output(pin):
    """A pin that we drive, low."""
    line = digitalio.DigitalInOut(pin)
    line.switch_to_output(value=False)
    return line


def button(pin):
    """A pin that a button pulls to ground."""
    line = digitalio.DigitalInOut(pin)
    line.switch_to_input(pull=digitalio.Pull.UP)
    return line


class Board:
    """What is soldered to the pins."""

    def __init__(self):
        self.adc = analogio.AnalogIn(PAD_PIN)
        self.select = [output(pin) for pin in SELECT_PINS]
        self.buttons = [button(pin) for pin in BUTTON_PINS]
        self.lights = output(LIGHT_PIN)

    def read_pad(self, i):
        """A pad's level. It has settled by the time the ADC samples: setting a pin takes longer than that."""
        for line in self.select:
            line.value = bool(i & 1)
            i >>= 1
        return self.adc.value

    def read_button(self, i):
        """Whether a button is pressed."""
        return not self.buttons[i].value

    def write_lights(self, buffer):
        """All lights anew."""
        neopixel_write(self.lights, buffer)


def make_controller():
    """The controller on this board."""
    hardware = Board()
    midi_in, midi_out = usb_midi.ports
    return spheres.Controller(
        hardware.read_pad, hardware.read_button, midi_in.readinto, midi_out.write, hardware.write_lights
    )


def now_us():
    """The clock as spheres.py wants it."""
    return time.monotonic_ns() // 1000 & spheres.CLOCK_MASK


def main():
    """Play, until somebody saves a file or presses Ctrl-C."""
    controller = make_controller()
    turns = 0
    try:
        while True:
            controller.turn(now_us())
            turns += 1
            if turns >= COLLECT_EVERY_TURNS and controller.is_resting:
                gc.collect()  # while nobody plays, so that it is not done while somebody does
                turns = 0
    finally:
        controller.leave()


if __name__ == "__main__":
    main()
