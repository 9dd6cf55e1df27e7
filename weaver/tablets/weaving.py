"""What tablets and programs say becomes commands for the sound.

What belongs together takes effect at one frame. What comes with a time tag waits for its time. Whoever holds something
and is heard of no more lets go of it. None of it raises: what cannot be done is counted, and the next message is heard.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from weaver.engine.engine import Engine
from weaver.model.osc_addresses import Space, Target
from weaver.model.osc_packet import AT_ONCE, OscMessage, Together
from weaver.model.osc_space import BY_PATTERN
from weaver.osc.peer import Peer
from weaver.tablets.arguments import Unfit
from weaver.tablets.batches import Batches
from weaver.tablets.doing import Doing, Moment, Touches, Wrote
from weaver.tablets.errands import Errands
from weaver.tablets.timetags import TagClock, Waiting

SILENT_S = 2.0
"""Who has a heartbeat and is not heard of for so long is gone: four beats of our layouts."""
FORGET_S = 60.0
"""Who is not heard of for so long is met anew."""
AHEAD_S = 0.03
"""Before its time a bundle goes to the sound: more than the time between two calls of `tick`."""
MOST_AHEAD = 256
"""Commands that wait in the sound for their time: a third of its places for such."""
PER_MESSAGE = 2
"""Commands that a message becomes at most: a finger strikes, and ends another one's rub."""
REACH_PER_S, REACH_AT_ONCE = 20_000.0, 2_048.0
"""Spheres that gestures to all of them may reach: in a second, and at once. Three hundred such gestures a second for
the largest set are far more than hands can do; thousands would cost the sound its deadlines."""
UNKNOWN, TOO_MUCH, TOO_MUCH_LATER = "unknown address", "too much at once", "too much for later"
_PANIC = BY_PATTERN["/panic"]


@dataclass(slots=True)
class _Player:
    """A peer as it plays."""

    heard_s: float
    tags: TagClock = field(default_factory=TagClock)


