"""What a surface shows, at one moment: plain values, taken once for all surfaces by whoever wires them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from weaver.surfaces.learning import LearnView

BUSY_S = 0.25
"""What said something so lately is shown as active."""
OWN_TIME = "own"
"""Whose time it is when nobody else's is followed."""


@dataclass(frozen=True, slots=True)
class SphereView:
    """A sphere as it is now. `light` is 0 to 1, dimmed by its flicker already; `colour` "#rrggbb"; `is_held` by a key,
    a pad or the pedal.

    `health` is 1 less its damage; `state` whole, flickering, fractured, failing, shattered or reforming; `cracks` the
    length of each crack in rad, in the order of their birth; `flicker` 1 when it is steady, 0 when it is out; `soothed`
    how firmly a soothing hand lies on it, 0 to 1.
    """

    name: str
    colour: str
    pitch_hz: float
    light: float
    is_held: bool
    health: float = 1.0
    state: str = "whole"
    cracks: tuple[float, ...] = ()
    flicker: float = 1.0
    soothed: float = 0.0


@dataclass(frozen=True, slots=True)
class MoodView:
    """The audience. Its colours are weights whose sum is 1; `gaze`, how wide its eyes are open, and `pressure`, its
    weight on the player, are 0 to 1."""

    gold: float
    crimson: float
    violet: float
    blue: float
    emerald: float
    gaze: float
    pressure: float

    @property
    def weights(self) -> tuple[float, float, float, float, float]:
        """Of gold, crimson, violet, blue and emerald."""
        return self.gold, self.crimson, self.violet, self.blue, self.emerald


@dataclass(frozen=True, slots=True)
class ShowView:
    """A show. `phase` is prelude, silence, performance, finale or reckoned; `chronometer_s` what is left until the
    first note is due; `flow` its pace (1 calm, more is quicker); `silence_s` how long the silence before the first note
    is or was held; `elapsed_s` the time since that note."""

    title: str
    phase: str
    chronometer_s: float
    flow: float
    silence_s: float
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class TimeView:
    """The song's time. `source` says whose it is (own, MIDI clock, JACK, Link), `awaits` whose it shall be that is not
    there. `beat` counts the song's quarter notes, `pulse` those that go by, whether it rolls or not; `quantise` is how
    many parts of a beat strikes wait for, 0 for none; `peers` how many others Link has, None where it is off."""

    source: str
    is_rolling: bool
    tempo_bpm: float
    beat: float
    pulse: float
    quantise: int = 0
    peers: int | None = None
    awaits: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether somebody keeps time: another, or we ourselves."""
        return self.is_rolling or self.source != OWN_TIME


@dataclass(frozen=True, slots=True)
class PortView:
    """A MIDI input. `quiet_s` is how long ago it said something, None if it never did."""

    name: str
    is_connected: bool
    messages: int
    quiet_s: float | None


@dataclass(frozen=True, slots=True)
class OutView:
    """A MIDI output. `what` leaves by it, in a word; `messages` and `quiet_s` as an input's, where they are counted."""

    name: str
    is_open: bool
    what: str = ""
    messages: int = 0
    quiet_s: float | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A knob that stands elsewhere than what it turns, and waits to be turned there; both are 0 to 1."""

    what: str
    stands: float
    aim: float


@dataclass(frozen=True, slots=True)
class HandView:
    """A controller. `name` is its port's, `title` its maker's; `state` in words ("ready", "asleep"); `page` counts from
    0; `quiet_s` as a port's; `note` is what is the matter with it, empty if nothing is."""

    slot: int
    name: str
    title: str
    evidence: str
    is_connected: bool
    state: str
    page: int
    pages: int
    messages: int
    quiet_s: float | None
    note: str = ""
    mismatches: tuple[Mismatch, ...] = ()


@dataclass(frozen=True, slots=True)
class PeerView:
    """A tablet or a program on the network that may play. `quiet_s` as a port's; `has_heartbeat`, whether it says now
    and then that it is there; `is_lost`, whether it did and does no more; `reply`, where it is told how all is;
    `is_unheard`, whether nobody listens there, as its system says."""

    title: str
    reply: str
    transport: str
    messages: int
    quiet_s: float
    has_heartbeat: bool
    is_lost: bool
    is_remembered: bool
    is_unheard: bool = False


@dataclass(frozen=True, slots=True)
class NetworkView:
    """OSC. `addresses` are those where we listen, "host:port"; `is_open`, whether others than this machine may ask to
    play; `strangers` have spoken and are not heard; `url` is where a tablet finds layouts, and other programs the
    tree of addresses; `lost` counts, by reason, what was not taken."""

    name: str
    addresses: tuple[str, ...]
    is_open: bool
    reply_port: int
    url: str = ""
    peers: tuple[PeerView, ...] = ()
    strangers: tuple[str, ...] = ()
    messages: int = 0
    lost: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole instrument. `meter` holds both outputs' linear peaks, `reduction` the limiter's gain (1: none);
    `heart_phase` is 0 to 1 of a beat, from one to the next; a `heart_bpm` of 0 is no heart. `stakes` is off, gentle,
    performance or virtuoso. Without an audience `mood` is None, without a show `show`, without OSC `network`, while
    nothing is taught `lesson`, and where nobody looks at the time `time`. `untaken` counts, by reason, MIDI that
    came and meant nothing."""

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
    mood: MoodView | None = None
    heart_bpm: float = 0.0
    heart_phase: float = 0.0
    stakes: str = "off"
    show: ShowView | None = None
    hands: tuple[HandView, ...] = ()
    network: NetworkView | None = None
    lesson: LearnView | None = None
    time: TimeView | None = None
    outs: tuple[OutView, ...] = ()
    untaken: Mapping[str, int] = field(default_factory=dict)
