"""The desk at which controllers sit: one thread that looks who is there, hears them and paints their lights.

Nothing here sounds: what controllers play goes to the decoder by itself (`Wires`), by maps that are given here. So
whatever a device or its driver does wrong is counted and told, and the sound never waits for it.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from weaver.engine.engine import Engine
from weaver.hands.gallery import Gallery
from weaver.hands.glance import Glance
from weaver.hands.guard import Guard
from weaver.hands.leaving import leave_all
from weaver.hands.listeners import Listeners
from weaver.hands.recognise import Recogniser
from weaver.hands.register import LOOK_S, Register
from weaver.hands.seat import Said, Seat, Seated, Shown
from weaver.hands.session import Happening, State
from weaver.mapping.loom import RESYNC, Laid
from weaver.mapping.profile import Profile
from weaver.model.wires import Heard, Wires
from weaver.surfaces.lights.shine import Shine
from weaver.surfaces.picture import HandView

PICTURE_S = 1.0 / 60.0
VIEW_S = 1.0 / 15.0
BUSY_TURN_S, CALM_TURN_S, EMPTY_TURN_S = 0.003, 0.016, 0.05
"""Between two turns: while somebody plays or is told something, while all are quiet, and while nobody is there."""
CALM_AFTER_S = 1.0
SYSEX = 0xF0
MOST_HEARD = 400
"""Messages of one controller that are looked at in one turn; the rest is shed. All of them have sounded already."""
CLOSE_S = 3.0
"""How long the end is waited for; only a driver that hangs takes longer."""

Lay = Callable[[Profile, int, int], Laid]
"""(profile, spheres of the set, page) -> what every control does and every light shows."""
Compile = Callable[[Laid, Profile], np.record]


class Desk:
    """Plays from when it is made until it is closed. All but `resync`, `views` and the like happens on its own thread.

    `lay` puts a profile out for a page of a set, `compile_hand` makes the decoder's map of that. `wants` says by a
    port's names whether the player wants it listened to, `takes` by a port and a title whether it is ours to take;
    `guard` leaves the controllers if we cannot.
    """

    def __init__(
        self,
        engine: Engine,
        wires: Wires,
        recogniser: Recogniser,
        lay: Lay,
        compile_hand: Compile,
        wants: Callable[[Sequence[str]], bool] = lambda names: True,
        guard: Guard | None = None,
        clock: Callable[[], float] = time.monotonic,
        takes: Callable[[str, str], bool] = lambda port, title: True,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """How often what went wrong, and how much was shed."""
        self.last_error = ""
        self._engine, self._wires = engine, wires
        self._lay, self._compile, self._clock = lay, compile_hand, clock
        self._guard = guard
        self._register = Register(wires, recogniser, wants, self._count, takes)
        self._seats = self._register.seats
        self._glance = Glance(engine)
        self._spheres, self._rate = engine.spheres, engine.sample_rate
        self.said: Listeners[Said] = Listeners()
        """Is told of all that controllers say, on the desk's thread;"""
        self.shown: Listeners[Shown] = Listeners()
        """and this of all that their lights are told."""
        self._asked: deque[Callable[[], None]] = deque()
        self._gallery = Gallery(engine.hand_view)
        self._next_look_s = self._next_picture_s = self._next_view_s = 0.0
        self._busy_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hands", daemon=True)

    def start(self) -> None:
        """Begin to look around."""
        atexit.register(self.close)
        self._thread.start()

    def close(self) -> None:
        """Put out the lights, leave every device as it was, and end; a second call does nothing."""
        atexit.unregister(self.close)
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def resync(self) -> None:
        """Paint all lights anew."""
        self._asked.append(self._register.forget_lights)

    def adopt(self, strangers: bool) -> None:
        """Seat controllers too that no file knows, or seat no more of them."""
        self._register.recogniser.adopts = strangers
        self._next_look_s = 0.0

    def know(self, profiles: Sequence[Profile]) -> None:
        """From now on go by these profiles: those in use are laid out anew. Raises ConfigError, see Recogniser."""
        self._register.recogniser.know(profiles)
        self._asked.append(lambda: self._lay_each(self._register.reconsider()))

    def turn_pages(self, step: int) -> None:
        """Turn all controllers `step` pages on, those without buttons for it too."""
        self._asked.append(lambda: self._lay_each(self._register.turn_pages(step)))

    def seated(self, slot: int) -> Seated | None:
        """Who sits in a slot, if somebody does. May be asked from any thread."""
        seat = self._seats.get(slot)
        return seat.seated() if seat is not None and seat.is_here else None

    def views(self) -> tuple[HandView, ...]:
        """All controllers that are or were there, by slot. May be asked from any thread."""
        return self._gallery.views(self._clock())

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.turn()
            except Exception as error:  # whatever it is, the lights go on
                self._count("turn", error)
            self._stop.wait(self._pause_s())
        try:
            self.leave()
        except Exception as error:  # the process ends all the same
            self._count("leave", error)

    def turn(self) -> None:
        """One turn of the thread."""
        now_s = self._clock()
        if now_s >= self._next_look_s:
            self._next_look_s = now_s + LOOK_S
            self._register.look(now_s)
        while self._asked:
            self._asked.popleft()()
        self._hear(now_s)
        if self._engine.spheres is not self._spheres:
            self._lay_all()
        for seat in self._seats.values():
            self._guarded("session", seat, lambda seat: self._drive(seat, now_s))
        if now_s >= self._next_picture_s:
            self._next_picture_s = max(self._next_picture_s + PICTURE_S, now_s)
            self._paint(now_s)
        for seat in self._register.here():
            self._guarded("send", seat, lambda seat: self._pour(seat, now_s))
        if now_s >= self._next_view_s:
            self._next_view_s = now_s + VIEW_S
            if self._engine.sample_rate != self._rate:  # after a restart no map is known
                self._lay_all()
            names = tuple(sphere.name for sphere in self._spheres.spheres)
            self._gallery.keep(self._seats, names, now_s)

    def _pause_s(self) -> float:
        here = self._register.here()
        if not here:
            return EMPTY_TURN_S
        is_busy = any(seat.session.outbox or seat.session.state is not State.PLAYING for seat in here)
        return BUSY_TURN_S if is_busy or self._clock() - self._busy_s < CALM_AFTER_S else CALM_TURN_S

    def _hear(self, now_s: float) -> None:
        try:
            heard = self._wires.heard()
        except Exception as error:
            self._count("hear", error)
            return
        counts: Counter[int] = Counter()
        for message in heard:
            seat = self._seats.get(message.slot)
            if seat is None:
                continue
            if message.data and message.data[0] < SYSEX:
                self._busy_s = now_s
            seat.messages += 1
            seat.heard_s = message.time_s
            counts[message.slot] += 1
            if counts[message.slot] > MOST_HEARD:
                self.counts["shed"] += 1
                continue
            self._guarded("hear", seat, partial(self._mind, message=message, now_s=now_s))

    def _mind(self, seat: Seat, message: Heard, now_s: float) -> None:
        """What a message means beside what it sounds."""
        seat.session.hear(message.data, now_s)
        touch = seat.feel(message.data, now_s)
        if touch is not None:
            if seat.turned_page(touch):
                self._lay_out(seat)
            elif touch.is_press and touch.assignment.deed == RESYNC:
                self._register.forget_lights()
        if self.said:
            falls = seat.board is None or seat.profile.notes == "mode"
            self.said.tell(Said(seat.slot, seat.profile.title, message.data, touch, message.time_s, falls))

    def _drive(self, seat: Seat, now_s: float) -> None:
        if not seat.is_here:
            if self._guard is not None:
                self._guard.drop(seat.slot)
            seat.has_map = seat.has_map and not self._engine.give_hand(seat.slot, None)
            return
        for happening in seat.session.turn(now_s):
            if happening is Happening.TAKEN:
                self._lay_out(seat)
            elif happening is Happening.READY:
                self._greet(seat)
            elif happening is Happening.REPAINT:
                seat.forget_lights()
            elif happening is Happening.FELL_ASLEEP:
                self._engine.let_go(seat.slot)
        if seat.map_is_due and seat.board is not None:
            seat.map_is_due = not self._engine.give_hand(seat.slot, self._compile(seat.board.laid, seat.profile))
            seat.has_map = True
        while seat.session.seeds and not seat.map_is_due:
            self._engine.midi(seat.session.seeds.popleft(), seat.slot)

    def _greet(self, seat: Seat) -> None:
        """It has been entered: its lights may show anything, and it has to be left some day."""
        seat.forget_lights()
        output = seat.found.output_name
        if self._guard is not None and output is not None:
            words, pause_s = seat.session.last_words, seat.profile.talk.pause_s
            self._guard.watch(seat.slot, output, words, pause_s, seat.found.input_name)

    def _lay_all(self) -> None:
        self._spheres, self._rate = self._engine.spheres, self._engine.sample_rate
        self._lay_each(self._register.here())

    def _lay_out(self, seat: Seat) -> None:
        """What cannot be laid out, or lit, does what it can; that it cannot stays to be seen."""
        try:
            seat.lay(lambda profile, page: self._lay(profile, len(self._spheres.spheres), page))
            seat.unable = ""
        except Exception as error:
            seat.unable = str(error)
            self._count("lay", error)

    def _lay_each(self, seats: Sequence[Seat]) -> None:
        for seat in seats:
            self._lay_out(seat)

    def _paint(self, now_s: float) -> None:
        """One picture for all lights."""
        lit = [seat for seat in self._seats.values() if seat.is_due(now_s)]
        if not lit:
            return
        shine = self._glance.shine()
        for seat in lit:
            self._guarded("paint", seat, lambda seat: self._paint_one(seat, shine, now_s))

    def _paint_one(self, seat: Seat, shine: Shine, now_s: float) -> None:
        messages, lights = seat.paint(shine, self._engine.hand_view, now_s)
        seat.session.outbox.put_paced(messages)
        seat.lights_told += lights

    def _pour(self, seat: Seat, now_s: float) -> None:
        outbox = seat.session.outbox
        sent = outbox.pour(now_s, lambda data: self._wires.send(seat.slot, data))
        if sent:
            self.shown.tell(Shown(seat.slot, seat.profile.title, tuple(sent), seat.lights_told, now_s))
            seat.lights_told = 0
        if outbox.lost:
            self.counts["unsent"] += outbox.lost
            outbox.lost = 0
            seat.forget_lights()

    def leave(self) -> None:
        """Lights out, devices as they were: what the thread does at its end."""
        leave_all(self._register.here(), self._wires, self._clock, self._count)
        if self._guard is not None:
            self._guard.farewell()

    def _guarded(self, what: str, seat: Seat, do: Callable[[Seat], object]) -> None:
        """Do something for one controller; should it fail, all others go on."""
        try:
            do(seat)
        except Exception as error:
            seat.trouble, seat.trouble_s = f"{what}: {error}", self._clock()
            self._count(what, error)

    def _count(self, what: str, error: Exception) -> None:
        self.counts[what] += 1
        self.last_error = f"{what}: {error}"
