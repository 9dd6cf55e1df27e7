"""Pages of the room and of the show."""

from __future__ import annotations

from dataclasses import replace

from weaver.mapping.curves import turn_at
from weaver.model.law import STAKES
from weaver.model.mood import MOOD_COLOURS
from weaver.model.parameters import PARAMETERS, Parameter, parameter_named
from weaver.surfaces.beats import QUANTISES
from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK, SICKLY, VIOLET, WHITE
from weaver.surfaces.touchosc.controls import (
    CENTRE,
    GROUND,
    LEFT,
    RIGHT,
    TOUCH,
    bar,
    box,
    button,
    caption,
    colour,
    fader,
    group,
    heading,
    label,
    panel,
    ring,
    stack,
)
from weaver.surfaces.touchosc.document import Frame, Node
from weaver.surfaces.touchosc.frames import arranged, cells, columns, here, inner, rows, shaped, square
from weaver.surfaces.touchosc.messages import address, drawn, follows, presses, says, turns
from weaver.surfaces.touchosc.sizes import Size

NOT_TURNED = (
    *("velocity_curve", "bend_range_semitones", "release_s", "voices"),
    *("stakes", "heart_bpm", "judge", "connoisseur", "sync", "chronometer", "stop_releases"),
)
"""Parameters without a fader: what keys play, what has controls of its own, and what is settled before a show."""
TIMED = {"tempo_bpm": "turn", "quantise": "set"}
"""Parameters that stand with the song's time, and by which of their addresses."""
UNITS = ("db", "s", "m", "deg", "ms")
"""How names of parameters may end that need no saying, as the value beside has it."""
FINE_BELOW = 20.0
"""Width of a range that is told to a hundredth."""
MINUTE_S, SILENCE_S = 60.0, 10.0
"""What the rings of the chronometer and of the silence are full of."""
FLOW = 4.0
"""The pace of the stardust at which its bar is full."""
GAUGE_NAME = 4.8
"""Width of a gauge's name, in the size of its text."""


def room_page(frame: Frame, size: Size) -> list[Node]:
    """A fader for all that has one, and what it is set to, in its unit."""
    area = inner(here(frame), size.gap)
    members = [parameter for parameter in PARAMETERS if parameter.name not in (*NOT_TURNED, *TIMED)]
    places = arranged(area, len(members), shaped(0.7 if size.is_upright else 0.5), size.gap)
    return [_parameter(parameter, place, size) for parameter, place in zip(members, places, strict=True)]


def _parameter(parameter: Parameter, frame: Frame, size: Size) -> Node:
    line = size.small + 8
    name, body, value = rows(inner(here(frame), 4), line, 1, line, gap=2)
    words = parameter.name.split("_")
    title = " ".join(words[:-1] if words[-1] in UNITS else words)
    unit = parameter.unit.replace("degrees", "°").replace("dB/octave", "dB/oct")
    form = f"%.{2 if parameter.high - parameter.low < FINE_BELOW else 1}f {unit}".rstrip()
    is_centred = parameter.low == -parameter.high
    turned = turns(f"/turn/{parameter.name}")
    return panel(
        parameter.name,
        frame,
        (
            label(f"{title} name", name, title, size.small, INK),
            fader(
                *(title, inner(body, max(0.0, (body.w - 2 * TOUCH) / 2), 0), GOLD, turned),
                at=_rest(parameter.name),
                is_centred=is_centred,
            ),
            label(
                drawn(f"/set/{parameter.name}"),
                value,
                form % parameter.default,
                size.small,
                FAINT,
                CENTRE,
                f"text {form}",
            ),
        ),
    )


def show_page(frame: Frame, size: Size) -> list[Node]:
    """The show, mood and heart; the song's time, stakes, what is done to the show, what is heard; panic in a corner of
    its own."""
    area = inner(here(frame), size.gap)
    if size.is_upright:
        top, heart, time, stakes, deeds = rows(area, 0.3, 0.17, 0.17, 0.11, 0.25, gap=size.gap)
        clock, mood = columns(top, 1, 1, gap=size.gap)
        left, meters = columns(deeds, 0.7, 0.3, gap=size.gap)
    else:
        top, bottom = rows(area, 0.58, 0.42, gap=size.gap)
        clock, mood, heart = columns(top, 0.34, 0.33, 0.33, gap=size.gap)
        time, stakes, left, meters = columns(bottom, 0.27, 0.17, 0.37, 0.19, gap=size.gap)
    return [
        _clock(clock, size),
        _mood(mood, size),
        _heart(heart, size),
        _time(time, size),
        _stakes(stakes, size),
        *_deeds(left, size),
        _meters(meters, size),
    ]


