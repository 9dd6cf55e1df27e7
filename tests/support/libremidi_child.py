"""The libremidi side of a test, in a process of its own (see `remote`)."""

from __future__ import annotations

from support.remote import serve

from weaver.midi.inputs import MidiInputs
from weaver.midi.news import MidiIn
from weaver.midi.ports import OutputPort, best_backend
from weaver.model.errors import DeviceError


class Child:
    """What a test may ask for; every public method is a call."""

    def __init__(self) -> None:
        self._backend = best_backend("libremidi-jack", "weaver")
        self._inputs: MidiInputs | None = None
        self._outputs: dict[str, OutputPort] = {}
        self._heard: list[MidiIn] = []
        self._vanished: list[tuple[int, str]] = []

    def inputs(self) -> list[str]:
        return [port.name for port in self._backend.inputs()]

    def outputs(self) -> list[str]:
        return [port.name for port in self._backend.outputs()]

    def identity(self, part: str) -> str:
        return next((port.identity for port in self._backend.inputs() if part in port.name), "")

    def listen(self, wanted: str) -> None:
        self._inputs = MidiInputs(
            best_backend("libremidi-jack", "weaver"),
            wanted,
            self._heard.append,
            on_vanished=lambda port, name: self._vanished.append((port, name)),
            look_s=0.05,
        )

    def heard(self) -> list[tuple[int, str]]:
        return [(event.port, event.data.hex()) for event in self._heard]

    def times(self) -> list[float]:
        return [event.time_s for event in self._heard]

    def vanished(self) -> list[tuple[int, str]]:
        return self._vanished

    def connected(self) -> dict[str, bool]:
        assert self._inputs is not None
        return {slot.name: slot.connected for slot in self._inputs.status()}

    def make(self, name: str) -> None:
        self._outputs[name] = self._backend.open_virtual_output(name)

    def open(self, name: str) -> None:
        self._outputs[name] = self._backend.open_output(name)

    def send(self, name: str, data: str) -> str:
        try:
            self._outputs[name].send(bytes.fromhex(data))
        except DeviceError as error:
            return str(error)
        return ""

    def shut(self, name: str) -> None:
        self._outputs[name].close()

    def end(self) -> None:
        if self._inputs is not None:
            self._inputs.close()
        for output in self._outputs.values():
            output.close()
        self._backend.close()


if __name__ == "__main__":
    serve(Child())
