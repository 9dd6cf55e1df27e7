"""A board for the firmware to run on: CircuitPython's modules stand in for, what is soldered to their pins behind them.

The stand-ins are in sys.modules only while the firmware is loaded; what it has imported stays with it.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware-notes" / "sphere-controller"
PADS, LIGHTS = 8, 128
REST_COUNTS = 900


class Wiring:
    """What the README's table says is soldered to the board, as the world sees it.

    `pads` are levels in ADC counts, `buttons` whether pressed; `lights` the bytes last written to the chain and
    `written` how often; `to_device` and `from_device` are the USB cable; `room` is how many bytes USB takes at once.
    """

    SELECT = ("GP2", "GP3", "GP4")
    COMMON, LIGHT, BUTTONS = "GP26", "GP22", ("GP14", "GP15")

    def __init__(self) -> None:
        self.pads = [REST_COUNTS] * PADS
        self.buttons = [False, False]
        self.lights = bytes(3 * LIGHTS)
        self.written = 0
        self.to_device, self.from_device = bytearray(), bytearray()
        self.room = 1 << 20
        self.driven: dict[str, bool] = {}
        self.name = ""

    def colour(self, light: int) -> tuple[int, int, int]:
        """Red, green, blue of one light as it shines; the chain has green first."""
        green, red, blue = self.lights[3 * light : 3 * light + 3]
        return red, green, blue

    def _adc(self, pin: str) -> int:
        assert pin == self.COMMON
        return self.pads[sum(self.driven[line] << place for place, line in enumerate(self.SELECT))]

    def _line(self, pin: str) -> bool:
        return self.driven[pin] if pin in self.driven else not self.buttons[self.BUTTONS.index(pin)]

    def _write_lights(self, line: object, buffer: bytearray) -> None:
        assert getattr(line, "pin") == self.LIGHT and len(buffer) == 3 * LIGHTS  # noqa: B009
        self.lights, self.written = bytes(buffer), self.written + 1

    def _send(self, data: bytes) -> int:
        taken = bytes(data)[: self.room]
        self.from_device += taken
        return len(taken)

    def _receive(self, buffer: bytearray) -> int | None:
        taken = self.to_device[: len(buffer)]
        del self.to_device[: len(taken)]
        buffer[: len(taken)] = taken
        return len(taken) or None

    def modules(self) -> dict[str, ModuleType]:
        """CircuitPython's modules, as far as the firmware uses them."""
        wiring = self

        class AnalogIn:
            def __init__(self, pin: str) -> None:
                self.pin = pin

            @property
            def value(self) -> int:
                return wiring._adc(self.pin)

        class DigitalInOut:
            def __init__(self, pin: str) -> None:
                self.pin = pin

            def switch_to_output(self, value: bool = False) -> None:
                wiring.driven[self.pin] = value

            def switch_to_input(self, pull: object) -> None:
                assert pull == "up" and self.pin in wiring.BUTTONS

            @property
            def value(self) -> bool:
                return wiring._line(self.pin)

            @value.setter
            def value(self, value: bool) -> None:
                assert self.pin in wiring.driven, "an input cannot be driven"
                wiring.driven[self.pin] = value

        def module(name: str, **contents: object) -> ModuleType:
            made = ModuleType(name)
            vars(made).update(contents)
            return made

        port_in = module("PortIn", readinto=self._receive)
        port_out = module("PortOut", write=self._send)
        pull = type("Pull", (), {"UP": "up"})
        modules = [
            module("board", **{f"GP{number}": f"GP{number}" for number in range(29)}),
            module("analogio", AnalogIn=AnalogIn),
            module("digitalio", DigitalInOut=DigitalInOut, Pull=pull),
            module("neopixel_write", neopixel_write=self._write_lights),
            module("usb_midi", ports=(port_in, port_out), set_names=lambda **names: None),
            module("supervisor", set_usb_identification=lambda **names: setattr(wiring, "name", names["product"])),
        ]
        return {made.__name__: made for made in modules}


@contextmanager
def standing_in(modules: dict[str, ModuleType]) -> Iterator[None]:
    """These modules, and the firmware's own files, can be imported within."""
    before, path, no_bytecode = dict(sys.modules), list(sys.path), sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # what lies beside the firmware is shipped
    sys.modules.update(modules)
    sys.path.insert(0, str(FIRMWARE))
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, no_bytecode
        for name in {*modules, "pads", "spheres"}:
            sys.modules.pop(name, None)
            if name in before:
                sys.modules[name] = before[name]


def load(wiring: Wiring, file: str = "code.py") -> ModuleType:
    """Run a file of the firmware as a module: the very file that is copied to the board."""
    with standing_in(wiring.modules()):
        spec = importlib.util.spec_from_file_location(f"sphere_controller_{Path(file).stem}", FIRMWARE / file)
        assert spec and spec.loader
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
    return loaded
