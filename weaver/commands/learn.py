"""`weaver learn`: plays, and teaches controllers what their controls shall do, on the page or by what is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from weaver.app import Instrument
from weaver.commands.play import Ending, has_page, play_on, with_instrument
from weaver.hands.learning import Learning
from weaver.model.errors import ConfigError


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Teach until it is left, or all that was asked for is taught; 0 then. Raises ConfigError and DeviceError."""
    wanted = [parse_goal(text) for text in arguments.goals]
    is_seen = has_page(arguments, console)
    if not wanted and not is_seen:
        raise ConfigError("weaver learn", "goals to teach, such as wet_db or lift:3, where there is no page", "none")

    def teach(instrument: Instrument, ending: Ending, seconds: float) -> None:
        lesson = instrument.listening.learn(arguments.name)
        lesson.plan(wanted)
        teacher = Teacher(lesson, ending, None if is_seen else console, bool(wanted))
        play_on(instrument, console, ending.event, is_seen, seconds, teacher.look)

    return with_instrument(arguments, console, teach)


def parse_goal(text: str) -> tuple[str, int | None]:
    """From WORD or WORD:SPHERE, which counts from 1 there and from 0 here. Raises ConfigError."""
    word, colon, number = text.partition(":")
    if colon and not (number.isascii() and number.isdigit() and int(number)):
        raise ConfigError("learn", "GOAL or GOAL:SPHERE, with the number of a sphere from 1", repr(text))
    return word, int(number) - 1 if colon else None


class Teacher:
    """Says in lines what is asked for and what was taught, where there is no page, and ends when a plan is done."""

    def __init__(self, lesson: Learning, ending: Ending, console: Console | None, is_planned: bool) -> None:
        self._lesson, self._ending, self._console, self._is_planned = lesson, ending, console, is_planned
        self._said = ""
        self._asked = -1

    def look(self, _: NDArray[np.void] | Sequence[object]) -> None:
        """Called at each turn."""
        if self._console is not None:
            if self._lesson.said != self._said:
                self._said = self._lesson.said
                self._console.print(self._said, soft_wrap=True)
            if self._lesson.planned and self._lesson.planned != self._asked:
                self._asked = self._lesson.planned
                goal = self._lesson.goal
                self._console.print(f"move a control for {goal.word}: {goal.help}", soft_wrap=True)
            self._console.file.flush()
        if self._is_planned and not self._lesson.planned:
            self._ending.event.set()
