"""What a player asks of an instrument, and what of it a take has to remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import load_tuning, standard_tuning
from weaver.midi.ports import AUTO
from weaver.model.configs import lasting_name
from weaver.model.errors import ConfigError
from weaver.model.law import DEFAULT_LAW
from weaver.model.midi_out import PlayOut
from weaver.model.osc_space import RECEIVE_PORT, REPLY_PORT
from weaver.model.parameters import INDEX, JUDGES, PARAMETERS, SYNCS
from weaver.model.show import Show
from weaver.takes.recorder import Origin


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a player asks for; None and "auto" leave it to the instrument."""

    audio: str = "auto"
    device: str | None = None
    rate: int | None = None
    block: int | None = None
    spheres: str = "auditorium"
    tuning: Path | None = None
    kbm: Path | None = None
    midi: str = AUTO
    mode: str = "pads"
    controllers: tuple[str, ...] = ()
    """What the player says about ports, as PROFILE:WORD: to take those with the word in their names for that."""
    timing: str = "prompt"
    stakes: str = "gentle"
    law: str = DEFAULT_LAW
    judge: str = JUDGES[0]
    connoisseur: bool = False
    show: Show | None = None
    """Begins with the first frame, on its own spheres; `prelude_s` in place of its own prelude."""
    prelude_s: float | None = None
    in_time: bool = False
    """Whether a show's chronometer runs with the song."""
    takes: Path | None = None
    """The folder to record to; None records nothing."""
    lan: bool = False
    """Whether OSC is heard from the network, not from this machine only."""
    osc_port: int | None = RECEIVE_PORT
    """Where OSC is heard, or the next port that is free; None hears none."""
    reply_port: int = REPLY_PORT
    """Where tablets listen, unless they say otherwise."""
    allow: tuple[str, ...] = ()
    """Who may play from the network without asking, as `words_of` writes it."""
    discovery: bool = True
    """Whether the instrument makes itself known on the network."""
    play_out: PlayOut = field(default_factory=PlayOut)
    """How what is woven leaves as MIDI."""
    midi_in: str = AUTO
    """By which port a DAW plays, where that is not JACK's business: our own, none, or a part of another's name."""
    midi_out: str = AUTO
    """Where what is woven leaves: by our own port, not at all, or by the port with this in its name."""
    clock_out: str = AUTO
    """The same of the clock."""
    sync: str = SYNCS[0]
    """Whose time is followed: one of SYNCS."""
    tempo_bpm: float = PARAMETERS[INDEX["tempo_bpm"]].default
    """Of our own time."""
    link: bool = False
    """Whether to take part in Ableton Link."""
    mts_esp: bool = True
    """Whether to go by the tuning of an MTS-ESP master, where there is one."""


def midi_tables(mode: str, tuning: Path | None = None, kbm: Path | None = None) -> np.record:
    """The decoder's tables for a mode and a tuning, by name or file. Raises ConfigError."""
    if kbm is not None and tuning is None:
        raise ConfigError("--kbm", "a --tuning to lay out on the keys", "none")
    scale = standard_tuning() if tuning is None else load_tuning(tuning, kbm)
    return compile_mode(load_mode(mode), scale)


def origin_of(wishes: Wishes) -> Origin:
    """What a take has to name of the instrument that is wished for, so that it is found again from anywhere."""
    tuning, kbm = (None if path is None else lasting_name(path) for path in (wishes.tuning, wishes.kbm))
    return Origin(lasting_name(wishes.mode), tuning, kbm)
