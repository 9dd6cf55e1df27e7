"""The tablet: fingers, the network, and sixty frames a second."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket, ParseError
from support.touch_osc.controls import Control, Place, convert, inward
from support.touch_osc.document import LocalBinding, OscBinding, Trigger, parse_tosc
from support.touch_osc.fingers import placed, released
from support.touch_osc.scripts import Scripts

FRAME_S = 1 / 60
_PULLED = 1e-3
"""So close to its default, a value that is pulled there has arrived."""
Heard = tuple[float, str, list[Any]]


@dataclass(frozen=True)
class Habits:
    """What the manual leaves open."""

    each_axis: bool = True
    """Whether a finger that moves both ways sends a message for each, the first with the old y."""
    touch_first: bool = True
    """Whether `touch` becomes true before a finger's place is known."""
    from_its_port: bool = False
    """Whether it sends from the port it listens at."""


@dataclass(eq=False)
class Finger:
    """A finger on the screen, and what it has taken hold of."""

    control: Control
    tablet: Tablet
    at: Place

    @property
    def address(self) -> str:
        """Where the first message of its control goes."""
        return self.control.path(self.control.node.osc[0].path)

    def move(self, x: float, y: float) -> None:
        """To another place of the control: 0 to 1 from left to right, and from below to above."""
        self.tablet.finger_move(self, x, y)

    def up(self) -> None:
        """Off the screen."""
        self.tablet.finger_up(self)


