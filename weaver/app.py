"""The one place that wires an instrument, and owns every lifetime in it.

    set, tuning, mode  ->  Engine  ->  host            what sounds
    MIDI, controllers  ->  Listening                   what is played, and the controllers' lights
    OSC                ->  Tablets                     likewise, by the network
    what is woven      ->  Daw                         leaves as MIDI, with a clock
    MTS-ESP            ->  MtsEsp                      whose tuning it is, where a master tunes all
    Ableton Link       ->  LinkTime                    whose time is followed
    notices            ->  program changes pick a set
    snapshot, statuses ->  Picture                     what surfaces show
    log                ->  a take                      what was played

`Instrument` is closed in the reverse order of its making: tablets, controllers and inputs first, so that nothing
arrives any more, then what leaves, the host, and the take. Whoever drives it calls `turn` some fifteen times a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from weaver.daw import Daw, set_time
from weaver.engine.engine import Engine
from weaver.engine.hosts import compile_callback, open_host
from weaver.engine.notices import PROGRAM
from weaver.engine.precompile import compile_entries, units_beside
from weaver.engine.staging import read_reckoning
from weaver.life.notices import PHASE
from weaver.life.stage import RECKONED
from weaver.link import LinkTime
from weaver.listening import Listening, broken_words, find_controllers
from weaver.midi.mts_esp import MtsEsp
from weaver.midi.ports import OWN_NAME
from weaver.model.configs import list_configs
from weaver.model.errors import ConfigError, DeviceError
from weaver.model.law import STAKES, load_law
from weaver.model.osc_space import QUERY_PORT
from weaver.model.parameters import JUDGES, QUANTISE, SYNC
from weaver.model.reckoning import verdict
from weaver.model.show import Show, show_for
from weaver.model.spheres import load_set
from weaver.osc.query import NAME
from weaver.surfaces.picture import NetworkView, Picture
from weaver.tablets.tablets import Reach, Tablets
from weaver.takes.recorder import Recorder
from weaver.timing import Timing
from weaver.views import Clockface, incident_words, view_mood, view_show, view_spheres, view_untaken
from weaver.wishes import Wishes, midi_tables, origin_of

SWITCH_S = 0.0005
"""How long one Python thread may keep another waiting: the MIDI thread must not queue behind the page."""
FREE_PLAY_SEED = 1
REFUSAL_S = 10.0
"""How long the note says why something asked for was not done."""


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
        self._refusal, self._refused_s = "", 0.0
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
            self._show = wishes.show
            self._set_stage()
            set_time(self.engine, wishes)
            if self._show is not None:
                self._begin(self._show, wishes.prelude_s)
            self.timing = Timing(self.engine, self.host, wishes.timing)
            self._programs = list_configs("sets")
            self._wanted_set: str | None = None
            self._clockface = Clockface()
            if wishes.takes is not None:
                self._recorder = Recorder(self.engine, wishes.takes, origin_of(wishes))
            self.host.start(self.engine)
            self.daw = Daw(self.engine, self.host, wishes, self.timing)
            stack.callback(self.daw.close)
            self._master = MtsEsp(self.engine.tunings.tune, self.engine.midi_map.note_hz) if wishes.mts_esp else None
            if self._master is not None:
                stack.callback(self._master.close)
            self.link = LinkTime(self.engine, self.timing) if wishes.link else None
            if self.link is not None:
                stack.callback(self.link.close)
            self.listening = Listening(
                *(self.engine, self.host, wishes.midi, recogniser, self.timing.frame_of),
                *(wishes.midi_in, (wishes.midi_out, wishes.clock_out)),
            )
            stack.callback(self.listening.close)
            self._deaf: NetworkView | None = None
            self.tablets = self._open_network(stack)
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
        self.engine.set_parameter("chronometer", self.wishes.in_time)

    def _begin(self, show: Show, prelude_s: float | None = None) -> bool:
        """The show begins, with its own audience; False while another one is on, which then keeps its own, or the set
        is changing."""
        if self.engine.is_in_show:
            return False
        self.engine.set_parameter("audience_db", show.audience_db)
        self.engine.set_parameter("heart_bpm", show.heart_bpm)
        return self.engine.begin_show(show, prelude_s)

    def begin_show(self) -> None:
        """Begin the show that is performed, or the first that is written for the set on stage; the note says if that
        cannot be."""
        spheres = self.engine.spheres
        show = self._show if self._show is not None and self._show.spheres == spheres else show_for(spheres)
        if show is None:
            self._refuse(f"no show is written for {spheres.name}")
        elif self._begin(show):
            self._show = show
        else:
            self._refuse("a show is on already" if self.engine.is_in_show else "the set is changing: begin once more")

    def _refuse(self, words: str) -> None:
        """The note says for a while why something was not done."""
        self.note = self._refusal = words
        self._refused_s = time.monotonic()

    def turn(self) -> NDArray[np.void]:
        """What has to be done now and then: hear what the sound says, keep the clock, change the set.

        Returns what it has said: NOTICE[n], valid until the next turn.
        """
        self.timing.keep()
        if self._refusal and time.monotonic() - self._refused_s > REFUSAL_S:
            self.note, self._refusal = "" if self.note == self._refusal else self.note, ""
        notices = self.engine.notices()
        for notice in notices:
            program = int(notice.values[0])
            if notice.kind == PROGRAM and program < len(self._programs):
                self._wanted_set = self._programs[program]
        self._follow_show(notices)
        if self.tablets is not None:
            wants_show, spheres = self.tablets.wanted.take()
            self._wanted_set = self._named(spheres) or self._wanted_set
            if wants_show:
                self.begin_show()
        if self._wanted_set is not None and self._change_set(self._wanted_set):
            self._wanted_set = None
        return notices

    def _named(self, name: str) -> str:
        """A set that the network wants, by its name only: it opens no file of its choice. "" if there is none."""
        names = (self.engine.spheres.name, *list_configs("sets")) if name else ()
        if not name or name in names:
            return name
        self._refuse(f"a tablet wants the set {name[:40]!r}, but there are only {', '.join(sorted(set(names)))}")
        return ""

    def _follow_show(self, notices: NDArray[np.void]) -> None:
        """The note tells of what comes over the spheres, and in the end what the audience says."""
        if self._show is None:
            return
        if told := [words for notice in notices if (words := incident_words(self._show, notice))]:
            self.note = "; ".join(told)
        if any(notice.kind == PHASE and int(notice.values[0]) == RECKONED for notice in notices):
            self.note = verdict(read_reckoning(self.engine.state, self._show))

    def _change_set(self, name: str) -> bool:
        """Whether the wish for a set is dealt with: under way, here already, or impossible."""
        if name == self.engine.spheres.name:
            return True
        if self.engine.is_in_show:
            self._refuse(f"the show is on: {self.engine.spheres.name} stays")
            return True
        try:
            spheres = load_set(name)
        except ConfigError as error:
            self._refuse(str(error))
            return True
        return self.engine.change_set(spheres)

    def _open_network(self, stack: ExitStack) -> Tablets | None:
        """Let tablets play, if that is wished. Without a port for them all else still plays, and the page says so."""
        wishes = self.wishes
        if wishes.osc_port is None:
            return None
        reach = Reach(wishes.osc_port, wishes.reply_port, QUERY_PORT, wishes.lan, wishes.allow, wishes.discovery)
        try:
            tablets = Tablets(self.engine, reach, self.timing.steady_frame, self.timing.frame_of, lambda: self._show)
        except DeviceError as error:
            self._deaf = NetworkView(NAME, (), wishes.lan, wishes.reply_port, note=str(error))
            return None
        stack.callback(tablets.close)
        return tablets

    def picture(self) -> Picture:
        """How everything is now."""
        snapshot, status, engine = self.engine.snapshot(), self.host.status(), self.engine
        tuning = "" if self._master is None else self._master.note
        link_note, peers = ("", None) if self.link is None else (self.link.note, self.link.peers)
        notes = (
            *(status.note, self.take_trouble, self.listening.elsewhere(), self.daw.note, link_note, tuning),
            self.note,
        )
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
            note="; ".join(filter(None, notes)),
            mode=self.wishes.mode,
            meter=(float(snapshot.meter[0]), float(snapshot.meter[1])),
            reduction=float(snapshot.reduction),
            spheres=view_spheres(snapshot, engine.spheres),
            ports=self.listening.ports(),
            ports_note=self.listening.note,
            outs=self.daw.outs(),
            untaken=view_untaken(engine.state),
            mood=view_mood(snapshot),
            heart_bpm=float(snapshot.heart_bpm),
            heart_phase=float(snapshot.heart_phase),
            stakes=STAKES[round(float(snapshot.stakes))],
            show=view_show(snapshot, self._show),
            hands=self.listening.hands(),
            network=self._deaf if self.tablets is None else self.tablets.view(),
            lesson=None if self.listening.lesson is None else self.listening.lesson.view(),
            time=self._clockface.view(snapshot, engine.state.target[QUANTISE], engine.state.target[SYNC], peers),
        )