def _clock(frame: Frame, size: Size) -> Node:
    line = size.text + 6
    area = inner(here(frame), size.gap)
    title, dial, phase, foot = rows(area, line, 1, line, line, gap=2)
    face = square(dial)
    silence = inner(face, round(face.w * 0.08))
    middle = inner(silence, round(face.w * 0.08))
    clock = Frame(middle.x, round(middle.y + middle.h * 0.25), middle.w, round(middle.h * 0.5))
    stage, flow = columns(foot, 0.6, 0.4, gap=size.gap)
    over = (
        ring("last minute", _within(face, face), colour(GOLD), follows("/show/chronometer", (0.0, MINUTE_S)), at=1.0),
        box("between", _within(silence, face), colour(GROUND), True),
        ring("silence", _within(silence, face), colour(VIOLET), follows("/show/silence", (0.0, SILENCE_S))),
        box("middle", _within(middle, face), colour(GROUND), True),
        label("clock", _within(clock, face), "–:––", round(face.w * 0.17), INK, CENTRE, "", says("/show/clock")),
    )
    elapsed, at = columns(phase, 0.4, 0.6, gap=size.gap)
    return panel(
        "show",
        frame,
        (
            label("title", title, "no show", size.text, GOLD, LEFT, "", says("/show/title")),
            stack("dial", face, *over),
            label(drawn("/show/elapsed"), elapsed, "0:00", size.text, INK, LEFT, "clock"),
            label("phase", at, "", size.text, FAINT, RIGHT, "", says("/show/phase")),
            label("set", stage, "", size.small, FAINT, LEFT, "", says("/stage")),
            bar("flow", inner(flow, 0, round(flow.h * 0.3)), FAINT, follows("/show/flow", (0.0, FLOW))),
        ),
    )


def _within(frame: Frame, parent: Frame) -> Frame:
    return Frame(frame.x - parent.x, frame.y - parent.y, frame.w, frame.h)


def _mood(frame: Frame, size: Size) -> Node:
    line = size.text + 6
    area = inner(here(frame), size.gap)
    title, sky, weights, gaze, pressure = rows(area, line, 0.5, 0.5, line, line, gap=4)
    whole = here(sky)
    words = label("mood", whole, "", size.large, WHITE, CENTRE, "", says("/mood/name"))
    each = cells(here(weights), len(MOOD_COLOURS), 1, 4)
    bars = (
        bar(name, place, ink, is_across=False, at=1 / len(MOOD_COLOURS))
        for (name, ink), place in zip(MOOD_COLOURS.items(), each, strict=True)
    )
    return panel(
        "audience",
        frame,
        (
            heading(title, "the audience", size.text),
            stack("sky", sky, box(drawn("/mood/colour"), whole, colour(VIOLET), tag="paint"), words),
            group(drawn("/mood/weights"), weights, bars, "bars"),
            _gauge("gaze", gaze, size, VIOLET, "/mood/gaze"),
            _gauge("pressure", pressure, size, ALARM, "/mood/pressure"),
        ),
    )


def _gauge(name: str, frame: Frame, size: Size, ink: str, pattern: str) -> Node:
    words, body = columns(here(frame), round(GAUGE_NAME * size.small), 1, gap=size.gap)
    return group(
        f"{name} gauge",
        frame,
        (
            caption(words, name, size.small, LEFT),
            bar(name, inner(body, 0, round(body.h * 0.2)), ink, follows(pattern)),
        ),
    )


def _heart(frame: Frame, size: Size) -> Node:
    line = size.text + 6
    area = inner(here(frame), size.gap)
    title, pace, tap = rows(area, line, 0.5, 0.5, gap=size.gap)
    pulse, words = columns(title, line, 1, gap=size.gap)
    bpm = address("/heart/bpm")
    name, value = columns(words, 0.5, 0.5)
    crimson = MOOD_COLOURS["crimson"]
    return panel(
        "heart",
        frame,
        (
            box(drawn("/heart/beat"), square(pulse), colour(crimson, 0.15), True, "lamp"),
            heading(name, "the heart", size.text),
            label(bpm, value, "– bpm", size.text, INK, RIGHT, "+text %.0f bpm"),
            fader("bpm", pace, crimson, turns("/heart/bpm"), is_across=True, at=0.3),
            button("tap", tap, crimson, size.large, presses("/tap")),
        ),
    )


