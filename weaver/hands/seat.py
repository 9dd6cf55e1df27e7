"""A seat at the desk: a controller that is or was there, and all that belongs to it. For the desk's thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weaver.hands.board import Board, Touch
from weaver.hands.recognise import Found, lasting_port
from weaver.hands.session import NOTE_S, Session, State
from weaver.mapping.loom import PAGE_NEXT, PAGE_PREVIOUS, Laid
from weaver.mapping.profile import Profile
from weaver.surfaces.lights.panel import Panel
from weaver.surfaces.lights.shine import Shine
from weaver.surfaces.picture import HandView

Messages = Sequence[tuple[bytes, float]]
"""Messages in order, each with the seconds to wait after it."""
GONE = "gone"
"""The word for a controller that has been pulled out."""


@dataclass(frozen=True, slots=True)
class Said:
    """A controller, or another MIDI input, has said something: its title or name, the message, what control it is from,
    if any, and when on the clock of time.monotonic()."""

    slot: int
    title: str
    data: bytes
    touch: Touch | None
    time_s: float
    falls: bool = False
    """Whether what is from no control goes by the mode."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A controller has been told something: the messages, and how many of its lights are in them."""

    slot: int
    title: str
    messages: tuple[bytes, ...]
    lights: int
    time_s: float


@dataclass(frozen=True, slots=True)
class Seated:
    """Who sits in a slot: what it is taken for, the name of its port, whether no file knows it, and how it lies."""

    profile: Profile
    port_name: str
    is_stranger: bool
    board: Board | None


class Seat:
    """Made when a device comes; `before` is who sat here last time, whose page is kept."""

    def __init__(self, slot: int, found: Found, session: Session, before: Seat | None = None) -> None:
        self.slot, self.found, self.session = slot, found, session
        self.is_here = True
        self.page: int = 0 if before is None else before.page
        self.messages: int = 0 if before is None else before.messages
        self.heard_s: float | None = None if before is None else before.heard_s
        self.trouble, self.trouble_s = "", 0.0
        """What went wrong, and when,"""
        self.unable = ""
        """and what it cannot do at all."""
        self.lights_told = 0
        self.is_dark = False
        """Whether its lights have been put out for good, once."""
        self.board: Board | None = None
        self.panel: Panel | None = None
        self.map_is_due = False
        """Whether the decoder has still to be given its map,"""
        self.has_map: bool = before is not None and before.has_map
        """and whether it goes by one."""
        self.view: HandView | None = None

    @property
    def profile(self) -> Profile:
        """What it is taken for."""
        return self.session.profile

    @property
    def is_playing(self) -> bool:
        """Whether it is there, and has been entered."""
        return self.is_here and self.session.state is State.PLAYING

    def lay(self, lay: Callable[[Profile, int], Laid]) -> None:
        """Lay it out for its page, or the last there is."""
        laid = lay(self.profile, self.page)
        self.page = laid.page
        self.board, self.map_is_due = Board(laid), True
        before, self.panel = self.panel, None
        if self.profile.lights is not None and self.found.output_name is not None and laid.spots:
            self.panel = Panel(laid, self.profile.lights, before)

    def feel(self, data: bytes, now_s: float) -> Touch | None:
        """What control a message is from, if from one that is known; its light minds that, and fingers on faders."""
        touch = None if self.board is None else self.board.touch(data)
        if self.panel is not None:
            self.panel.felt(data, now_s)
            if touch is not None:
                self.panel.touched(touch.place, now_s)
        return touch

    def turned_page(self, touch: Touch) -> bool:
        """Whether a press asks for another page that there is; it is turned to then."""
        step = {PAGE_NEXT: 1, PAGE_PREVIOUS: -1}.get(touch.assignment.deed, 0)
        return bool(step) and touch.is_press and self.turn_page(step)

    def turn_page(self, step: int) -> bool:
        """Whether so many pages on there is another one; it is turned to then."""
        if self.board is None:
            return False
        page = min(max(self.page + step, 0), self.board.laid.pages - 1)
        is_other = page != self.page
        self.page = page
        return is_other

    def seated(self) -> Seated:
        """Who sits here."""
        port = lasting_port(self.found.names or (self.found.input_name,))
        return Seated(self.profile, port, self.profile.path is None, self.board)

    def is_due(self, now_s: float) -> bool:
        """Whether its lights can be told something: not while it still has to listen to what was said."""
        if self.panel is None or not self.is_playing or not self.session.outbox.is_idle(now_s):
            return False
        return self.panel.memory.is_due(now_s)

    def paint(self, shine: Shine, view: Callable[[int], np.record], now_s: float) -> tuple[Messages, int]:
        """What to tell its lights now, and how many of them. `view` gives a slot's HAND_VIEW."""
        if self.panel is None or self.board is None:
            return (), 0
        pages = self.board.laid.pages
        deeds = shine.deeds
        if pages > 1:
            turns = {PAGE_PREVIOUS: float(self.page > 0), PAGE_NEXT: float(self.page < pages - 1)}
            deeds = {**deeds, **turns}
        knobs = self.board.knobs(view(self.slot)) if self.board.turns else self.board.untold
        told = self.panel.memory.told
        messages = self.panel.frame(shine, knobs, now_s, deeds)
        return messages, self.panel.memory.told - told

    def forget_lights(self) -> None:
        """They may show anything: all are told again."""
        if self.panel is not None:
            self.panel.forget()

    def darken(self, now_s: float) -> bool:
        """Put out its lights, as fast as it can take it; whether all of them are out. To be called again until then.

        Where some get lost (`lights.heal`) they are put out twice.
        """
        if self.panel is None or not self.is_playing:
            return True
        outbox, memory = self.session.outbox, self.panel.memory
        if not outbox.is_idle(now_s):
            return False
        wanted = np.zeros((len(self.panel.laid.spots), 3), np.uint8)
        outbox.put_paced(memory.frame(wanted, now_s))
        if outbox or not memory.is_settled(wanted):
            return False
        if memory.lights.heal and not self.is_dark:
            self.is_dark = True
            memory.forget()
            return False
        return True

    def look(self, hand: np.record | None, names: tuple[str, ...], now_s: float) -> None:
        """Keep what the page shows of it. `hand` is its HAND_VIEW, if it can be had; `names` are the spheres'."""
        laid = None if self.board is None else self.board.laid
        state = self.session.state.value if self.is_here else GONE
        trouble = self.trouble if now_s - self.trouble_s < NOTE_S else ""
        notes = (self.session.note(now_s), self.unable, trouble) if self.is_here else ()
        self.view = HandView(
            slot=self.slot,
            name=self.found.input_name,
            title=self.profile.title,
            evidence=self.profile.evidence,
            is_connected=self.is_here,
            state=state,
            page=self.page,
            pages=1 if laid is None else laid.pages,
            messages=self.messages,
            quiet_s=self.heard_s,  # a moment as yet; whoever asks makes it a span
            note="; ".join(filter(None, notes)),
            mismatches=() if hand is None or self.board is None else self.board.mismatches(hand, names),
        )
