"""Several `Wires` as one: MIDI of one kind or other, and grids that speak OSC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from weaver.model.errors import DeviceError
from weaver.model.wires import Heard, Wires


class Together:
    """Names are told apart by themselves; of one that two have the first is meant."""

    def __init__(self, members: Sequence[Wires]) -> None:
        self._members = tuple(members)

    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Of all."""
        return {name: names for wires in reversed(self._members) for name, names in wires.inputs().items()}

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """Of all."""
        return {name: names for wires in reversed(self._members) for name, names in wires.outputs().items()}

    def join(self, input_name: str, output_name: str | None) -> int:
        """By whoever has the input. Raises DeviceError, also where the slot is another's already."""
        for wires in self._members:
            if input_name in wires.inputs():
                slot = wires.join(input_name, output_name)
                if any(slot in other.joined() for other in self._members if other is not wires):
                    wires.part(slot)
                    raise DeviceError(f"{input_name!r} finds its slot taken")
                return slot
        raise DeviceError(f"there is no {input_name!r}")

    def joined(self) -> Mapping[int, str]:
        """Slot -> input, of all."""
        return {slot: name for wires in reversed(self._members) for slot, name in wires.joined().items()}

    def part(self, slot: int) -> None:
        """By whoever joined it."""
        for wires in self._members:
            if slot in wires.joined():
                wires.part(slot)

    def send(self, slot: int, data: bytes) -> bool:
        """To whoever joined it; False if nobody did."""
        return any(wires.send(slot, data) for wires in self._members if slot in wires.joined())

    def heard(self) -> list[Heard]:
        """Of all, those of each in order."""
        return [message for wires in self._members for message in wires.heard()]

    @property
    def lost(self) -> Mapping[str, int]:
        """Of all."""
        total: Counter[str] = Counter()
        for wires in self._members:
            total.update(wires.lost)
        return total
