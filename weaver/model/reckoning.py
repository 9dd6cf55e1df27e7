"""The reckoning of a show: how its spheres fared, how it was played, and what the audience makes of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from weaver.model.durations import show_duration

FULL_CONSONANCE_S = 20.0
"""A consonance held so long counts in full."""
HEALTH, MOOD, CONSONANCE, STILLNESS = 0.35, 0.3, 0.2, 0.15
"""What the audience's favour is made of: the spheres' fates, its mood, the longest consonance, the silence."""
RAPT, WARM, COOL = 0.8, 0.6, 0.4
"""Favour from which on the audience is so."""
LABEL_CHARS = 20


@dataclass(frozen=True, slots=True)
class Fate:
    """How a sphere fared. `state` and `worst` are of `model.law.STATES`; a sphere that gathers again is lost still."""

    name: str
    state: str
    worst: str
    least_health: float
    damage: float
    """That the show's script went for."""
    is_saved: bool
    is_lost: bool
    shatters: int

    @property
    def is_kept(self) -> bool:
        """Whether it is whole, and was never fractured: a flicker that passed does not count."""
        return self.state == "whole" and self.worst in ("whole", "flickering")


@dataclass(frozen=True)
class Reckoning:
    """All that is reckoned of a show. `reward` and moods are 0 to 1; `coaxing` are notes before the first."""

    title: str
    is_over: bool
    fates: tuple[Fate, ...]
    consonance_s: float
    silence_s: float
    reward: float
    notes: int
    coaxing: int
    performed_s: float
    mean_mood: float
    last_mood: float

    @property
    def kept(self) -> tuple[Fate, ...]:
        """Spheres that were kept whole."""
        return tuple(fate for fate in self.fates if fate.is_kept)

    @property
    def saved(self) -> tuple[Fate, ...]:
        """Spheres that were fractured or worse, and are whole."""
        return tuple(fate for fate in self.fates if fate.is_saved)

    @property
    def lost(self) -> tuple[Fate, ...]:
        """Spheres that have shattered, and are not back."""
        return tuple(fate for fate in self.fates if fate.is_lost)

    @property
    def hurt(self) -> tuple[Fate, ...]:
        """The others: still flickering, fractured or failing."""
        return tuple(fate for fate in self.fates if not (fate.is_kept or fate.is_saved or fate.is_lost))

    @property
    def favour(self) -> float:
        """The audience's, 0 to 1."""
        fates = len(self.kept) + len(self.saved) + 0.5 * len(self.hurt) - len(self.lost)
        whole = max(fates, 0.0) / max(len(self.fates), 1)
        held = min(self.consonance_s / FULL_CONSONANCE_S, 1.0)
        mood = 0.5 * (self.mean_mood + self.last_mood)
        return HEALTH * whole + MOOD * mood + CONSONANCE * held + STILLNESS * self.reward


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audience says, and when it does."""

    words: str
    applies: Callable[[Reckoning], bool]


VERDICTS: tuple[Verdict, ...] = (
    Verdict("It is still waiting for the first note; no eye has closed.", lambda r: r.notes == 0),
    Verdict("Aghast. The cacophony rings on through the galaxies.", lambda r: 2 * len(r.lost) >= len(r.fates)),
    Verdict("It mourns: crimson runs through every screen.", lambda r: len(r.lost) > 0 and r.favour < WARM),
    Verdict("Moved, though not all came through: gold, with a thread of grey.", lambda r: len(r.lost) > 0),
    Verdict(
        "Rapture. What was breaking sang again, and every eye shines.", lambda r: len(r.saved) > 0 and r.favour >= WARM
    ),
    Verdict("Rapt. The nebulae burn gold from rim to rim.", lambda r: r.favour >= RAPT),
    Verdict("Warm: long waves of gold and green.", lambda r: r.favour >= WARM),
    Verdict("Courteous. Here and there an eye has wandered.", lambda r: r.favour >= COOL),
    Verdict("Cool. The screens have gone grey.", lambda r: True),
)
"""The first that applies is the audience's."""


def verdict(reckoning: Reckoning) -> str:
    """The audience's words."""
    return next(row.words for row in VERDICTS if row.applies(reckoning))


def reckoning_lines(reckoning: Reckoning) -> list[str]:
    """The reckoning as lines of text."""
    so_far = "" if reckoning.is_over else ", so far"
    silence = f"{reckoning.silence_s:.1f} s, rewarded with {reckoning.reward:.0%}"
    coaxing = f", and {reckoning.coaxing} before the first" if reckoning.coaxing else ""
    rows = [
        ("kept whole", _names(reckoning.kept)),
        ("saved", _names(reckoning.saved)),
        ("still hurt", _names(reckoning.hurt)),
        ("lost", _names(reckoning.lost)),
        ("longest consonance", f"{reckoning.consonance_s:.1f} s"),
        ("silence held", silence),
        ("notes", f"{reckoning.notes} in {show_duration(reckoning.performed_s)}{coaxing}"),
        ("the audience", verdict(reckoning)),
    ]
    return [f"{reckoning.title}: the reckoning{so_far}"] + [f"  {label:<{LABEL_CHARS}}{text}" for label, text in rows]


def _names(fates: Iterable[Fate]) -> str:
    """Names, with what has happened to each that is worth a word."""
    return ", ".join(f"{fate.name}{_word(fate)}" for fate in fates) or "none"


def _word(fate: Fate) -> str:
    """The state of one that is not whole, the worst state of one that was."""
    words = []
    if fate.state != "whole":
        words.append(fate.state)
    elif fate.is_saved and fate.worst != "shattered":
        words.append(f"was {fate.worst}")
    if fate.shatters > 1 or (fate.shatters and not fate.is_lost):
        words.append("shattered once" if fate.shatters == 1 else f"shattered {fate.shatters} times")
    return f" ({', '.join(words)})" if words else ""
