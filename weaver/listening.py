"""Whom an instrument listens to: the system's MIDI inputs, or JACK's; and the desk where controllers sit.

MIDI inputs  ->  commands at their frames      (on JACK the host itself decodes MIDI)
controllers  ->  the desk: maps and lights     (by the host's seats, or over the MIDI inputs; grids come by OSC)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import cache

from weaver.engine.engine import Engine
from weaver.engine.hosts import Host
from weaver.hands.desk import Desk
from weaver.hands.guard import Guard
from weaver.hands.holding import Holding
from weaver.hands.learning import Learning
from weaver.hands.recognise import Recogniser, parse_named
from weaver.hands.seat import Said, Shown
from weaver.hands.wiring import Together
from weaver.mapping.hand import compile_hand
from weaver.mapping.lay import lay
from weaver.mapping.loom import Laid, Loom
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile import Profile
from weaver.mapping.profile_file import load_profile, load_profiles
from weaver.midi.inputs import MidiInputs
from weaver.midi.news import MidiIn
from weaver.midi.ports import AUTO, MIDI_IN, NONE, OWN_NAME, best_backend, candidates, own_port
from weaver.midi.wires import MidiWires
from weaver.model.configs import data_folder, list_configs
from weaver.model.errors import ConfigError, DeviceError
from weaver.model.wires import Wires
from weaver.osc.serialosc import SerialoscWires
from weaver.surfaces.picture import HandView, PortView

JACK_SLOT = 0
"""The decoder's slot of all that comes merged by way of JACK."""
HELD = "held"
"""The folder, beside the takes, where running instances mark the controllers that are theirs."""
BROKEN_SHOWN = 2
"""Files that could not be read and are named in the page's note; `weaver doctor` names all."""


def find_controllers(said: Sequence[str]) -> tuple[Recogniser, list[ConfigError]]:
    """All profiles there are, with what the player has said about ports (PROFILE:WORD), and what is wrong with those
    that could not be read. Raises ConfigError for what is said wrongly."""
    profiles, errors = load_profiles()
    named = [parse_named(text) for text in said]
    for name in {name.profile for name in named} - {profile.name for profile in profiles}:
        if name in list_configs("controllers"):
            load_profile(name)  # there is such a file, and this says what is wrong with it
    return Recogniser(profiles, named), errors


def broken_words(errors: Sequence[ConfigError]) -> str:
    """What is wrong with profiles, in a line; empty if nothing is."""
    told = [str(error) for error in errors[:BROKEN_SHOWN]]
    if len(errors) > BROKEN_SHOWN:
        told.append(f"{len(errors) - BROKEN_SHOWN} more controllers are broken: see 'weaver doctor'")
    return "; ".join(told)


def layer() -> Callable[[Profile, int, int], Laid]:
    """Lays a profile out for so many spheres and a page; reads each loom once."""
    looms: Callable[[str], Loom] = cache(load_loom)
    return lambda profile, spheres, page: lay(profile, looms, spheres, page)


