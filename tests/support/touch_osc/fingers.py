"""What fingers do to the values of a control, by its type and its properties."""

from __future__ import annotations

from typing import Any

from support.touch_osc.controls import Control, Place

_MOMENTARY, _ON_RELEASE, _ON_PRESS = range(3)


def placed(control: Control, at: Place, before: Place | None) -> dict[str, Any]:
    """The values that a finger at its place gives; `before` is where it was, None where it has just come down."""
    x, y = (min(max(part, 0.0), 1.0) for part in at)
    if control.kind == "BUTTON":
        return _on_a_button(control, control.along(x, y), before is None)
    if control.kind == "RADIO":
        steps = control.properties.get("steps", 1)
        return {"x": min(int(control.along(x, y) * steps), steps - 1)}
    if control.kind in ("FADER", "RADIAL"):
        if control.properties.get("response", 0) == 0:
            return {"x": control.along(x, y)}
        moved = 0.0 if before is None else control.along(x, y) - control.along(*before)
        return {"x": control.values["x"] + moved * control.properties.get("responseFactor", 100) / 100}
    if control.kind in ("XY", "RADAR"):
        assert control.properties.get("response", 0) == 0, "an XY that is relative: nobody wrote a twin of that yet"
        locked = {"x": control.properties.get("lockX"), "y": control.properties.get("lockY")}
        return {key: value for key, value in (("x", x), ("y", y)) if not locked[key]}
    assert "x" not in control.values, f"nobody wrote a twin of a {control.kind} yet"
    return {}


def released(control: Control) -> dict[str, Any]:
    """The values, but for `touch`, when a finger leaves it."""
    kind = control.properties.get("buttonType", _MOMENTARY)
    if control.kind != "BUTTON" or kind == _ON_PRESS:
        return {}
    if kind == _ON_RELEASE:
        return {"x": 1.0 - round(control.values["x"])}
    return {"x": 0.0} if control.properties.get("release", True) else {}


def _on_a_button(control: Control, along: float, has_landed: bool) -> dict[str, Any]:
    shows_place = control.properties.get("valuePosition", False)
    if not has_landed:
        return {"x": along} if shows_place else {}
    kind = control.properties.get("buttonType", _MOMENTARY)
    if kind == _ON_PRESS:
        return {"x": 1.0 - round(control.values["x"])}
    if kind == _ON_RELEASE or not control.properties.get("press", True):
        return {}
    return {"x": along if shows_place else 1.0}
