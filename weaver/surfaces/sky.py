"""What hangs above the spheres: the performer's heart, the audience's mood, the chronometer of a show, whose stars beat
with the song.

All of it flows with a `Drift`, which whoever draws frame after frame moves on; the same picture and drift are the same
lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.text import Text

from weaver.model.spheres import blend
from weaver.surfaces.audience import WORD_CELLS, feeling, mood_band
from weaver.surfaces.beats import since_beat
from weaver.surfaces.palette import FAINT, MOODS, NIGHT
from weaver.surfaces.picture import Picture, ShowView, TimeView
from weaver.surfaces.rows import arrange
from weaver.surfaces.stardust import DUST_ROWS, chronometer, flow_of

SKY_ROWS = 1 + DUST_ROWS + 1
"""Rows of all there is: the mood, the stardust, and air."""
MIDDLING_ROWS, LEAST_ROWS = 3, 2
"""The mood, the time with as little stardust as may be, and air; and without that."""
LUB_FADES, DUB_FADES = 6.0, 8.0
"""How quickly the two sounds of a beat pass, in its phase."""
DUB_AT, DUB, FULL_FROM = 0.28, 0.7, 0.35
"""Phase and strength of the second one, and the strength from which the heart is full."""
DIM_STARS, STARS_FADE = 0.5, 4.0
"""Light of the stars between the beats of a song, and how quickly they fade after each, in its phase."""
PALE_HEART, FULL_HEART = blend((NIGHT, MOODS[1]), 0.75), "#ff6b7d"


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the mood's colours and the stardust have flowed, in seconds of their calm pace."""

    mood_s: float = 0.0
    dust_s: float = 0.0

    def after(self, show: ShowView | None, seconds: float) -> Drift:
        """Where they are so many seconds later."""
        return Drift(self.mood_s + seconds, self.dust_s + seconds * (1.0 if show is None else flow_of(show)))


STILL = Drift()


def sky_rows(spheres: int, width: int, height: int) -> int:
    """Rows of the `height` a page has for both that may be sky: as many as cost no sphere and no column more, nor air
    between them; but for the least sky there is, columns may be more, and for air below it theirs may go."""
    now = arrange(spheres, width, height)
    for wanted in range(SKY_ROWS, 0, -1):
        columns, rows, is_airy = arrange(spheres, width, height - wanted)
        if columns * rows < spheres:
            continue
        if wanted <= LEAST_ROWS or (columns == now[0] and (wanted <= MIDDLING_ROWS or is_airy == now[2])):
            return wanted
    return 0


def sky(picture: Picture, width: int, rows: int, drift: Drift) -> list[Text]:
    """Lines of `width` cells, at most `rows`: none when there is neither a heart, an audience nor a show."""
    lines = []
    has_mood = picture.mood is not None or picture.heart_bpm > 0.0
    if has_mood and rows >= (1 if picture.show is None else 2):
        lines.append(_mood_line(picture, width, drift.mood_s))
    if picture.show is not None and rows > len(lines):
        dust_rows = DUST_ROWS if rows - len(lines) >= DUST_ROWS else 1
        lines += chronometer(picture.show, width, dust_rows, drift.dust_s, starlight(picture.time))
    if lines and rows > len(lines):
        lines.append(Text())
    return lines


def starlight(time: TimeView | None) -> float:
    """How brightly the stars shine: where time is kept they flare up on its beats."""
    if time is None or not time.is_kept:
        return 1.0
    return DIM_STARS + (1.0 - DIM_STARS) * math.exp(-STARS_FADE * since_beat(time.pulse))


def _mood_line(picture: Picture, width: int, drift_s: float) -> Text:
    text = Text(no_wrap=True, overflow="crop")
    if picture.heart_bpm > 0.0:
        text.append_text(heart(picture.heart_bpm, picture.heart_phase)).append("  ")
    if picture.mood is not None:
        felt = feeling(picture.mood)
        text.append_text(felt).append(" " * (WORD_CELLS + 4 - len(felt)))
        text.append_text(mood_band(picture.mood, max(width - len(text), 0), drift_s))
    return text


def heart(bpm: float, phase: float) -> Text:
    """It beats: full at both sounds of a beat, hollow between them."""
    phase %= 1.0
    beat = math.exp(-LUB_FADES * phase)
    if phase >= DUB_AT:
        beat = max(beat, DUB * math.exp(-DUB_FADES * (phase - DUB_AT)))
    text = Text("♥" if beat > FULL_FROM else "♡", f"bold {blend((PALE_HEART, FULL_HEART), beat)}")
    return text.append(f" {bpm:3.0f}", FAINT)
