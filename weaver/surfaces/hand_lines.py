"""Controllers in words: lines of the page, and what a service says of them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK
from weaver.surfaces.picture import BUSY_S, HandView, Mismatch

MOST_LINES, MOST_KNOBS = 4, 2
READY, ASLEEP = "ready", "asleep"


def hand_lines(hands: Sequence[HandView]) -> list[Text]:
    """A line for each controller, as far as there is room."""
    shown = hands if len(hands) <= MOST_LINES else hands[: MOST_LINES - 1]
    lines = [_line(hand) for hand in shown]
    if len(shown) < len(hands):
        rest = ", ".join(hand.title for hand in hands[len(shown) :])
        lines.append(Text(f"     … and {rest}", FAINT, no_wrap=True, overflow="ellipsis"))
    return lines


def _line(hand: HandView) -> Text:
    text = Text("HAND ", FAINT, no_wrap=True, overflow="ellipsis")
    if not hand.is_connected:
        return text.append(f" ✕ {hand.title} (gone)", ALARM)
    busy = hand.quiet_s is not None and hand.quiet_s < BUSY_S
    is_well = hand.state == READY
    text.append(f" {'●' if busy else '○'} {hand.title}", ALARM if hand.state == ASLEEP else GOLD if busy else INK)
    text.append(f" {hand.messages}" if hand.messages else "", FAINT)
    if hand.pages > 1:
        text.append(f"  page {hand.page + 1}/{hand.pages}", INK)
    if not is_well:
        text.append(f"  {hand.state}", ALARM if hand.state == ASLEEP else FAINT)
    if hand.note:
        text.append(f"  {hand.note}", ALARM)
    for mismatch in hand.mismatches[:MOST_KNOBS]:
        text.append(f"  {mismatch_words(mismatch)}", GOLD)
    if (more := len(hand.mismatches) - MOST_KNOBS) > 0:
        text.append(f"  and {more} more", FAINT)
    return text


def mismatch_words(mismatch: Mismatch) -> str:
    """Where a knob stands, and where it has to be turned to take over."""
    return f"{mismatch.what} ◐ {mismatch.stands:.0%} → turn to {mismatch.aim:.0%}"


def hand_changes(before: Sequence[HandView], now: Sequence[HandView]) -> list[str]:
    """Who has come, gone, fallen asleep or has something to say since `before`."""
    said: list[str] = []
    were = {hand.slot: hand for hand in before}
    for hand in now:
        was = were.get(hand.slot)
        if was is not None and was.name != hand.name:
            was = None
        said += _changes(was, hand)
    return said


def _changes(was: HandView | None, hand: HandView) -> list[str]:
    said = []
    was_here = was is not None and was.is_connected
    if hand.is_connected and not was_here:
        said.append(f"{hand.title} is {'plugged in' if was is None else 'back'} ({hand.name})")
    elif was_here and not hand.is_connected:
        said.append(f"{hand.title} has gone")
    elif was is not None and was.title != hand.title:
        said.append(f"{was.title} turns out to be {hand.title}")
    if was is not None and was_here and hand.is_connected:
        if hand.state == ASLEEP != was.state:
            said.append(f"{hand.title} has fallen asleep")
        elif was.state == ASLEEP != hand.state:
            said.append(f"{hand.title} is awake again")
        if was.page != hand.page:
            said.append(f"{hand.title}: page {hand.page + 1} of {hand.pages}")
    if hand.note and (was is None or was.note != hand.note):
        said.append(f"{hand.title}: {hand.note}")
    return said
