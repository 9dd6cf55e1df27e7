"""Small layouts, written by hand as XML, for trying the twin of TouchOSC itself."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from xml.sax.saxutils import escape

_numbers = itertools.count(1)
_FLAGS = ("enabled", "send", "receive", "feedback", "noDuplicates")
VALUES = {"XY": "x y touch", "LABEL": "text touch", "GROUP": "touch", "PAGER": "page touch", "BOX": "touch"}
_DEFAULTS = {"touch": "false", "text": ""}


def osc(
    path: str, *values: str, on: str = "x", send: int = 1, receive: int = 1, feedback: int = 0, scale: str = "0 1"
) -> str:
    """An <osc>: `values` are keys, each with a conversion behind a colon; `on` triggers it, `x` or `x:RISE`."""
    flags = "".join(f"<{key}>{n}</{key}>" for key, n in zip(_FLAGS, (1, send, receive, feedback, 0), strict=True))
    triggers = ""
    for trigger in on.split():
        key, _, condition = trigger.partition(":")
        triggers += f"<trigger><var>{key}</var><condition>{condition or 'ANY'}</condition></trigger>"
    low, high = scale.split()
    arguments = ""
    for value in values:
        key, _, conversion = value.partition(":")
        arguments += _partial("VALUE", conversion or "FLOAT", key, low, high)
    return (
        f"<osc>{flags}<connections>0000000001</connections><triggers>{triggers}</triggers>"
        f"<path>{_partial('CONSTANT', 'STRING', path)}</path><arguments>{arguments}</arguments></osc>"
    )


def _partial(kind: str, conversion: str, value: str, low: str = "0", high: str = "1") -> str:
    return (
        f"<partial><type>{kind}</type><conversion>{conversion}</conversion><value>{value}</value>"
        f"<scaleMin>{low}</scaleMin><scaleMax>{high}</scaleMax></partial>"
    )


def node(
    kind: str,
    name: str,
    frame: tuple[int, int, int, int],
    messages: Sequence[str] = (),
    children: Sequence[str] = (),
    script: str = "",
    **properties: bool | int | str,
) -> str:
    """A <node>, with the values its type has."""
    x, y, width, height = frame
    place = f"<x>{x}</x><y>{y}</y><w>{width}</w><h>{height}</h>"
    listed = f"<property type='r'><key>frame</key><value>{place}</value></property>"
    listed += "<property type='c'><key>color</key><value><r>1</r><g>0</g><b>0</b><a>1</a></value></property>"
    for key, value in {"name": name, "script": script, "visible": True, **properties}.items():
        letter = "b" if isinstance(value, bool) else "i" if isinstance(value, int) else "s"
        text = int(value) if isinstance(value, bool) else escape(str(value))
        listed += f"<property type='{letter}'><key>{key}</key><value>{text}</value></property>"
    values = "".join(
        f"<value><key>{key}</key><locked>0</locked><lockedDefaultCurrent>0</lockedDefaultCurrent>"
        f"<default>{_DEFAULTS.get(key, 0)}</default><defaultPull>0</defaultPull></value>"
        for key in VALUES.get(kind, "x touch").split()
    )
    return (
        f"<node ID='{next(_numbers)}' type='{kind}'><properties>{listed}</properties><values>{values}</values>"
        f"<messages>{''.join(messages)}</messages><children>{''.join(children)}</children></node>"
    )


def page(*children: str, script: str = "") -> bytes:
    """A whole layout of 600 by 400."""
    root = node("GROUP", "root", (0, 0, 600, 400), children=children, script=script, interactive=False)
    return zlib.compress(f"<?xml version='1.0' encoding='UTF-8'?><lexml version='6'>{root}</lexml>".encode())
