"""The song's time in words: a line of the page, and what a service says of it."""

from __future__ import annotations

from rich.text import Text

from weaver.surfaces.beats import bar_and_beat, is_on_beat
from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK
from weaver.surfaces.picture import OWN_TIME, TimeView

ROLLS, STANDS = "▶", "■"


def time_lines(time: TimeView | None, has_room: bool) -> list[Text]:
    """A line where time is kept, waited for or shared; our own, that stands, is told where there is room."""
    if time is None or not (time.is_kept or time.quantise or time.awaits or time.peers is not None or has_room):
        return []
    text = Text("TIME ", FAINT, no_wrap=True, overflow="ellipsis")
    is_lit = time.is_kept and is_on_beat(time.pulse)
    text.append(f" {'●' if is_lit else '○'} ", GOLD if is_lit else INK)
    text.append(f"{ROLLS if time.is_rolling else STANDS} ", GOLD if time.is_rolling else FAINT)
    text.append(time.source, INK)
    if time.peers is not None:
        text.append(f" {peers_words(time.peers)}", FAINT)
    text.append(f"  {time.tempo_bpm:.1f} bpm", GOLD)
    text.append(f"  {bar_and_beat(time.beat)}", INK if time.is_rolling else FAINT)
    if time.quantise:
        text.append(f"  strikes wait for {beat_words(time.quantise)}", FAINT)
    if time.awaits:
        text.append(f"  waits for {time.awaits}", ALARM)
    return [text]


def beat_words(parts: int) -> str:
    """The parts of a beat that strikes wait for."""
    return "the beat" if parts == 1 else f"1/{parts} of a beat"


def peers_words(peers: int) -> str:
    """With how many others Link is shared."""
    return "(Link: alone)" if peers == 0 else f"(Link: {peers} peer{'' if peers == 1 else 's'})"


def time_changes(before: TimeView | None, now: TimeView | None) -> list[str]:
    """Whose time it has become, or whether it rolls, since `before`."""
    if before is None or now is None:
        return []
    said = []
    if now.source != before.source:
        whose = "our own" if now.source == OWN_TIME else f"{now.source}'s"
        said.append(f"time: {whose}, {now.tempo_bpm:.1f} bpm")
    if now.is_rolling != before.is_rolling:
        said.append(f"time: {'rolling' if now.is_rolling else 'standing'} at {bar_and_beat(now.beat)}")
    return said
