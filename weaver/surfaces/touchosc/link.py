"""The page of the connection."""

from __future__ import annotations

from weaver.model.osc_space import RECEIVE_PORT, REPLY_PORT
from weaver.surfaces.palette import FAINT, GREY, INK, VIOLET
from weaver.surfaces.touchosc.controls import LEFT, box, button, colour, group, heading, label, panel, text
from weaver.surfaces.touchosc.document import Frame, Node
from weaver.surfaces.touchosc.frames import cells, columns, here, inner, rows, square
from weaver.surfaces.touchosc.messages import drawn, presses
from weaver.surfaces.touchosc.sizes import Size

HELP = """\
1  'weaver play --lan' prints the address of the computer.
2  Connections > OSC > Connection 1: UDP, that address as the host, send port {receive}, \
receive port {reply}. Or Browse, and choose Sonic Weaver.
3  A new tablet is a stranger: let it in with the key @ in the terminal.
4  It plays, but nothing moves here? The receive port is not {reply}: set it, or press 'answer where I send from'."""


def link_page(frame: Frame, size: Size) -> list[Node]:
    """Whether the instrument answers, and how to make it."""
    area = inner(here(frame), size.gap)
    status, buttons, help = rows(area, 0.25, 0.2, 0.55, gap=size.gap)
    places = cells(here(buttons), 2 if size.is_upright else 4, 2 if size.is_upright else 1, size.gap)
    steps = size.text if size.is_upright else size.large
    words = HELP.format(receive=RECEIVE_PORT, reply=REPLY_PORT)
    deeds = (
        button("ping", places[0], FAINT, size.text, presses("/ping")),
        button("sync", places[1], VIOLET, size.text, presses("/sync"), caption="tell me everything"),
        button("hello", places[2], FAINT, size.text, presses("/hello", REPLY_PORT), caption=f"answer to {REPLY_PORT}"),
        button("here", places[3], FAINT, size.text, presses("/hello", 0), caption="answer where I send from"),
    )
    title, lines = rows(inner(here(help), size.gap), size.text + 8, 1, gap=2)
    return [
        _status(status, size),
        group("deeds", buttons, deeds),
        panel("help", help, (heading(title, "to connect", size.text), text("steps", lines, words, steps))),
    ]


def _status(frame: Frame, size: Size) -> Node:
    area = inner(here(frame), size.gap)
    lamp, facts = columns(area, min(area.h, area.w * 0.25), 1, gap=size.gap * 2)
    lines = cells(facts, 2, 2, 2)
    return panel(
        "status",
        frame,
        (
            box(drawn("/alive"), square(lamp), colour(GREY), True, "alive"),
            label("word", lines[0], "no answer yet", size.large, INK, LEFT, "word"),
            label(drawn("/pong"), lines[1], "– ms there and back", size.text, FAINT, LEFT, "pong"),
            label(drawn("/peers"), lines[2], "– connected", size.text, FAINT, LEFT, "text %d connected"),
            label(drawn("/spheres"), lines[3], "– spheres", size.text, FAINT, LEFT, "text %d spheres"),
        ),
    )
