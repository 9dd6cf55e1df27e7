"""Reads [[controls]]: single controls with a meaning of their own, of modes and of controllers."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from weaver.dsp.sizes import CHANNELS, NOTES, SPHERES
from weaver.engine import control_numbers as standard
from weaver.engine.control_numbers import FINE
from weaver.mapping.deeds import NONE, PRESSES, SPHERE_PRESSES, SWITCHES, TURNS, argument_of, playable
from weaver.mapping.profile import ENCODINGS, TAKEOVERS, Bound, Encoding, Message, Takeover
from weaver.model.gestures import BY_NAME, gesture_named
from weaver.model.parameters import INDEX, Curve, parameter_named
from weaver.model.toml_table import Table

MOST = 256
"""Entries in one file."""
MEANINGS = ("parameter", "gesture", "do", "use")
USES = ("sustain", "volume", "expression", "timbre")
CURVES = ("linear", "exponential")
TAKEN: dict[int, str] = {
    standard.DATA_COARSE: "data entry",
    standard.DATA_FINE: "data entry, lower half",
    standard.DATA_UP: "data increment",
    standard.DATA_DOWN: "data decrement",
    standard.NRPN_FINE: "non-registered parameter, lower half",
    standard.NRPN_COARSE: "non-registered parameter",
    standard.RPN_FINE: "registered parameter, lower half",
    standard.RPN_COARSE: "registered parameter",
}
"""Controls with a meaning of the standard's own, which no mode may change; so have all channel mode messages."""

_BRIGHTNESS = argument_of(gesture_named("tilt"), "brightness")


def read_bounds(table: Table, is_mode: bool) -> tuple[Bound, ...]:
    """All entries of a file, in order. Raises ConfigError.

    A mode's are control changes on any channel that turn a parameter or have a `use`: the mode's own tables hold no
    more. A controller's are all the rest.
    """
    found: list[Bound] = []
    for entry in table.tables("controls", 0, MOST):
        bound = _read_in_mode(entry) if is_mode else _read_of_controller(entry)
        entry.finish()
        if any(_meet(bound, other) for other in found):
            raise entry.error(bound.message, "a control that no other entry has")
        found.append(bound)
    return tuple(found)


def after(own: tuple[Bound, ...], base: tuple[Bound, ...]) -> tuple[Bound, ...]:
    """A file's own entries, and those of its base that they leave."""
    return (*own, *(bound for bound in base if not any(_covers(first, bound) for first in own)))


def _numbers(bound: Bound) -> set[int]:
    return {bound.number, bound.number + FINE} if bound.encoding == "absolute-14" else {bound.number}


def _meet(one: Bound, other: Bound) -> bool:
    channels = one.channel == other.channel or one.channel is None or other.channel is None
    return one.message == other.message and channels and bool(_numbers(one) & _numbers(other))


def _covers(one: Bound, other: Bound) -> bool:
    same = one.message == other.message and one.number == other.number
    return same and (one.channel is None or one.channel == other.channel)


def _read_in_mode(table: Table) -> Bound:
    cc = table.integer("cc", 0, standard.ALL_SOUND_OFF - 1)
    if cc in TAKEN:
        raise table.error("cc", "a control that the standard leaves free", f"{cc}, which is {TAKEN[cc]}")
    if _meaning(table, ("parameter", "use")) == "parameter":
        return _parameter(table, "cc", cc, None, "absolute", "jump")
    use = table.choice("use", USES)
    if use != "timbre":
        return Bound("cc", cc, use=use)
    low = table.number("low", _BRIGHTNESS.low, _BRIGHTNESS.high)
    high = table.number("high", _BRIGHTNESS.low, _BRIGHTNESS.high)
    return Bound("cc", cc, use=use, low=low, high=high)


def _read_of_controller(table: Table) -> Bound:
    message, number = _message(table)
    channel = table.integer("channel", 1, CHANNELS) - 1 if "channel" in table else None
    encoding, takeover = read_turning(table, "absolute", "jump") if message != "note" else ("absolute", "jump")
    if encoding == "absolute-14" and number >= FINE:
        raise table.error("encoding", f"a cc below {FINE} for 14 bits", f"cc {number}")
    meaning = _meaning(table, MEANINGS)
    if meaning == "use":
        raise table.error("use", f"{', '.join(MEANINGS[:3])}: only a mode's controls have a use")
    if meaning == "parameter":
        return _parameter(table, message, number, channel, encoding, takeover)
    if meaning == "do":
        return _deed(table, Bound(message, number, channel, encoding=encoding, takeover=takeover))
    return _gesture(table, Bound(message, number, channel, encoding=encoding, takeover=takeover))


