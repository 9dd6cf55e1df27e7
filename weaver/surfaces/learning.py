"""The page while controls are taught: what there is to teach, what is chosen, and what was heard."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK, VIOLET

WORD_CELLS = 22
"""The column of names."""
ROWS_BESIDE = 4
"""Rows of the lesson beside its goals."""


@dataclass(frozen=True, slots=True)
class GoalView:
    """What can be taught. `has_sphere` says whether it is done to a sphere; `bound` which control does it, by what was
    taught today, empty if none."""

    word: str
    help: str
    has_sphere: bool
    bound: str = ""


@dataclass(frozen=True, slots=True)
class LearnView:
    """A lesson. `at` is the place of the goal that is chosen, `sphere` the name of its sphere, or "all"; `said` is what
    came of the last control that was moved, `is_wrong` if it could not be taught."""

    goals: tuple[GoalView, ...]
    at: int
    sphere: str
    said: str = ""
    is_wrong: bool = False


def learn_rows(view: LearnView, width: int, height: int) -> list[Text]:
    """The lesson in at most `height` rows of `width` cells; the chosen goal is in the middle where it can be."""
    room = max(height - ROWS_BESIDE, 1)
    first = min(max(view.at - room // 2, 0), max(len(view.goals) - room, 0))
    rows = [_question(view)]
    rows += [_goal(view, place, width) for place in range(first, min(first + room, len(view.goals)))]
    return [*rows, Text(), _answer(view), _keys()]


def _question(view: LearnView) -> Text:
    goal = view.goals[view.at]
    text = Text("Move a control for ", INK, no_wrap=True, overflow="ellipsis")
    text.append(goal.word, f"bold {GOLD}")
    if goal.has_sphere:
        text.append(f" of {view.sphere}" if view.sphere != "all" else " of all spheres", GOLD)
    text.append(f": {goal.help}", FAINT)
    return text


def _goal(view: LearnView, place: int, width: int) -> Text:
    goal, is_chosen = view.goals[place], place == view.at
    text = Text("▶ " if is_chosen else "  ", GOLD, no_wrap=True, overflow="ellipsis")
    text.append(f"{goal.word:<{WORD_CELLS}}", f"bold {GOLD}" if is_chosen else INK)
    text.append(goal.bound or goal.help, VIOLET if goal.bound else FAINT)
    text.truncate(width, overflow="ellipsis")
    return text


def _answer(view: LearnView) -> Text:
    return Text(view.said or "listening…", ALARM if view.is_wrong else INK, no_wrap=True, overflow="ellipsis")


def _keys() -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for part, style in (
        ("↑ ↓", GOLD),
        (" what · ", FAINT),
        ("← →", GOLD),
        (" which sphere · ", FAINT),
        ("-", GOLD),
        (" take back the last · ", FAINT),
        ("+", GOLD),
        (" learn no more", FAINT),
    ):
        text.append(part, style)
    return text
