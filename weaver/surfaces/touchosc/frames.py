"""How frames are divided: into rows, columns and cells, on whole points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from weaver.surfaces.touchosc.document import Frame

UNEVEN = 0.5
"""How much cells that are left over count against an arrangement."""


def inner(frame: Frame, edge: float, edge_y: float | None = None) -> Frame:
    """What is left within an edge all round."""
    edge_y = edge if edge_y is None else edge_y
    return Frame(frame.x + edge, frame.y + edge_y, frame.w - 2 * edge, frame.h - 2 * edge_y)


def here(frame: Frame) -> Frame:
    """The frame as its own children see it."""
    return Frame(0, 0, frame.w, frame.h)


def rows(frame: Frame, *shares: float, gap: float = 0) -> list[Frame]:
    """Beneath each other. A share above 1 is a height in points; what is left goes to those of 1 and less, by share."""
    return [Frame(frame.x, frame.y + start, frame.w, size) for start, size in _spans(frame.h, shares, gap)]


def columns(frame: Frame, *shares: float, gap: float = 0) -> list[Frame]:
    """Beside each other, as `rows`."""
    return [Frame(frame.x + start, frame.y, size, frame.h) for start, size in _spans(frame.w, shares, gap)]


def _spans(length: float, shares: Sequence[float], gap: float) -> list[tuple[int, int]]:
    fixed = sum(share for share in shares if share > 1)
    left = length - fixed - gap * (len(shares) - 1)
    parts = sum(share for share in shares if share <= 1)
    spans, at = [], 0.0
    for share in shares:
        size = share if share > 1 else left * share / parts
        spans.append((round(at), round(at + size) - round(at)))
        at += size + gap
    return spans


def cells(frame: Frame, across: int, down: int, gap: float = 0) -> list[Frame]:
    """Row by row."""
    return [cell for row in rows(frame, *[1] * down, gap=gap) for cell in columns(row, *[1] * across, gap=gap)]


def arranged(frame: Frame, count: int, fits: Callable[[float, float], float], gap: float = 0) -> list[Frame]:
    """So many cells, in rows, so that what `fits` says of their width and height is largest, with few left over; the
    last row, where it is not full, stands in the middle."""

    def merit(across: int) -> float:
        down = -(-count // across)
        width, height = (frame.w + gap) / across - gap, (frame.h + gap) / down - gap
        return fits(width, height) * (1.0 - UNEVEN * (1.0 - count / (across * down)))

    across = max(range(1, count + 1), key=merit)
    down = -(-count // across)
    found = cells(frame, across, down, gap)[:count]
    last = count - (down - 1) * across
    shift = round((across - last) * (frame.w + gap) / across / 2)
    return [cell._replace(x=cell.x + shift) if place >= count - last else cell for place, cell in enumerate(found)]


def shaped(shape: float) -> Callable[[float, float], float]:
    """For `arranged`: as large as they may be, and about `shape` times as wide as high."""
    return lambda width, height: min(width / shape, height)


def square(frame: Frame, size: float | None = None) -> Frame:
    """A square in its middle, as large as it may be, or of that size."""
    size = min(frame.w, frame.h) if size is None else size
    return Frame(round(frame.x + (frame.w - size) / 2), round(frame.y + (frame.h - size) / 2), round(size), round(size))