def _time(frame: Frame, size: Size) -> Node:
    """Whose time it is; what starts and stops ours, and its tempo; what strikes wait for."""
    line = size.text + 6
    title, pace, waits = rows(inner(here(frame), size.gap), line, 1, 1, gap=4)
    beat, words = columns(title, line, 1, gap=size.gap)
    name, whose, tempo = columns(words, 0.25, 0.3, 0.45)
    going, turned = columns(pace, 2 * TOUCH + 4, 1, gap=4)
    emerald = MOOD_COLOURS["emerald"]
    start, stop = (
        _named(button(word, place, ink, size.small, presses(f"/{word}"), tag=f"choice {at}"), drawn("/time/rolling"))
        for (word, at, ink), place in zip(
            (("roll", 1, emerald), ("halt", 0, FAINT)), cells(going, 2, 1, 4), strict=True
        )
    )
    parts = (
        button(word, place, GOLD, size.small, presses("/set/quantise", at), tag=f"choice {at}", caption=word)
        for (at, word), place in zip(QUANTISES.items(), cells(waits, len(QUANTISES), 1, 4), strict=True)
    )
    return panel(
        "time",
        frame,
        (
            box(drawn("/time/beat"), square(beat), colour(emerald, 0.15), True, "lamp"),
            heading(name, "time", size.text),
            label("source", whose, "own", size.text, FAINT, LEFT, "", says("/time/source")),
            label(drawn("/time/tempo"), tempo, "– bpm", size.text, INK, RIGHT, "text %.1f bpm"),
            start,
            stop,
            fader("tempo", turned, emerald, turns("/turn/tempo_bpm"), is_across=True, at=_rest("tempo_bpm")),
            *(_named(node, drawn("/set/quantise")) for node in parts),
        ),
    )


def _rest(name: str) -> float:
    """Where a parameter's fader stands at first."""
    parameter = parameter_named(name)
    return turn_at(parameter, parameter.default)


def _stakes(frame: Frame, size: Size) -> Node:
    line = size.text + 6
    title, body = rows(inner(here(frame), size.gap), line, 1, gap=2)
    across = 4 if (body.w > 4 * 80 and size.is_upright) or (body.h < 4 * TOUCH and body.w > 4 * 80) else 2
    places = cells(body, across, len(STAKES) // across, 4)
    choices = (
        button(word, place, GOLD, size.small, presses("/stakes", at), tag=f"choice {at}", caption=word)
        for at, (word, place) in enumerate(zip(STAKES, places, strict=True))
    )
    named = [_named(node, drawn("/stakes")) for node in choices]
    return panel("stakes", frame, (heading(title, "stakes", size.text), *named))


def _named(node: Node, name: str) -> Node:
    """A button that the script draws has the name of what it follows."""
    pressed, words = node.children
    return replace(node, children=(replace(pressed, name=name), words))


def _deeds(frame: Frame, size: Size) -> list[Node]:
    """What is done to the show; the last stands well away from the others."""
    deeds, panic = columns(frame, 0.76, 0.24, gap=3 * size.gap)
    places = cells(here(deeds), 2, 2, size.gap)
    buttons = (
        button("begin", places[0], VIOLET, size.large, presses("/show/begin")),
        button("finale", places[1], GOLD, size.large, presses("/finale")),
        button("undo", places[2], SICKLY, size.large, presses("/undo")),
        button("hush", places[3], FAINT, size.large, presses("/hush")),
    )
    return [group("deeds", deeds, buttons), button("panic", panic, ALARM, size.large, presses("/panic"))]


def _meters(frame: Frame, size: Size) -> Node:
    line = size.text + 6
    title, body = rows(inner(here(frame), size.gap), line, 1, gap=2)
    emerald = MOOD_COLOURS["emerald"]
    rows_ = rows(body, 1, 1, 1, gap=4)
    return panel(
        "meters",
        frame,
        (
            heading(title, "output", size.text),
            _gauge("left", rows_[0], size, emerald, "/meter/left"),
            _gauge("right", rows_[1], size, emerald, "/meter/right"),
            _gauge("limiter", rows_[2], size, ALARM, "/meter/reduction"),
        ),
    )