@dataclass
class Tablet:
    """A layout on a tablet at an address of its own, that sends to `to` and listens at `port`. A context manager.

    `heard` and `said` are (time.monotonic(), address, arguments) of all that went through; `fights` are controls whose
    value was changed by a message, against the finger that lay on them: (where, key, by the finger, by the message).
    """

    layout: bytes = field(repr=False)
    to: tuple[str, int]
    port: int
    source: str = "127.0.0.1"
    habits: Habits = field(default_factory=Habits)
    make_socket: Callable[[], socket.socket] = lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __post_init__(self) -> None:
        self.root = Control(parse_tosc(self.layout))
        self.is_on_wifi = True
        self.heard: list[Heard] = []
        self.said: list[Heard] = []
        self.fights: list[tuple[str, str, Any, Any]] = []
        self.frames = 0
        self._lock = threading.RLock()
        self._last_sent: dict[int, tuple[Any, ...]] = {}
        self._receiving: OscBinding | None = None
        self._pulls = [(c, key, pull) for c in self.root.walk() for key, pull in c.node.pulls.items() if pull]
        self._receivers: dict[str, list[tuple[Control, OscBinding]]] = {}
        self._senders: dict[str, list[Control]] = {}
        for control in self.root.walk():
            for binding in control.node.osc:
                address = control.path(binding.path)
                if binding.can_receive:
                    self._receivers.setdefault(address, []).append((control, binding))
                if binding.can_send:
                    self._senders.setdefault(address, []).append(control)
        self._open()
        self.scripts = Scripts(self.root, self)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tablet", daemon=True)
        self._thread.start()

    def __enter__(self) -> Tablet:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The app is closed; a second call does nothing."""
        self._stop.set()
        self._thread.join()
        self._ears.close()
        self._mouth.close()

    def move_to(self, source: str) -> None:
        """It gets another address."""
        with self._lock:
            self._ears.close()
            self._mouth.close()
            self.source = source
            self._open()

    def control(self, where: str) -> Control:
        """By its name, or the end of its path of names; KeyError if that is none or several."""
        found = [c for c in self.root.walk() if f"/{c.where}".endswith(f"/{where}")]
        if len(found) != 1:
            raise KeyError(f"{where}: {found}")
        return found[0]

    def senders(self, address: str) -> list[Control]:
        """Controls that send to an address, as they are named when the layout is loaded."""
        return self._senders.get(address, [])

    def receivers(self, address: str) -> list[tuple[Control, OscBinding]]:
        """Controls that an address changes, by their messages."""
        return self._receivers.get(address, [])

    def last(self, address: str) -> list[Any] | None:
        """The arguments of the last message to an address; None if there was none."""
        with self._lock:
            return next((arguments for _, where, arguments in reversed(self.heard) if where == address), None)

    def open(self, control: Control) -> None:
        """Turn to the page that it is on, by the tab."""
        if control.parent is None:
            return
        self.open(control.parent)
        if control.parent.kind == "PAGER":
            assert control.parent.properties.get("tabbar", True), f"{control.parent!r} has no tabs"
            with self._lock:
                self.set_value(control.parent, "page", control.index - 1, "finger")

    def finger_down(self, control: Control, x: float = 0.5, y: float = 0.5) -> Finger:
        """Put a finger on a control, or on the next one of a heap of XYs. AssertionError if something lies above
        it, or nothing there can be touched."""
        with self._lock:
            place = control.on_canvas(x, y)
            found = self.root.under(place)
            assert found is not None, f"nothing to touch at {place}, where {control!r} is"
            is_heap = found.kind == control.kind == "XY" and found.origin == control.origin
            assert found is control or is_heap, f"{found!r} lies above {control!r}"
            finger = Finger(found, self, (x, y))
            found.fingers.append(finger)
            values = placed(found, finger.at, None)
            if self.habits.touch_first:
                self._change(found, {"touch": True}, "finger")
                self._change(found, values, "finger")
            else:
                self._change(found, {**values, "touch": True}, "finger")
            return finger

    def finger_move(self, finger: Finger, x: float, y: float) -> None:
        """See Finger.move."""
        with self._lock:
            before, finger.at = finger.at, (x, y)
            self._change(finger.control, placed(finger.control, finger.at, before), "finger")

    def finger_up(self, finger: Finger) -> None:
        """See Finger.up."""
        with self._lock:
            control = finger.control
            control.fingers.remove(finger)
            self._change(control, {**released(control), "touch": bool(control.fingers)}, "finger")

    def tap(self, control: Control, x: float = 0.5, y: float = 0.5) -> None:
        """A finger down and up."""
        self.finger_down(control, x, y).up()

    def set_value(self, control: Control, key: str, value: Any, cause: str) -> None:
        """Change a value; `cause` is finger, message or script."""
        with self._lock:
            self._change(control, {key: value}, cause)

    def _change(self, control: Control, wanted: dict[str, Any], cause: str) -> None:
        changed: dict[str, tuple[Any, Any]] = {}
        for key, value in wanted.items():
            before, after = control.values[key], control.fit(key, value)
            if before == after:
                continue
            if cause == "message" and control.fingers and key in "xy":
                self.fights.append((control.where, key, before, after))
            control.values[key] = after
            changed[key] = before, after
            if self.habits.each_axis:
                self._tell(control, {key: changed.pop(key)})
        if changed:
            self._tell(control, changed)

    def _tell(self, control: Control, changed: dict[str, tuple[Any, Any]]) -> None:
        """What follows from values that have changed: scripts first, then messages."""
        for key in changed:
            self.scripts.call(control, "onValueChanged", key)
        for local in control.node.local:
            if local.is_enabled and _fires(local.triggers, changed):
                self._hand_over(control, local)
        for binding in control.node.osc:
            is_echo = binding is self._receiving and not binding.feeds_back
            if binding.can_send and _fires(binding.triggers, changed) and not is_echo:
                arguments = [control.outward(partial) for partial in binding.arguments]
                if binding.skips_duplicates and self._last_sent.get(id(binding)) == tuple(arguments):
                    continue
                self._last_sent[id(binding)] = tuple(arguments)
                self.send_osc(control.path(binding.path), [(_tag(value), value) for value in arguments])

    def _hand_over(self, control: Control, local: LocalBinding) -> None:
        value = convert(control.outward(local.source), local.source.conversion)
        target = next(c for c in self.root.walk() if c.node.identity == local.target_id)
        if local.target_kind == "VALUE":
            self._change(target, {local.target_key: value}, "local")
        else:
            target.properties[local.target_key] = value

    def send_osc(self, address: str, arguments: Sequence[tuple[str, Any]]) -> None:
        """Send one message."""
        builder = OscMessageBuilder(address)
        for tag, value in arguments:
            builder.add_arg(float(value) if tag == "f" else value, tag)
        self.said.append((time.monotonic(), address, [value for _, value in arguments]))
        if self.is_on_wifi:
            with contextlib.suppress(OSError):  # as the app: nobody is told that a packet found no way
                self._mouth.sendto(builder.build().dgram, self.to)

    def _open(self) -> None:
        self._ears = self.make_socket()
        self._ears.bind((self.source, self.port))
        self._ears.setblocking(False)
        self._mouth = self._ears if self.habits.from_its_port else self.make_socket()
        if self._mouth is not self._ears:
            self._mouth.bind((self.source, 0))

    def _run(self) -> None:
        with self._lock:
            self.scripts.begin()
        next_s = time.monotonic()
        while not self._stop.wait(max(next_s - time.monotonic(), 0.0)):
            next_s = max(next_s + FRAME_S, time.monotonic())
            with self._lock:
                self._listen()
                self.scripts.update()
                self._pull()
                self.frames += 1

    def _listen(self) -> None:
        while True:
            try:
                packet = self._ears.recv(1 << 16)
            except OSError:
                return
            if not self.is_on_wifi:
                continue
            try:
                messages = [timed.message for timed in OscPacket(packet).messages]
            except ParseError as error:
                self.scripts.errors.append(f"no OSC: {packet!r}: {error}")
                continue
            for message in messages:
                self._hear(message.address, list(message.params))

    def _hear(self, address: str, arguments: list[Any]) -> None:
        self.heard.append((time.monotonic(), address, arguments))
        if self.scripts.receive(address, [(_tag(value), value) for value in arguments]):
            return
        for control, binding in self.receivers(address):
            self._receiving = binding
            for partial, value in zip(binding.arguments, arguments, strict=False):
                if partial.kind == "VALUE" and partial.value in control.values:
                    self._change(control, {partial.value: inward(partial, value)}, "message")
            self._receiving = None

    def _pull(self) -> None:
        for control, key, pull in self._pulls:
            away = control.node.values[key] - control.values[key]
            if away and not control.fingers:
                share = 1.0 if abs(away) < _PULLED else pull / 100
                self._change(control, {key: control.values[key] + share * away}, "pull")


def _fires(triggers: Sequence[Trigger], changed: dict[str, tuple[Any, Any]]) -> bool:
    return any(trigger.fires(*changed[trigger.key]) for trigger in triggers if trigger.key in changed)


def _tag(value: Any) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return {int: "i", float: "f", str: "s", bytes: "b"}.get(type(value), "N")