class Weaving:
    """From any thread, one at a time. `frame_at` says which frame is due at a time of time.monotonic(), 0 if nobody
    knows, and `frame_of` at which what came then, without a time of its own, takes effect, 0 is at once; `clock` and
    `wall` are that time and the one since 1970.
    """

    def __init__(
        self,
        engine: Engine,
        errands: Errands,
        frame_at: Callable[[float], int],
        frame_of: Callable[[float], int] = lambda time_s: 0,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.lost: Counter[str] = Counter()
        """Messages that were not done, by reason."""
        self.played = 0
        """Messages that were."""
        self._engine, self._frame_at, self._frame_of = engine, frame_at, frame_of
        self._clock, self._wall = clock, wall
        self._lock = threading.RLock()
        self._batches, self._waiting = Batches(engine.perform), Waiting()
        self._doing = Doing(engine, errands, self._batches, self._waiting.forget)
        self._ahead: deque[tuple[float, int]] = deque()
        self._reach, self._reached_s = REACH_AT_ONCE, 0.0
        self._players: dict[Peer, _Player] = {}
        self._set_stage()

    @property
    def wrote(self) -> Wrote:
        """Is told (peer, address, arguments, time_s) of what a peer has set that is also shown, as the feedback of that
        address says it. Whole addresses only: "all" is no address that is shown."""
        return self._doing.wrote

    @wrote.setter
    def wrote(self, listener: Wrote) -> None:
        self._doing.wrote = listener

    @property
    def touches(self) -> Touches:
        """Is told (peer, address, is_down) whether a peer has a finger on a control."""
        return self._doing.touches

    @touches.setter
    def touches(self, listener: Touches) -> None:
        self._doing.touches = listener

    @property
    def space(self) -> Space:
        """The addresses of the set on stage."""
        return self._space

    @property
    def is_full(self) -> bool:
        """Whether the sound has no room for what it was brought: whoever hears waits before hearing more."""
        return self._batches.is_full

    def hear(self, peer: Peer, together: Iterable[Together], arrival_s: float) -> None:
        """What came in one packet at `arrival_s` of time.monotonic()."""
        with self._lock:
            self._turn(arrival_s)
            player = self._players.get(peer)
            if player is None:
                player = self._players[peer] = _Player(arrival_s)
            player.heard_s = arrival_s
            for group in together:
                lead_s = 0.0
                if group.time_tag != AT_ONCE:
                    lead_s = player.tags.lead_s(group.time_tag, self._wall() - (self._clock() - arrival_s))
                if lead_s <= 0.0:
                    self._weave(group.messages, Moment(peer, arrival_s, self._frame_of(arrival_s)))
                elif not self._waiting.put(arrival_s + lead_s, peer, group.messages):
                    self.lost[TOO_MUCH_LATER] += len(group.messages)
            self._batches.send()

    def tick(self, now_s: float) -> None:
        """Time goes by: what is due is done, and who is gone lets go. At least every 20 ms."""
        with self._lock:
            self._turn(now_s)
            self._doing.do_deeds(self._doing.fingers.turn(now_s), 0)
            self._batches.send()
            for peer, player in list(self._players.items()):
                silent_s = now_s - player.heard_s
                if peer.pinged_s is not None and silent_s > SILENT_S:
                    self.let_go(peer)
                elif silent_s > FORGET_S:
                    del self._players[peer]

    def let_go(self, peer: Peer) -> None:
        """A peer is gone: what it holds goes to who else holds it, or to rest; what it wanted later is not done. Should
        it speak again it is met anew."""
        with self._lock:
            self._players.pop(peer, None)
            self._waiting.forget(peer)
            self._doing.let_go(peer)
            self._batches.send()

    def _set_stage(self) -> None:
        self._spheres = self._engine.spheres
        names = [sphere.name for sphere in self._spheres.spheres]
        self._space = Space(names)
        self._doing.keep(len(names))

    def _turn(self, now_s: float) -> None:
        """What comes before anything else."""
        if self._engine.spheres is not self._spheres:
            self._set_stage()
        self._batches.retry()
        if self._waiting:
            self._do_due(now_s)

    def _do_due(self, now_s: float) -> None:
        """Give the sound what is due shortly, with its frame; where there is no clock, or no room, at its time."""
        while self._ahead and self._ahead[0][0] <= now_s:
            self._ahead.popleft()
        while (later := self._waiting.first()) is not None and later.due_s - AHEAD_S <= now_s:
            places = MOST_AHEAD - sum(count for _, count in self._ahead)
            frame = max(self._frame_at(later.due_s), 0) if PER_MESSAGE * len(later.messages) <= places else 0
            if frame == 0 and later.due_s > now_s:
                return
            self._waiting.drop_first()
            self._weave(later.messages, Moment(later.peer, later.due_s, frame))
            if frame > 0:
                self._ahead.append((later.due_s, self._batches.count))
            self._batches.send()

    def _weave(self, messages: Iterable[OscMessage], moment: Moment) -> None:
        """Do messages that take effect together."""
        resolve, do, lost = self._space.resolve, self._doing.do, self.lost
        for message in messages:
            target = resolve(message.address)
            if target is None:
                lost[UNKNOWN] += 1
            elif self._is_too_much(target, moment.peer):
                lost[TOO_MUCH] += 1
            else:
                try:
                    do(target, message.arguments, moment)
                    self.played += 1
                except Unfit as unfit:
                    lost[str(unfit)] += 1
                except Exception:  # an errand or a listener failed: the next message is heard all the same
                    lost[f"{target.row.does} failed"] += 1

    def _is_too_much(self, target: Target, peer: Peer) -> bool:
        """Whether the sound could not bear it. It always bears a panic.

        While it is full the ears wait, but nobody at a WebSocket does: what comes from there must not keep it full.
        """
        if target.row is _PANIC:
            return False
        if target.sphere < 0 and target.row.takes_all:
            now_s = self._clock()
            self._reach = min(self._reach + (now_s - self._reached_s) * REACH_PER_S, REACH_AT_ONCE)
            self._reached_s = now_s
            count = len(self._spheres.spheres)
            if self._reach < count:
                return True
            self._reach -= count
        return self._batches.is_full if peer.transport == "websocket" else self._batches.is_over
