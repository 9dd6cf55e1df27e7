"""`Wires` without any ports: twins at the other end of cables in memory, and a clock that goes by being looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from support.twins.twin import Said, Twin

from weaver.engine.engine import Engine
from weaver.model.errors import DeviceError
from weaver.model.wires import Heard

GLANCE_S = 0.0002


class Clock:
    """Seconds that pass while somebody asks for them."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        self.now_s += GLANCE_S
        return self.now_s


class Cables:
    """Plug twins in and out. What a twin says goes to the engine's decoder, as a host would have it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.twins: dict[str, Twin] = {}
        self.lost: Mapping[str, int] = Counter()
        self.refuses = False
        """Whether nothing can be sent."""
        self.fails = False
        """Whether whatever is asked of the driver is an error."""
        self._engine, self._clock = engine, clock
        self._joined: dict[int, str] = {}
        self._slots: dict[str, int] = {}
        self._sinks: dict[int, str] = {}
        self._heard: list[Heard] = []

    def plug(self, twin: Twin, suffix: str = "") -> str:
        """The name of the port that is played."""
        name = f"{twin.client}:{twin.ports[twin.played].out}{suffix}"
        self.twins[name] = twin
        return name

    def pull(self, name: str) -> None:
        """Out with it: it loses its power."""
        self.twins.pop(name).reboot()
        for slot, joined in list(self._joined.items()):
            if joined == name:
                del self._joined[slot]
                self._engine.let_go(slot)

    def says(self, name: str, messages: list[bytes]) -> None:
        """What a twin says at its own accord."""
        slot = next((slot for slot, joined in self._joined.items() if joined == name), None)
        port = self.twins[name].played
        for message in messages:
            if slot is not None and (not isinstance(message, Said) or message.port == port):
                self._engine.midi(message, slot)
                self._heard.append(Heard(slot, bytes(message), self._clock()))

    def _check(self) -> None:
        if self.fails:
            raise DeviceError("the driver has gone mad")

    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        self._check()
        return {name: (name,) for name in self.twins}

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        return {name: (name,) for name in self.twins}

    def joined(self) -> Mapping[int, str]:
        return dict(self._joined)

    def join(self, input_name: str, output_name: str | None) -> int:
        self._check()
        slot = self._slots.setdefault(input_name, 1 + len(self._slots))
        self._joined[slot] = input_name
        if output_name is not None:
            self._sinks[slot] = output_name
        return slot

    def part(self, slot: int) -> None:
        self._joined.pop(slot, None)
        self._sinks.pop(slot, None)
        self._engine.let_go(slot)

    def send(self, slot: int, data: bytes) -> bool:
        self._check()
        twin = self.twins.get(self._sinks.get(slot, ""))
        if twin is None or self.refuses:
            return False
        self.says(self._sinks[slot], twin.hear(data, self._clock.now_s))
        return True

    def heard(self) -> list[Heard]:
        self._check()
        heard, self._heard = self._heard, []
        return heard
