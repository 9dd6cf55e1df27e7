"""A picture of a layout as SVG, about as TouchOSC draws it: for the README, and to look at while pages are made."""

from __future__ import annotations

import math
import textwrap
from xml.sax.saxutils import escape

from weaver.surfaces.touchosc.document import Colour, Node

DIM = 0.2
"""How much of its colour the ground of a fader, a button at rest or an XY has."""
TURN_RAD, FROM_RAD = 1.5 * math.pi, 0.75 * math.pi
"""How far a RADIAL reaches, and where it begins, clockwise from the right."""
THICK = 0.22
"""Of a RADIAL beside its radius."""
ANCHORS = {1: "start", 2: "middle", 3: "end"}
LEADING, LETTER = 1.35, 0.55
"""From line to line, and width of a letter on the whole, beside the size of a text."""


def svg(root: Node, page: int = 0) -> str:
    """The layout with that page of its pager in front, from 0."""
    frame = root.frame
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.w:g} {frame.h:g}" font-family="sans-serif">'
    return f"{head}{_draw(root, page)}</svg>\n"


def _draw(node: Node, page: int) -> str:
    if not node.get("visible"):
        return ""
    drawn = _OF_KIND.get(node.kind, _shape)(node)
    if node.kind == "PAGER":
        drawn += _tabs(node, page) + _draw(node.children[page], 0)
    else:
        drawn += "".join(_draw(child, page) for child in node.children)
    if not drawn:
        return ""
    x, y = node.frame.x, node.frame.y
    return f'<g transform="translate({x:g} {y:g})">{drawn}</g>' if x or y else drawn


def _shape(node: Node) -> str:
    """What it has behind all else: a rectangle or a circle, filled or as a line."""
    colour = node.colour("color")
    parts = ""
    if node.get("background"):
        strength = DIM if node.kind in ("FADER", "BUTTON", "XY") else 1.0
        parts += _outline(node, _paint("fill", colour, strength))
    if node.get("outline"):
        parts += _outline(node, f'fill="none" stroke-width="2" {_paint("stroke", colour)}')
    return parts


def _outline(node: Node, paint: str) -> str:
    if 'opacity="0"' in paint:
        return ""
    w, h = node.frame.w, node.frame.h
    if node.get("shape") == 2:
        return f'<ellipse cx="{w / 2:g}" cy="{h / 2:g}" rx="{w / 2:g}" ry="{h / 2:g}" {paint}/>'
    return f'<rect width="{w:g}" height="{h:g}" rx="{node.get("cornerRadius"):g}" {paint}/>'


def _fader(node: Node) -> str:
    """Its ground, its bar, and where it stands."""
    at, w, h = float(node.value("x")), node.frame.w, node.frame.h
    paint = _paint("fill", node.colour("color"), 0.8)
    low, high = sorted((0.5, at)) if node.get("centered") else (0.0, at)
    if node.get("orientation"):
        bar = f'<rect x="{low * w:g}" width="{(high - low) * w:g}" height="{h:g}" rx="3" {paint}/>'
        cursor = f'<rect x="{max(at * w - 4, 0):g}" width="4" height="{h:g}" rx="2" fill="#fff"/>'
    else:
        bar = f'<rect y="{(1 - high) * h:g}" width="{w:g}" height="{(high - low) * h:g}" rx="3" {paint}/>'
        cursor = f'<rect y="{min((1 - at) * h, h - 4):g}" width="{w:g}" height="4" rx="2" fill="#fff"/>'
    return _shape(node) + bar + (cursor if node.get("cursor") else "")


def _radial(node: Node) -> str:
    """An arc, and the rest of it faintly."""
    radius = node.frame.w / 2
    thick, colour = radius * THICK, node.colour("color")

    def arc(share: float, paint: str) -> str:
        middle, end = radius - thick / 2, FROM_RAD + TURN_RAD * share
        x0, y0 = radius + middle * math.cos(FROM_RAD), radius + middle * math.sin(FROM_RAD)
        x1, y1 = radius + middle * math.cos(end), radius + middle * math.sin(end)
        way = f"M{x0:.1f} {y0:.1f}A{middle:.1f} {middle:.1f} 0 {int(TURN_RAD * share > math.pi)} 1 {x1:.1f} {y1:.1f}"
        return f'<path d="{way}" fill="none" stroke-width="{thick:.1f}" {paint}/>'

    rest, full = _paint("stroke", colour, DIM), _paint("stroke", colour)
    return arc(1.0, rest) + arc(float(node.value("x")), full)


def _xy(node: Node) -> str:
    if not node.get("lines"):
        return ""
    x, y = float(node.value("x")) * node.frame.w, (1.0 - float(node.value("y"))) * node.frame.h
    paint = _paint("stroke", node.colour("color"))
    cross = f'<path d="M{x:g} 0V{node.frame.h:g}M0 {y:g}H{node.frame.w:g}" {paint}/>'
    return f'{_shape(node)}{cross}<circle cx="{x:g}" cy="{y:g}" r="6" fill="#fff"/>'


def _text(node: Node) -> str:
    size = node.number("textSize")
    lines = str(node.value("text")).split("\n")
    if node.kind == "TEXT":
        lines = [part for line in lines for part in textwrap.wrap(line, int(node.frame.w / (LETTER * size)))]
    align = round(node.number("textAlignH"))
    paint = f'{_paint("fill", node.colour("textColor"))} font-size="{size}" text-anchor="{ANCHORS[align]}"'
    x = {1: 0.0, 2: node.frame.w / 2, 3: node.frame.w}[align]
    first = node.frame.h / 2 + size * 0.35 if node.kind == "LABEL" else size
    return _shape(node) + "".join(
        f'<text x="{x:g}" y="{first + at * size * LEADING:.1f}" xml:space="preserve" {paint}>{escape(line)}</text>'
        for at, line in enumerate(lines)
        if line
    )


def _tabs(node: Node, page: int) -> str:
    high, size = node.number("tabbarSize"), node.number("textSizeOn")
    wide = node.frame.w / len(node.children)
    parts = []
    for place, child in enumerate(node.children):
        way = "On" if place == page else "Off"
        ground, ink = (_paint("fill", child.colour(f"{what}Color{way}")) for what in ("tab", "text"))
        middle = (place + 0.5) * wide
        parts.append(f'<rect x="{place * wide:g}" width="{wide:g}" height="{high:g}" {ground}/>')
        parts.append(
            f'<text x="{middle:g}" y="{high / 2 + size * 0.35:g}" font-size="{size}" text-anchor="middle" {ink}>'
            f"{escape(str(child.properties['tabLabel']))}</text>"
        )
    return "".join(parts)


def _paint(what: str, colour: Colour, strength: float = 1.0) -> str:
    red, green, blue = (round(255 * part) for part in colour[:3])
    return f'{what}="#{red:02x}{green:02x}{blue:02x}" {what}-opacity="{colour.a * strength:.3g}"'


_OF_KIND = {"FADER": _fader, "RADIAL": _radial, "XY": _xy, "LABEL": _text, "TEXT": _text}