class Listening:
    """Made once the host plays; closed before it stops. Raises DeviceError where an input was asked for by name.

    `wanted` is auto, none or a part of a name; `frame_of` says for a moment of time.monotonic() from which frame on
    what came then takes effect. `daw` says by which port a DAW plays, and `leaves_by` where what is woven goes: such a
    cable repeats it (Windows has no other), and is not listened to unless it is wanted by its name.
    """

    def __init__(
        self,
        engine: Engine,
        host: Host,
        wanted: str,
        recogniser: Recogniser,
        frame_of: Callable[[float], int],
        daw: str = AUTO,
        leaves_by: Sequence[str] = (),
    ) -> None:
        self.note = ""
        self.desk: Desk | None = None
        self.lesson: Learning | None = None
        self._engine, self._host, self._wanted, self._recogniser = engine, host, wanted, recogniser
        self._frame_of, self._daw = frame_of, daw
        self._leaves_by = [word for word in leaves_by if word not in (AUTO, NONE)]
        self._inputs: MidiInputs | None = None
        self._listeners: list[Callable[[Said], None]] = []
        self._jack_messages = 0
        self._jack_heard_s: float | None = None
        self._holding = Holding(data_folder() / HELD, host.status().device if host.name == "jack" else "")
        with ExitStack() as stack:
            stack.callback(self._holding.close)
            if wanted == NONE:
                self.note = "none, as asked"
            elif host.seats is not None:
                self._sit_down((host.seats,), stack)
            elif host.name != "jack":
                self._listen(stack)
            self._owned = stack.pop_all()

    def close(self) -> None:
        """Leave the controllers, then close the inputs; a second call does nothing."""
        self._owned.close()

    def listen(self, listener: Callable[[Said], None]) -> None:
        """Tell `listener` from now on of all that controllers and other inputs say, on threads of theirs.

        What comes merged by way of JACK is not among it.
        """
        self._listeners.append(listener)
        if self.desk is not None:
            self.desk.said.add(listener)

    def watch(self, watcher: Callable[[Shown], None]) -> None:
        """Tell `watcher` from now on of all that controllers are told, likewise."""
        if self.desk is not None:
            self.desk.shown.add(watcher)

    def resync(self) -> None:
        """Paint all lights of all controllers anew."""
        if self.desk is not None:
            self.desk.resync()

    def turn_pages(self, step: int) -> None:
        """Turn the pages of all controllers."""
        if self.desk is not None:
            self.desk.turn_pages(step)

    def adopt(self, strangers: bool = True) -> None:
        """Seat controllers too that no file knows, so that they are heard one by one."""
        if self.desk is not None:
            self.desk.adopt(strangers)

    def learn(self, file_name: str = "") -> Learning:
        """Begin a lesson, if none is going on. Raises DeviceError where there is nobody to teach."""
        if self.desk is None or (self.note and not self.hands()):
            raise DeviceError(f"no controller can be heard: {self.note or 'JACK has no seats for them'}")
        if self.lesson is None:
            self.lesson = Learning(self.desk, self._sphere_names, self._reread, file_name)
        return self.lesson

    def learn_no_more(self) -> None:
        """End the lesson, if one is going on."""
        if self.lesson is not None:
            self.lesson.close()
            self.lesson = None

    def _sphere_names(self) -> tuple[str, ...]:
        return tuple(sphere.name for sphere in self._engine.spheres.spheres)

    def _reread(self) -> None:
        """Go by the files of controllers as they are now."""
        if self.desk is not None:
            self.desk.know(load_profiles()[0])

    def hands(self) -> tuple[HandView, ...]:
        """The controllers."""
        return () if self.desk is None else self.desk.views()

    def elsewhere(self) -> str:
        """Which controllers are there and another instance's, in a line; empty if none is."""
        titles = self._holding.elsewhere()
        return f"another instance of {OWN_NAME} has {', '.join(titles)}" if titles else ""

    def ports(self) -> tuple[PortView, ...]:
        """Inputs that are no controllers'."""
        now_s = time.monotonic()
        if self._host.name == "jack":
            return (self._jack_port(now_s),)
        slots = self._inputs.status() if self._inputs is not None else []
        seated = {hand.slot for hand in self.hands()}
        return tuple(
            PortView(slot.name, slot.connected, slot.messages, None if slot.last_s is None else now_s - slot.last_s)
            for slot in slots
            if slot.port not in seated
        )

    def _sit_down(self, midi: Sequence[Wires], stack: ExitStack) -> None:
        """Open the desk, on these wires, if there are any, and on those of grids, which come by OSC."""
        wires = [*midi]
        try:
            grids = SerialoscWires(self._key, lambda slot: self._let_go(slot, ""))
        except DeviceError:  # a machine without a network of its own has no grids either
            pass
        else:
            stack.callback(grids.close)
            wires.append(grids)
        guard = Guard(self._host.name == "jack", self._holding.leaving)
        self.desk = Desk(
            *(self._engine, Together(wires), self._recogniser, layer(), compile_hand, self._wants, guard),
            takes=self._holding.take,
        )
        stack.callback(self.desk.close)
        self.desk.start()

    def _key(self, slot: int, data: bytes, time_s: float) -> None:
        self._engine.midi(data, slot, self._frame_of(time_s))

    def _wants(self, names: Iterable[str]) -> bool:
        """Whether a port of these names is to be listened to."""
        word = self._wanted.casefold()
        return self._wanted == AUTO or any(word in name.casefold() for name in names)

    def _listen(self, stack: ExitStack) -> None:
        """Open the MIDI inputs, and the desk. Without any the instrument still plays, and grids still come, unless one
        was asked for by name."""
        try:
            backend = best_backend()
            stack.callback(backend.close)
            if backend.reason:
                raise DeviceError(backend.reason)
        except DeviceError as error:
            if self._wanted != AUTO:
                raise
            self.note = str(error)
            self._sit_down((), stack)
            return
        self._inputs = MidiInputs(
            *(backend, self._wanted, self._hear), on_vanished=self._let_go, ignored=self._is_ignored, daw=self._daw
        )
        stack.callback(self._inputs.close)
        wires = MidiWires(self._inputs, self._engine.let_go)
        stack.callback(wires.close)
        self._sit_down((wires,), stack)

    def _is_ignored(self, name: str) -> bool:
        """Cables that bring back what leaves; ports of controllers that are not to be played, or another instance's."""
        if any(candidates((name,), word) for word in self._leaves_by):
            return True
        if not self._recogniser.claims((name,)):
            return False
        profiles = self._recogniser.candidates((name,))
        return not profiles or not self._holding.take(name, profiles[0].title)

    def _hear(self, event: MidiIn) -> None:
        self._engine.midi(event.data, event.port, self._frame_of(event.time_s))
        if self._listeners and event.port not in {hand.slot for hand in self.hands() if hand.is_connected}:
            name = (
                next((slot.name for slot in self._inputs.status() if slot.port == event.port), "")
                if self._inputs
                else ""
            )
            for listener in self._listeners:
                listener(Said(event.port, name, event.data, None, event.time_s, falls=True))

    def _let_go(self, port: int, _: str) -> None:
        self._engine.let_go(port)

    def _jack_port(self, now_s: float) -> PortView:
        """JACK merges all clients that are no controllers into one port, whose messages the decoder counts."""
        messages = int(self._engine.state.midi.port_events[JACK_SLOT])
        if messages != self._jack_messages:
            self._jack_messages, self._jack_heard_s = messages, now_s
        quiet_s = None if self._jack_heard_s is None else now_s - self._jack_heard_s
        return PortView(own_port(MIDI_IN), self._host.status().running, messages, quiet_s)
