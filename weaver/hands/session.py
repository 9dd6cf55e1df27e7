"""One controller's life with us, as a machine that only time and messages move: nothing here waits or sends by itself.

    joined -> asked -> entering -> playing -> leaving
                          ^           |
                          +-- asleep <+     no answer any more; or it says that it has left its mode by itself

Whoever drives it calls `hear` for each message, `turn` often, sends what `outbox` pours, and does what `turn` returns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from enum import StrEnum

from weaver.hands.meaning import Losses, is_by_identity, is_strange, positions, reply_of
from weaver.hands.outbox import Outbox
from weaver.hands.rewriting import Rewriting
from weaver.mapping.profile import Profile
from weaver.mapping.talk import fits

ASK = bytes((0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7))
"""The identity request that every device understands, or lets pass."""
SETTLE_S = 0.1
"""After it is joined: a cable that has just been put in carries nothing yet, and what is said then is lost."""
ANSWER_S = 0.4
"""How long an answer is waited for, before the name of its port decides."""
PROBE_S = 2.0
"""Between two questions to a device that is known to answer."""
MISSED = 2
"""Questions without an answer after which it is taken to be asleep."""
UNASKED_S = 1.0
"""An identity told so long after a question was not asked for: it has just woken up."""
AGAIN_S = 0.5
"""At least between two times that it is brought back,"""
STUBBORN, STUBBORN_S = 5, 10.0
"""and so many in so long a time are enough: it is left alone for as long again."""
NOTE_S = 10.0
"""How long a passing note stays."""


class State(StrEnum):
    """Where a session is; the words are for the player."""

    JOINED = "here"
    ASKED = "being asked who it is"
    ENTERING = "waking up"
    PLAYING = "ready"
    ASLEEP = "asleep"
    LEAVING = "leaving"


class Happening(StrEnum):
    """What the driver of a session has to do something about."""

    TAKEN = "taken"  # it is known, or known better, what it is: lay it out
    READY = "ready"  # it has entered, or is left by other words now: paint all of it
    REPAINT = "repaint"  # its lights may show anything
    FELL_ASLEEP = "asleep"  # let go what it held


class Session:
    """One device in one seat. `candidates` are what it may be, the likeliest first; `known` are all profiles, for what
    a device that lies says it is."""

    def __init__(
        self, candidates: Sequence[Profile], can_send: bool, now_s: float, known: Sequence[Profile] = ()
    ) -> None:
        self.profile = candidates[0]
        self.state = State.JOINED
        self.outbox = Outbox()
        self.answers = False
        """Whether it ever has said who it is."""
        self.entered = 0
        """How often it has been entered."""
        self.seeds: deque[bytes] = deque()
        """Where its controls stand, as the messages that they themselves would send."""
        self.rewriting = Rewriting()
        """What was changed on it; whoever has it back hands this on."""
        self._losses = Losses()
        self._candidates, self._known, self._can_send = tuple(candidates), tuple(known), can_send
        self._happened: list[Happening] = [Happening.TAKEN]
        self._since_s = now_s
        self._asked_s = self._heard_s = self._told_alive_s = now_s
        self._missed = 0
        self._heard_since_asked = False
        self._is_judged = False
        self._entries: deque[float] = deque(maxlen=STUBBORN)
        self._wants_entry = False
        self._doubt = ""
        self._passing, self._passing_until_s = "", 0.0

    def note(self, now_s: float) -> str:
        """What the player should know about it; empty if all is well."""
        passing = self._passing if now_s < self._passing_until_s else ""
        return "; ".join(filter(None, (self._doubt, passing)))

    def hear(self, data: bytes, now_s: float) -> None:
        """It has said something."""
        if data == ASK:  # an echo is no sign of life
            return
        was_asleep = self.state is State.ASLEEP
        self._missed, self._heard_since_asked, self._heard_s = 0, True, now_s
        answer = reply_of(data)
        if answer is not None:
            self._identify(answer, now_s)
        elif not was_asleep:
            self._mind_reports(data, now_s)
            self._mind_strangers(data, now_s)
            self._mind_settings(data)
        self.seeds.extend(positions(self.profile, data))
        if was_asleep:
            self._say("it is back", now_s)
            self._wants_entry = True

    def turn(self, now_s: float) -> list[Happening]:
        """Let time pass; returns what has happened since the last turn, in order."""
        if self.state is State.JOINED and now_s - self._since_s >= SETTLE_S:
            self._ask(now_s)
            self.state, self._since_s = State.ASKED, now_s
        if self.state is State.ASKED and (self._is_judged or now_s - self._since_s >= self._patience_s):
            self._enter(now_s)
        elif self._wants_entry and self.state in (State.PLAYING, State.ASLEEP):
            self._enter_again(now_s)
        if self.state is State.ENTERING and self.outbox.is_idle(now_s):
            self.state, self._since_s = State.PLAYING, now_s
            self._asked_s = self._heard_s = self._told_alive_s = now_s
            self._missed, self._heard_since_asked = 0, True
            self.entered += 1
            self._happened.append(Happening.READY)
        if self.state in (State.PLAYING, State.ASLEEP):
            self._look_after(now_s)
        happened, self._happened = self._happened, []
        return happened

    def leave(self) -> None:
        """Whatever it does now, what it is told last is to leave."""
        entered = self.state in (State.ENTERING, State.PLAYING, State.ASLEEP)
        self.state = State.LEAVING
        self.outbox.clear()
        if entered and self._can_send:
            self.outbox.put(self.last_words, self.profile.talk.pause_s)

    @property
    def last_words(self) -> tuple[bytes, ...]:
        """What leaves it as it was."""
        return (*self.profile.talk.leave, *self.rewriting.originals)

    @property
    def _patience_s(self) -> float:
        """Nobody waits for an answer that would decide nothing."""
        return ANSWER_S if self._can_ask else 0.0

    @property
    def _can_ask(self) -> bool:
        """Whether the question means anything to it: grids that speak OSC have never heard of it."""
        return self._can_send and any(profile.ports.identity is not None for profile in self._candidates)

    def _ask(self, now_s: float) -> None:
        self._asked_s, self._heard_since_asked = now_s, False
        if self._can_ask:
            self.outbox.put((ASK,))

    def _look_after(self, now_s: float) -> None:
        """It is told that we are there, and asked whether it is."""
        talk = self.profile.talk
        if talk.silent_s and now_s - self._heard_s >= talk.silent_s:
            self._fall_asleep()
        if now_s - self._asked_s >= PROBE_S and (self.answers or talk.ask):
            self._probe(now_s)
        if talk.alive and self._can_send and now_s - self._told_alive_s >= talk.alive_s:
            self._told_alive_s = now_s
            self.outbox.put(talk.alive)

    def _fall_asleep(self) -> None:
        if self.state is State.PLAYING:
            self.state = State.ASLEEP
            self.outbox.clear()
            self._happened.append(Happening.FELL_ASLEEP)

    def _probe(self, now_s: float) -> None:
        if self.answers and not self._heard_since_asked:
            self._missed += 1
        if self._missed >= MISSED:
            self._fall_asleep()
        self._ask(now_s)
        if self._can_send:
            self.outbox.put(self.profile.talk.ask)

    def _identify(self, answer: bytes, now_s: float) -> None:
        """It says who it is: the first time this may decide, later it is a sign of life, or of a new one."""
        self.answers = True
        if self._is_judged:
            if self.state is State.PLAYING and now_s - self._asked_s > UNASKED_S:
                self._say("it has started anew", now_s)
                self._wants_entry = True
            return
        self._is_judged = True
        expecting = [profile for profile in self._candidates if profile.ports.identity is not None]
        says = next((profile for profile in expecting if is_by_identity(profile, answer)), None)
        if says is self.profile or (says is None and not expecting):
            return
        if says is not None and is_by_identity(self.profile, answer):
            return
        if says is None:
            other = next(
                (profile.title for profile in self._known if is_by_identity(profile, answer)),
                answer[:7].hex(" ").upper(),
            )
            self._doubt = f"says it is {other}, taken for {self.profile.title} by its name"
            return
        self.profile = says
        self._happened.append(Happening.TAKEN)
        self._wants_entry = self.state in (State.ENTERING, State.PLAYING)

    def _mind_reports(self, data: bytes, now_s: float) -> None:
        """It may have changed mode by itself; while it is being entered it says so too, and nothing is wrong."""
        if self.state is not State.PLAYING:
            return
        for report in self.profile.talk.reports:
            if fits(report.match, data) and not (report.unless and fits(report.unless, data)):
                self._say(report.note, now_s)
                self._wants_entry = True

    def _mind_strangers(self, data: bytes, now_s: float) -> None:
        """A note that it has no pad for, from a device that would not tell: its mode is not the one it was put into."""
        talk = self.profile.talk
        if self.state is not State.PLAYING or not talk.enter or not self._can_send:
            return
        if talk.reports and not talk.ask:  # it would have told
            return
        if is_strange(self.profile, data):
            self._say("it was in another mode", now_s)
            self._wants_entry = True

    def _mind_settings(self, data: bytes) -> None:
        """It may say how it is set, as it was asked, or that its lights may show anything."""
        changed = self.rewriting.hear(data)
        if changed is not None:
            self.outbox.put((changed,), self.profile.talk.pause_s)
            if self.state is State.PLAYING:
                self._happened.append(Happening.READY)
        if self._losses.hear(self.profile, data) and self.state is State.PLAYING:
            self._happened.append(Happening.REPAINT)

    def _enter(self, now_s: float) -> None:
        self.state, self._since_s, self._wants_entry = State.ENTERING, now_s, False
        self._entries.append(now_s)
        self._losses.forget()
        if self._can_send:
            talk = self.profile.talk
            self.outbox.put((*talk.wake, *talk.enter, *self.rewriting.ask(talk.rewrites)), talk.pause_s)

    def _enter_again(self, now_s: float) -> None:
        """Bring it back, unless it has just been: some devices say what they were told."""
        last_s = self._entries[-1] if self._entries else now_s - STUBBORN_S
        if len(self._entries) == STUBBORN and self._entries[-1] - self._entries[0] < STUBBORN_S:
            if now_s - last_s < STUBBORN_S:
                self._say("it leaves its mode again and again", now_s)
                return
            self._entries.clear()
        if now_s - last_s >= AGAIN_S:
            self.outbox.clear()
            self._enter(now_s)

    def _say(self, words: str, now_s: float) -> None:
        if words:
            self._passing, self._passing_until_s = words, now_s + NOTE_S
