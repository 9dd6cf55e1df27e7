"""The rows of `model.osc_space`, done: a message with its arguments becomes commands, or an errand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from weaver.engine.engine import Engine
from weaver.mapping.curves import value_at
from weaver.mapping.finger import Deed, Fingers
from weaver.model.gestures import BIND, BY_CODE, HUSH, PANIC, PARAMETER, RUB, STRIKE
from weaver.model.osc_addresses import Target
from weaver.model.osc_packet import Argument
from weaver.model.osc_space import BY_PATTERN
from weaver.model.parameters import PARAMETERS
from weaver.osc.peer import Peer
from weaver.tablets.arguments import Reader, is_pressed, read_text
from weaver.tablets.batches import Batches
from weaver.tablets.errands import Errands
from weaver.tablets.holding import REST, Holding

Wrote = Callable[[Peer, str, tuple[float | int | str, ...], float], None]
Touches = Callable[[Peer, str, bool], None]
_TWO_ARGUMENTS = 2
"""A finger that says no more cannot say whether it is down."""


@dataclass(slots=True)
class Moment:
    """Whose messages are done, and when; `frame` 0 is at once."""

    peer: Peer
    time_s: float
    frame: int = 0


class Doing:
    """Does what targets say. Commands are put into `batches`, whoever calls sends them.

    `forget(peer)` drops what a peer wanted later.
    """

    def __init__(self, engine: Engine, errands: Errands, batches: Batches, forget: Callable[[Peer], None]) -> None:
        self.wrote: Wrote = lambda peer, address, arguments, time_s: None
        self.touches: Touches = lambda peer, address, is_down: None
        self.holding, self.fingers = Holding(), Fingers()
        self._engine, self._errands, self._batches, self._forget = engine, errands, batches, forget
        self._count = 0
        self._readers = {pattern: Reader(row) for pattern, row in BY_PATTERN.items() if row.is_heard}
        self._doers: dict[str, Callable[[Target, Sequence[Argument], Moment], None]] = {
            "gesture": self._do_gesture,
            "bind": self._do_bind,
            "parameter": self._do_parameter,
            "turn": self._do_turn,
            "finger": self._do_finger,
            "begin": self._do_begin,
            "stage": self._do_stage,
            "hello": self._do_hello,
            "ping": self._do_ping,
            "sync": self._do_sync,
        }

    def keep(self, count: int) -> None:
        """There are `count` spheres now; what others were held by is forgotten."""
        self._count = count
        self.holding.keep(count)
        self.fingers.keep(count)

    def do(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        """Do what a message says. Raises Unfit for its arguments, and whatever an errand or a listener raises."""
        if target.is_touch:
            self._do_touch(target, arguments, moment)
        else:
            self._doers[target.row.does](target, arguments, moment)

    def let_go(self, peer: Peer) -> None:
        """What a peer holds goes to who else holds it, or to rest."""
        self.do_deeds(self.fingers.leave(peer), 0)
        for code, sphere, values in self.holding.let_go(peer):
            if not (code == RUB and self.fingers.is_rubbing(sphere)):
                self._batches.put(0, code, sphere, *values)

    def do_deeds(self, deeds: Iterable[Deed], frame: int) -> None:
        """Do what fingers have become. A sphere that they leave goes back to who rubs it otherwise."""
        for code, sphere, a, b, c in deeds:
            if code == RUB and a <= 0.0:
                held = self.holding.values(RUB, sphere)
                a, b, c = held if held[0] > 0.0 else (a, b, c)
            self._batches.put(frame, code, sphere, a, b, c)

    def _tell(self, target: Target, shown: tuple[float | int | str, ...], moment: Moment) -> None:
        self.wrote(moment.peer, target.address, shown, moment.time_s)

    def _do_gesture(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        row, sphere = target.row, target.sphere
        if not row.takes_all:
            if is_pressed(arguments):
                self._do_to_all(row.code, moment)
            return
        read = self._readers[row.pattern].read(arguments)
        if row.code == STRIKE and read[0] <= 0.0:
            return  # a pad that is let go
        self._batches.put(moment.frame, row.code, sphere, *read)
        if row.code in REST:
            a, b, c = (*read, 0.0, 0.0)[:3]
            for each in range(self._count) if sphere < 0 else (sphere,):
                self.holding.hold(moment.peer, row.code, each, (a, b, c))
        if row.is_shown and sphere >= 0:
            self._tell(target, tuple(read), moment)

    def _do_to_all(self, code: int, moment: Moment) -> None:
        if code == PANIC:
            self._panic(moment)
            return
        self._batches.put(moment.frame, code, -1, *BY_CODE[code].values()[:3])
        if code == HUSH:
            self.holding.forget()
            self.fingers.still()

    def _panic(self, moment: Moment) -> None:
        """Silence beside the ring. What is in the ring comes after that: so another panic goes behind it, in order."""
        self._forget(moment.peer)
        self.holding.forget()
        self.fingers.still()
        ring = self._engine.state.commands
        if moment.frame > 0 or self._batches.count or ring.written[0] != ring.read[0]:
            self._batches.put(moment.frame, PANIC, -1)
        if moment.frame == 0:
            self._batches.clear()
            self._engine.panic()

    def _do_bind(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        (strength,) = self._readers[target.row.pattern].read(arguments)
        self._batches.put(moment.frame, BIND, target.sphere, target.other, strength)
        self._tell(target, (strength,), moment)

    def _do_parameter(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        reader = self._readers[target.row.pattern]
        read = reader.read(arguments)
        self._batches.put(moment.frame, PARAMETER, -1, target.row.code, read[0])
        self._tell(target, reader.canonical(read), moment)

    def _do_turn(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        (turn,) = self._readers[target.row.pattern].read(arguments)
        code = target.row.code
        self._batches.put(moment.frame, PARAMETER, -1, code, value_at(PARAMETERS[code], turn))
        self._tell(target, (turn,), moment)

    def _do_finger(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        x, y, down = self._readers[target.row.pattern].read(arguments)
        is_down = down > 0.0 if len(arguments) > _TWO_ARGUMENTS else None
        deeds = self.fingers.touch(moment.peer, target.sphere, target.finger, x, y, is_down, moment.time_s)
        self.do_deeds(deeds, moment.frame)

    def _do_touch(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        is_down = is_pressed(arguments)
        if target.row.does == "finger" and not is_down:
            self.do_deeds(self.fingers.lift(moment.peer, target.sphere, target.finger), moment.frame)
        self.touches(moment.peer, target.address, is_down)

    def _do_begin(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        if is_pressed(arguments):
            self._errands.begin_show()

    def _do_stage(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        name = read_text(arguments)
        self._errands.change_set(name)
        self._tell(target, (name,), moment)

    def _do_hello(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        (port,) = self._readers[target.row.pattern].read(arguments)
        self._errands.hello(moment.peer, round(port))

    def _do_ping(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        moment.peer.pinged_s = moment.time_s
        self._errands.pong(moment.peer, arguments)

    def _do_sync(self, target: Target, arguments: Sequence[Argument], moment: Moment) -> None:
        if is_pressed(arguments):
            self._errands.sync(moment.peer)
