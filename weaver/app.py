"""The one place that wires an instrument, and owns every lifetime in it.

    set, tuning, mode  ->  Engine  ->  host            what sounds
    MIDI, controllers  ->  Listening                   what is played, and the controllers' lights
    notices            ->  program changes pick a set
    snapshot, statuses ->  Picture                     what surfaces show
    log                ->  a take                      what was played

`Instrument` is closed in the reverse order of its making: controllers and inputs first, so that nothing arrives any
more, then the host, then the take. Whoever drives it calls `turn` some fifteen times a second.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from weaver.engine.clock import FrameClock
from weaver.engine.engine import Engine
from weaver.engine.hosts import compile_callback, open_host
from weaver.engine.notices import PROGRAM
from weaver.engine.precompile import compile_entries, units_beside
from weaver.listening import Listening, broken_words, find_controllers
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import load_tuning, standard_tuning
from weaver.midi.ports import AUTO, OWN_NAME
from weaver.model.configs import lasting_name, list_configs
from weaver.model.errors import ConfigError
from weaver.model.law import DEFAULT_LAW, STAKES, load_law
from weaver.model.osc_space import RECEIVE_PORT, REPLY_PORT
from weaver.model.parameters import JUDGES
from weaver.model.show import Show
from weaver.model.spheres import load_set
from weaver.surfaces.picture import Picture
from weaver.tablets.door import Door
from weaver.takes.recorder import Origin, Recorder
from weaver.views import view_mood, view_show, view_spheres

SWITCH_S = 0.0005
"""How long one Python thread may keep another waiting: the MIDI thread must not queue behind the page."""
FREE_PLAY_SEED = 1
STEADY_MARGIN_S = 0.002
"""Steady timing waits a block, and this: two polls of the MIDI thread and a switch of threads."""


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
    takes: Path | None = None
    """The folder to record to; None records nothing."""
    lan: bool = False
    """Whether OSC is heard from the network, not from this machine only."""
    osc_port: int | None = RECEIVE_PORT
    """Where OSC is heard, or the next port that is free; None hears none."""
    reply_port: int = REPLY_PORT
    """Where tablets listen, unless they say otherwise."""
    allow: tuple[str, ...] = ()
    """Who may play from the network without asking, as `network_words` writes it."""
    discovery: bool = True
    """Whether the instrument makes itself known on the network."""


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


class Instrument:
    """A set on stage, sounding through a host and listening to MIDI. A context manager; plays once it is made.

    Raises ConfigError before anything is opened, DeviceError for a device that will not do what was asked.
    """

    def __init__(
        self,
        wishes: Wishes,
        learning: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`learning` is entered while kernels are compiled."""
        self.wishes = wishes
        self.note = ""
        if wishes.takes is not None and wishes.takes.exists() and not wishes.takes.is_dir():
            raise ConfigError(str(wishes.takes), "a folder for takes", "a file")
        law = load_law(wishes.law)
        tables = midi_tables(wishes.mode, wishes.tuning, wishes.kbm)
        recogniser, broken = find_controllers(wishes.controllers)
        self.note = broken_words(broken)
        spheres = load_set(wishes.spheres) if wishes.show is None else wishes.show.spheres
        seed = FREE_PLAY_SEED if wishes.show is None else wishes.show.seed
        sys.setswitchinterval(SWITCH_S)
        self._recorder: Recorder | None = None
        with ExitStack() as stack:
            stack.callback(self._end_take)
            self.host = open_host(
                *(wishes.audio, wishes.device, wishes.rate, wishes.block, OWN_NAME, wishes.midi),
                claims=recogniser.claims,
            )
            stack.callback(self.host.stop)
            with learning():
                with units_beside():
                    compile_callback(self.host.name)
                    compile_entries()
            self.engine = Engine(spheres, tables, self.host.sample_rate, seed, law)
            self._set_stage()
            self._clock = FrameClock(self.engine.sample_rate)
            self._programs = list_configs("sets")
            self._wanted_set: str | None = None
            if wishes.takes is not None:
                self._recorder = Recorder(self.engine, wishes.takes, origin_of(wishes))
            self.host.start(self.engine)
            self.tablets: Door | None = None
            self.listening = Listening(self.engine, self.host, wishes.midi, recogniser, self._frame_of)
            stack.callback(self.listening.close)
            self._owned = stack.pop_all()

    def __enter__(self) -> Instrument:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, then sounding; a second call does nothing."""
        self._owned.close()

    @property
    def take(self) -> Path | None:
        """The take that is being written, or was; None if there is none, or none worth keeping."""
        return self._recorder.path if self._recorder else None

    @property
    def take_trouble(self) -> str:
        """Why not all that was played is safe; empty if it is."""
        return self._recorder.trouble if self._recorder else ""

    def _end_take(self) -> None:
        if self._recorder is not None:
            self._recorder.close()

    def _set_stage(self) -> None:
        """What is at stake, and the show: commands that wait for the first frame."""
        self.engine.set_parameter("stakes", STAKES.index(self.wishes.stakes))
        self.engine.set_parameter("judge", JUDGES.index(self.wishes.judge))
        self.engine.set_parameter("connoisseur", self.wishes.connoisseur)
        if (show := self.wishes.show) is not None:
            self.engine.set_parameter("audience_db", show.audience_db)
            self.engine.set_parameter("heart_bpm", show.heart_bpm)
            self.engine.begin_show(show, self.wishes.prelude_s)

    def _frame_of(self, time_s: float) -> int:
        """The frame at which something that came at `time_s` takes effect; 0 is at once."""
        if self.wishes.timing == "prompt" or not self._clock.is_locked:
            return 0
        delay = self.host.block_frames + STEADY_MARGIN_S * self.host.sample_rate
        return math.ceil(self._clock.frame_at(time_s) + delay)

    def turn(self) -> NDArray[np.void]:
        """What has to be done now and then: hear what the sound says, keep the clock, change the set.

        Returns what it has said: NOTICE[n], valid until the next turn.
        """
        self._keep_clock()
        notices = self.engine.notices()
        for notice in notices:
            program = int(notice.values[0])
            if notice.kind == PROGRAM and program < len(self._programs):
                self._wanted_set = self._programs[program]
        if self._wanted_set is not None and self._change_set(self._wanted_set):
            self._wanted_set = None
        return notices

    def _keep_clock(self) -> None:
        """Tell the clock of the latest block; a host that came back at another sample rate begins a new one."""
        state, rate = self.engine.state, self.engine.sample_rate
        if rate != self._clock.sample_rate:
            self._clock = FrameClock(rate)
        frame, time_s = int(state.host_frame), float(state.host_time_s)
        if frame == int(state.host_frame):  # else a block began in between: the two may not belong together
            self._clock.observe(frame, time_s)

    def _change_set(self, name: str) -> bool:
        """Whether the wish for a set is dealt with: under way, here already, or impossible."""
        if name == self.engine.spheres.name:
            return True
        if self.engine.is_in_show:
            self.note = f"the show is on: {self.engine.spheres.name} stays"
            return True
        try:
            spheres = load_set(name)
        except ConfigError as error:
            self.note = str(error)
            return True
        return self.engine.change_set(spheres)

    def picture(self) -> Picture:
        """How everything is now."""
        snapshot, status, engine = self.engine.snapshot(), self.host.status(), self.engine
        return Picture(
            title=engine.spheres.title,
            host=status.name,
            device="" if status.name == "silent" else status.device,
            sample_rate=status.sample_rate,
            block_frames=status.block_frames,
            latency_s=status.latency_s,
            load=status.load,
            underflows=status.underflows,
            is_running=status.running,
            note="; ".join(filter(None, (status.note, self.take_trouble, self.listening.elsewhere(), self.note))),
            mode=self.wishes.mode,
            meter=(float(snapshot.meter[0]), float(snapshot.meter[1])),
            reduction=float(snapshot.reduction),
            spheres=view_spheres(snapshot, engine.spheres),
            ports=self.listening.ports(),
            ports_note=self.listening.note,
            mood=view_mood(snapshot),
            heart_bpm=float(snapshot.heart_bpm),
            heart_phase=float(snapshot.heart_phase),
            stakes=STAKES[round(float(snapshot.stakes))],
            show=view_show(snapshot, self.wishes.show),
            hands=self.listening.hands(),
            network=None if self.tablets is None else self.tablets.view(),
            lesson=None if self.listening.lesson is None else self.listening.lesson.view(),
        )
