"""An instrument whose controllers come by pylibremidi, in a process of its own (see `remote`); nobody hears it."""

from __future__ import annotations

from support.remote import serve

from weaver import listening
from weaver.app import Instrument
from weaver.midi.ports import Backend, best_backend
from weaver.wishes import Wishes

SPHERES = 8


def libremidi() -> Backend:
    return best_backend("libremidi-jack", "weaver-system")


class Child:
    """What a test may ask for; every public method is a call."""

    def __init__(self) -> None:
        listening.best_backend = libremidi  # type: ignore[assignment]
        self._instrument = Instrument(Wishes(audio="silent", stakes="off"))

    def ring(self) -> None:
        for sphere in range(SPHERES):
            self._instrument.engine.gesture("strike", sphere, velocity=0.9)

    def panic(self) -> None:
        self._instrument.engine.panic()

    def energies(self) -> list[float]:
        return [float(energy) for energy in self._instrument.engine.state.sphere.energy[:SPHERES]]

    def soothed(self) -> list[float]:
        return [float(care) for care in self._instrument.engine.state.touch.soothe_target[:SPHERES]]

    def slots(self) -> dict[str, int]:
        """Of the controllers that are there."""
        return {hand.title: hand.slot for hand in self._instrument.listening.hands() if hand.is_connected}

    def end(self) -> None:
        self._instrument.close()


if __name__ == "__main__":
    serve(Child())