def read_turning(table: Table, encoding: Encoding, takeover: Takeover) -> tuple[Encoding, Takeover]:
    """How a control tells where it stands, and how it takes over."""
    return (
        cast(Encoding, table.choice("encoding", ENCODINGS, default=encoding)),
        cast(Takeover, table.choice("takeover", TAKEOVERS, default=takeover)),
    )


def _message(table: Table) -> tuple[Message, int]:
    given: list[Message] = [message for message in ("note", "cc", "bend") if message in table]
    if len(given) != 1:
        raise table.error("", "one of note, cc and bend", " and ".join(given) or "none")
    if given[0] == "bend":
        if not table.truth("bend"):
            raise table.error("bend", "true")
        return "bend", 0
    return given[0], table.integer(given[0], 0, NOTES - 1)


def _meaning(table: Table, meanings: tuple[str, ...]) -> str:
    given = [meaning for meaning in meanings if meaning in table]
    if len(given) != 1:
        raise table.error("", "one of " + ", ".join(meanings), " and ".join(given) or "none")
    return given[0]


def _parameter(
    table: Table, message: Message, number: int, channel: int | None, encoding: Encoding, takeover: Takeover
) -> Bound:
    row = parameter_named(table.choice("parameter", tuple(INDEX)))
    if message == "note" and row.name not in SWITCHES:
        raise table.error("parameter", f"cc or bend, or one of {', '.join(SWITCHES)} for a note", row.name)
    low, high = _range(table, row.low, row.high, row.low, row.high)
    curve = cast(Curve, table.choice("curve", CURVES, default=row.curve))
    _check_curve(table, curve, low, high)
    return Bound(
        message, number, channel, parameter=row.name, low=low, high=high, curve=curve, encoding=encoding,
        takeover=takeover,
    )  # fmt: skip


def _deed(table: Table, bound: Bound) -> Bound:
    """Notes are pressed, bends are turned, control changes may be either."""
    presses = () if bound.message == "bend" else PRESSES
    turns = () if bound.message == "note" else tuple(TURNS)
    do = table.choice("do", (NONE, *presses, *turns))
    if do in TURNS:
        gesture, argument = TURNS[do]
        return _turn(table, replace(bound, gesture=gesture, argument=argument), _sphere(table))
    return replace(bound, do=do, sphere=_sphere(table, needed=do == "bind") if do in SPHERE_PRESSES else None)


def _gesture(table: Table, bound: Bound) -> Bound:
    """A gesture of all, or of one sphere: on a note it is done while that is held, on others it is turned."""
    row = BY_NAME[table.choice("gesture", tuple(BY_NAME))]
    if row.scope == "all":
        return replace(bound, do=row.name)
    if row.name in ("strike", "bind") or (bound.message == "note" and row.name in SPHERE_PRESSES):
        return replace(bound, do=row.name, sphere=_sphere(table, needed=row.name == "bind"))
    names = tuple(argument.name for argument in row.arguments)
    argument = names[0]
    if bound.message != "note":  # what is held is always the first
        argument = table.choice("argument", names, default=argument)
    return _turn(table, replace(bound, gesture=row.name, argument=argument), _sphere(table))


def _turn(table: Table, bound: Bound, sphere: int | None) -> Bound:
    row = argument_of(gesture_named(bound.gesture), bound.argument)
    usual_low, usual_high = playable(bound.gesture, bound.argument)
    if bound.message == "note":
        usual_low = row.default
    low, high = _range(table, row.low, row.high, usual_low, usual_high)
    curve = cast(Curve, table.choice("curve", CURVES, default="linear"))
    _check_curve(table, curve, low, high)
    return replace(bound, sphere=sphere, low=low, high=high, curve=curve)


def _sphere(table: Table, needed: bool = False) -> int | None:
    return table.integer("sphere", 1, SPHERES) - 1 if needed or "sphere" in table else None


def _range(table: Table, least: float, most: float, low: float, high: float) -> tuple[float, float]:
    return table.number("low", least, most, default=low), table.number("high", least, most, default=high)


def _check_curve(table: Table, curve: Curve, low: float, high: float) -> None:
    if curve == "exponential" and (low <= 0.0 or high <= 0.0):
        raise table.error("curve", "linear, or low and high above 0", f"exponential from {low:g} to {high:g}")
