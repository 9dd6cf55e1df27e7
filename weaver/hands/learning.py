"""A lesson while the instrument plays: a goal is chosen, a control is moved, and from then on it does that.

The desk tells of every message on its thread; all else is done by whoever drives the page, on theirs.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from weaver.hands.board import BEND, CONTROL, NOTE_ON, Board, aim_words
from weaver.hands.desk import Desk
from weaver.hands.seat import Said
from weaver.mapping.ear import Ear, Moved
from weaver.mapping.lesson import Goal, Lesson, Taught, goals
from weaver.model.errors import ConfigError
from weaver.surfaces.learning import GoalView, LearnView

MOST_HEARD = 4096
"""Messages that wait for the lesson; whoever floods it is heard in part."""


class Learning:
    """Begins when it is made, and lasts until `close`.

    `names` gives those of the spheres on stage; `taught` is called when a file has been written, for all that go by it;
    `file_name` is that of the file, if the player has chosen one.
    """

    def __init__(
        self,
        desk: Desk,
        names: Callable[[], Sequence[str]],
        taught: Callable[[], None],
        file_name: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk, self._names, self._taught, self._file_name, self._clock = desk, names, taught, file_name, clock
        self._goals = goals()
        self._at, self._sphere = 0, 0
        self._ear = Ear()
        self._said: deque[Said] = deque(maxlen=MOST_HEARD)
        self._lessons: dict[int, Lesson] = {}
        self._done: list[tuple[int, int, str]] = []
        self._words, self._is_wrong = "", False
        self._plan: deque[tuple[str, int | None]] = deque()
        desk.adopt(True)
        self._stop_listening = desk.said.add(self._said.append)

    def close(self) -> None:
        """End the lesson; what was taught stays."""
        self._stop_listening()
        self._desk.adopt(False)

    def choose(self, step: int) -> None:
        """Go `step` goals on, or back; from the last to the first."""
        self._at = (self._at + step) % len(self._goals)
        self._ear.forget()

    def plan(self, goals_ahead: Sequence[tuple[str, int | None]]) -> None:
        """Go to the first of these goals, and on to the next whenever one is taught: each a word, and a sphere counted
        from 0, None for all. Raises ConfigError for what there is not."""
        words, spheres = [goal.word for goal in self._goals], len(self._names())
        for word, sphere in goals_ahead:
            if word not in words:
                raise ConfigError("learn", "one of " + ", ".join(words), repr(word))
            if sphere is not None and not 0 <= sphere < spheres:
                raise ConfigError(f"learn {word}", f"a sphere from 1 to {spheres}", sphere + 1)
        self._plan = deque(goals_ahead)
        self._follow()

    @property
    def planned(self) -> int:
        """How many goals are ahead, the one that is chosen among them."""
        return len(self._plan)

    def _follow(self) -> None:
        if self._plan:
            word, sphere = self._plan[0]
            self._at = [goal.word for goal in self._goals].index(word)
            self._sphere = len(self._names()) if sphere is None else sphere

    def choose_sphere(self, step: int) -> None:
        """Go `step` spheres on, or back; after the last come all together."""
        self._sphere = (self._sphere + step) % (len(self._names()) + 1)
        self._ear.forget()

    @property
    def goal(self) -> Goal:
        """What is chosen."""
        return self._goals[self._at]

    def turn(self) -> Taught | None:
        """Listen; what has just been taught, if anything was."""
        while self._said:
            said = self._said.popleft()
            self._ear.hear(said.slot, said.data, said.time_s)
        moved = self._ear.moved(self._clock())
        return None if moved is None else self._teach(moved)

    def undo(self) -> None:
        """Take back what was taught last."""
        if not self._done:
            self._say("nothing has been taught yet", is_wrong=True)
            return
        slot, at, _ = self._done[-1]
        try:
            self._lessons[slot].undo()
        except ConfigError as error:
            self._say(str(error), is_wrong=True)
            return
        self._done.pop()
        self._taught()
        self._say(f"{self._goals[at].word} is as it was")

    @property
    def said(self) -> str:
        """What came of the control that was moved last."""
        return self._words

    def view(self) -> LearnView:
        """What the page shows of it."""
        names = self._names()
        bound = {at: words for _, at, words in self._done}
        return LearnView(
            goals=tuple(
                GoalView(goal.word, goal.help, goal.of_sphere, bound.get(at, "")) for at, goal in enumerate(self._goals)
            ),
            at=self._at,
            sphere=names[self._sphere] if self._sphere < len(names) else "all",
            said=self._words,
            is_wrong=self._is_wrong,
        )

    def _teach(self, moved: Moved) -> Taught | None:
        seated = self._desk.seated(moved.slot)
        if seated is None:
            return None
        lesson = self._lessons.get(moved.slot)
        if lesson is None:
            lesson = Lesson(seated.profile, seated.port_name, seated.is_stranger, self._file_name)
            self._lessons[moved.slot] = lesson
        sphere = self._sphere if self._sphere < len(self._names()) else None
        before = _does(seated.board, moved)
        try:
            taught = lesson.teach(self.goal, sphere, moved)
        except ConfigError as error:
            self._say(str(error), is_wrong=True)
            return None
        self._done.append((moved.slot, self._at, f"{taught.control}: {taught.does}"))
        self._taught()
        did = taught.did or before
        conflict = f" (it did: {did})" if did and did != taught.does else ""
        self._say(f"{taught.control}: {taught.does}{conflict}; kept in {lesson.path.name}")
        if self._plan:
            self._plan.popleft()
            self._follow()
        return taught

    def _say(self, words: str, is_wrong: bool = False) -> None:
        self._words, self._is_wrong = words, is_wrong


def _does(board: Board | None, moved: Moved) -> str:
    """What a control does as it is laid out now; empty if nothing."""
    status = {"note": NOTE_ON, "cc": CONTROL, "bend": BEND}[moved.message] | moved.channel
    touch = None if board is None else board.touch(bytes((status, moved.number, 1)))
    return "" if touch is None or touch.assignment.deed == "none" else aim_words(touch.assignment)
