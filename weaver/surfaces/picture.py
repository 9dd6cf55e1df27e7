"""What a surface shows, at one moment: plain values, taken once for all surfaces by whoever wires them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SphereView:
    """A sphere as it is now. `light` is 0 to 1; `colour` "#rrggbb"; `is_held` by a key, a pad or the pedal."""

    name: str
    colour: str
    pitch_hz: float
    light: float
    is_held: bool


@dataclass(frozen=True, slots=True)
class PortView:
    """A MIDI input. `quiet_s` is how long ago it said something, None if it never did."""

    name: str
    is_connected: bool
    messages: int
    quiet_s: float | None


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole instrument. `meter` holds both outputs' linear peaks, `reduction` the limiter's gain (1: none)."""

    title: str
    host: str
    device: str
    sample_rate: float
    block_frames: int
    latency_s: float
    load: float
    underflows: int
    is_running: bool
    note: str
    mode: str
    meter: tuple[float, float]
    reduction: float
    spheres: tuple[SphereView, ...]
    ports: tuple[PortView, ...]
    ports_note: str
