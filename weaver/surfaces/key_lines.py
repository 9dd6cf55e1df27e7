"""What the keys do, in a line or two at the foot of the page."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from weaver.surfaces.palette import FAINT, GOLD
from weaver.surfaces.picture import HandView, NetworkView
from weaver.surfaces.presses import STRIKING

TALL = 30
"""Rows of a page from which on all keys are told, in two lines if need be."""
BETWEEN = " · "
FEW, SOME = 8, 4
"""So many letters are told at most, or else so many of them."""


def key_lines(
    spheres: int, hands: Sequence[HandView], network: NetworkView | None, width: int, height: int
) -> list[Text]:
    """One line of `width` cells, or two on a page of many rows."""
    lines = [Text(no_wrap=True, overflow="ellipsis")]
    for key, does in _told(spheres, hands, network):
        cells = len(key) + 1 + len(does)
        if len(lines[-1]) + len(BETWEEN) + cells > width and len(lines) == 1 and height >= TALL:
            lines.append(Text(no_wrap=True, overflow="ellipsis"))
        if lines[-1]:
            lines[-1].append(BETWEEN, FAINT)
        lines[-1].append(key, GOLD).append(f" {does}", FAINT)
    return lines


def _told(spheres: int, hands: Sequence[HandView], network: NetworkView | None) -> list[tuple[str, str]]:
    """Keys and what they do, the most needed first."""
    letters = " ".join(STRIKING[: spheres if spheres <= FEW else SOME]) + (" …" if spheres > FEW else "")
    told = [(letters, "strike (Shift harder)"), ("space", "hush"), ("!", "panic")]
    if spheres > len(STRIKING):
        told.append(("Tab", f"next {len(STRIKING)}"))
    told += [("Ctrl-C", "ends"), ("1 2 …", "soothe"), ("0", "let go"), ("+", "learn")]
    if network is not None and (network.is_open or network.peers):
        told.append(("?", "tablets"))
    if hands:
        told.append(("*", "lights anew"))
    if any(hand.pages > 1 for hand in hands):
        told.append(("< >", "pages"))
    if network is not None and network.peers:
        told += [("&", "remember"), ("^", "send away")]
    told += [("=", "tap"), ("-", "undo"), (".", "finale"), ("/", "stakes")]
    return [*told, ("Enter", "roll"), ("( )", "tempo"), ("#", "as tapped"), (":", "quantise")]
