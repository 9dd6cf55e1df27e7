"""The running instrument as Python sees it: one state, commands in, notices and snapshots out.

Python never touches what sounds. It puts commands into the ring (all producers share one lock), prepares a set in
the definition that is not playing, and looks at copies.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.definition import define
from weaver.dsp.sizes import LOGGED, NOTICES, new_record
from weaver.engine.decoder import EXCLUSIVE, SYSTEM, TRANSPORT
from weaver.engine.hands import Hands
from weaver.engine.layout import COMMAND, NOTICE, SNAPSHOT, STATE
from weaver.engine.log import Beginning, StagedShow, Stretch
from weaver.engine.maps import empty_hand_map
from weaver.engine.notices import INSTALLED
from weaver.engine.outward import Outward
from weaver.engine.performance import boot, render
from weaver.engine.ring import push_batch, push_command, raise_panic, take_log, take_notices
from weaver.engine.snapshot import read_snapshot
from weaver.engine.staging import is_on, make_anew, restore_show, save_show, write_script
from weaver.engine.status import is_release
from weaver.engine.tune import log_tuning
from weaver.engine.tunings import Tunings
from weaver.engine.units import give_units
from weaver.life.records import write_law
from weaver.model.errors import ConfigError
from weaver.model.gestures import BEGIN, INSTALL, LET_GO, MIDI, PANIC, PARAMETER, TIME, gesture_named
from weaver.model.law import DEFAULT_LAW, Law, load_law
from weaver.model.parameters import INDEX, parameter_named
from weaver.model.sample_rates import check_sample_rate
from weaver.model.show import Show
from weaver.model.spheres import SphereSet

BATCH = 512
"""Commands that `perform` lets wait in the ring: less than the sound has places for beside what MIDI brings."""


class Engine:
    """An instrument with a set on stage. `state` is the record that a host's callback advances.

    Parameters
    ----------
    spheres : SphereSet
    midi_map : MIDI_MAP record
        The compiled tables by which MIDI becomes gestures, from `mapping`.
    sample_rate : float
        44,100 to 192,000 Hz.
    seed : int
        Of all chance there is.
    law : Law
        Of the spheres' life; the auditorium's, if none is given.

    Raises
    ------
    ConfigError
        The sample rate is out of range.
    """

    def __init__(
        self, spheres: SphereSet, midi_map: np.record, sample_rate: float, seed: int = 1, law: Law | None = None
    ) -> None:
        check_sample_rate(sample_rate)
        self.spheres = spheres
        self.law = load_law(DEFAULT_LAW) if law is None else law
        self._memory = new_record(STATE)
        self.state: np.record = self._memory[0]
        self.address: int = self._memory.ctypes.data
        self.state.sample_rate = sample_rate
        self.state.seed = seed
        self.state.midi_map = midi_map
        self.midi_map: np.record = midi_map.copy()
        """As it was in the beginning, before anything was tuned."""
        write_law(self.state.law, self.law)
        define(self.state.definitions[0], spheres)
        give_units(self.state)
        boot(self.address)
        self._next: SphereSet | None = None
        self._next_place = 1
        self._lock = threading.Lock()
        self._log_lock = threading.Lock()
        self._hands = Hands(self.state)
        self.tunings = Tunings(self._push, self.perform)
        self.outward = Outward(self.state, self._push)
        self._logged = np.zeros(LOGGED, COMMAND).view(np.recarray)
        self._beginning = Beginning(0, sample_rate, spheres, self.state.target.copy())
        self._past: list[Stretch] = []
        self._staged: dict[int, SphereSet] = {}
        self._shows: dict[int, StagedShow] = {}
        self._changes = 0
        self._lost_log = 0
        self._notices = np.zeros(NOTICES, NOTICE).view(np.recarray)
        self._snapshot = new_record(SNAPSHOT)
        self.dropped = 0

    def restart(self, sample_rate: float) -> None:
        """Make the state anew for another sample rate, in its place, while no host runs.

        The set, the MIDI map, what parameters were turned to and commands on their way stay; what sounded or was
        held is over. The sample clock goes on from the next grid point. Raises ConfigError as at the start.
        """
        check_sample_rate(sample_rate)
        state = self.state
        with self._log_lock, self._lock:
            if state.recording:
                self._past.append(self._take_log())
            stage = self._on_stage()
            make_anew(state, sample_rate)
            self._next_place = 1
            show = self._shows.get(int(state.script.number))
            so_far = None if show is None else (show, save_show(state))
            self._beginning = Beginning(int(self.state["frame"]), sample_rate, stage, state.target.copy(), so_far)
            give_units(self.state)
        boot(self.address)
        tuned = self.midi_map.note_hz.astype(np.float32)
        log_tuning(self.address, tuned.ctypes.data)

    @property
    def sample_rate(self) -> float:
        """Frames per second."""
        return float(self.state.sample_rate)

    def gesture(self, name: str, sphere: int | None = None, frame: int = 0, **arguments: float) -> bool:
        """Do a gesture to a sphere, counted from 0, or to all; at a frame, or at once.

        Returns False if the ring was full. Raises ConfigError for a gesture, sphere or argument there is not.
        """
        gesture = gesture_named(name)
        values = gesture.values(**arguments)
        if sphere is not None and not 0 <= sphere < len(self.spheres.spheres):
            raise ConfigError("sphere", f"0 to {len(self.spheres.spheres) - 1}", sphere)
        must = gesture.code == PANIC
        return self._push(frame, gesture.code, -1 if sphere is None else sphere, 0, values, must)

    def perform(self, batch: NDArray[np.void]) -> bool:
        """Do what COMMAND[n] says, gestures and parameters of frame 0 all at one frame; False if there is no room now.

        There is room for BATCH at once when the ring is empty, and not for more than that ahead of the sound: whoever
        brings many at once tries again later, and keeps nobody else from the ring. Values are brought within their
        ranges; what is no gesture and no parameter is refused, and counted, by the sound.
        """
        with self._lock:
            return bool(push_batch(self.address, batch.ctypes.data, len(batch), BATCH))

    def set_parameter(self, name: str, value: float, frame: int = 0) -> bool:
        """Turn a parameter, in its unit. Raises ConfigError for a name or value there is not."""
        parameter_named(name).checked(value)
        return self._push(frame, PARAMETER, -1, 0, (INDEX[name], value, 0.0, 0.0), False)

    def midi(self, data: Sequence[int], port: int = 0, frame: int = 0) -> bool:
        """Hand a raw MIDI message to the decoder. Of system messages only a clock's and tunings are for it; others are
        let pass. False if there was no room."""
        if data and data[0] == EXCLUSIVE:
            return self.tunings.read(data, port, frame)
        if not data or (data[0] >= SYSTEM and data[0] not in TRANSPORT):
            return True
        first, second = (*data[1:3], 0, 0)[:2]
        return self._push(frame, MIDI, -1, port, (data[0], first, second, min(len(data), 3)), is_release(data))

    def give_time(self, giver: int, bpm: float, beat: float, rolling: bool, frame: int = 0) -> bool:
        """Say what time JACK or LINK (`life.transport`) has at a frame; 0 bpm: none. False if the ring was full."""
        whole = math.floor(beat)
        return self._push(frame, TIME, -1, giver, (bpm, whole, beat - whole, rolling), False)

    def let_go(self, port: int) -> bool:
        """A MIDI input has gone: release what it held."""
        return self._push(0, LET_GO, -1, port, (0.0, 0.0, 0.0, 0.0), True)

    def give_hand(self, slot: int, hand_map: np.record | None) -> bool:
        """Let a HAND_MAP say what the controller on a port is for; None: it is no controller, all goes by the mode.

        False while the last one for this port is under way, or if the ring was full.
        """
        return self._hands.give(slot, empty_hand_map() if hand_map is None else hand_map, self._push)

    def hand_view(self, slot: int) -> np.record:
        """How the controls of a port stand beside what they turn: a HAND_VIEW of the caller's own, on any thread."""
        return self._hands.view(slot)

    def panic(self) -> None:
        """Silence now. Gets through a full ring, and comes before all that waits in it."""
        with self._lock:
            raise_panic(self.address)

    def change_set(self, spheres: SphereSet, frame: int = 0) -> bool:
        """Prepare another set and let it take over, without a click. False while the last change is under way."""
        if self._next is not None:
            return False
        self._next_place = 1 - int(self.state.playing)
        define(self.state.definitions[self._next_place], spheres)
        self._next = spheres
        self._changes += 1
        self._staged[self._changes] = spheres
        if self._push(frame, INSTALL, -1, 0, (self._changes, 0.0, 0.0, 0.0), True):
            return True
        self._next = None
        del self._staged[self._changes]
        return False

    def stage_show(self, show: Show, prelude_s: float | None = None) -> bool:
        """Make a show ready, for a command BEGIN; `prelude_s` in place of its own.

        False while another one is on or ready, or the set is changing. Raises ConfigError if its spheres are not on
        stage.
        """
        if self._next is not None or self.is_in_show:
            return False
        if [sphere.name for sphere in show.spheres.spheres] != [sphere.name for sphere in self.spheres.spheres]:
            raise ConfigError(f"show {show.name}", f"the set {show.spheres.name} on stage", self.spheres.name)
        write_script(self.state.script, show, prelude_s)
        number = int(self.state.script.number) + 1
        self._shows[number] = StagedShow(show, float(self.state.script.prelude_s))
        self.state.script.number = number
        return True

    def begin_show(self, show: Show, prelude_s: float | None = None, frame: int = 0) -> bool:
        """Stage a show and let it begin at a frame, or at once. Returns and raises as `stage_show`."""
        staged = self.stage_show(show, prelude_s)
        return staged and self._push(frame, BEGIN, -1, 0, (float(self.state.script.number), 0.0, 0.0, 0.0), True)

    @property
    def is_in_show(self) -> bool:
        """Whether a show is going on, or staged and about to begin."""
        return is_on(self.state)

    def notices(self) -> NDArray[np.void]:
        """What the sound has said since the last time: NOTICE[n], valid until the next call."""
        count = take_notices(self.address, self._notices.ctypes.data, NOTICES)
        heard = self._notices[:count]
        if self._next is not None and np.any(heard["kind"] == INSTALLED):
            self.spheres, self._next = self._next, None
            if not self.state.recording:
                self._staged.clear()
        return heard

    def keep_log(self) -> None:
        """From now on what is done is logged; whoever asked for it calls `log` several times a second."""
        self.state.recording = 1

    def log(self) -> list[Stretch]:
        """What has been done since the last time, in order. Several stretches if the engine was restarted between."""
        with self._log_lock:
            past, self._past = self._past, []
            return [*past, self._take_log()]

    def snapshot(self, into: np.record | None = None) -> np.record:
        """How things are: a SNAPSHOT, valid until the next call; a thread of its own brings one to put it `into`."""
        shown = self._snapshot[0] if into is None else into
        read_snapshot(self.address, shown.__array_interface__["data"][0])
        return shown

    def render(self, frames: int) -> NDArray[np.float32]:
        """Advance without a host: float32[frames, 2]."""
        out = np.zeros((frames, 2), np.float32)
        render(self.address, out.ctypes.data, frames)
        return out

    def repeat(self, frame: int, kind: int, sphere: int, source: int, values: Sequence[float]) -> bool:
        """Do again what a log has, but for what has to be made ready: sets, shows. False if the ring was full."""
        return self._push(frame, kind, sphere, source, values, True)

    def resume(self, frame: int, targets: NDArray[np.float32], show: bytes | None = None) -> None:
        """Stand as after a restart at a frame on the grid, with all parameters turned so: where a log begins.

        `show` is how far a show was. Raises ConfigError if another version saved that.
        """
        self.state.frame, self.state.target = frame, targets
        if show is not None:
            restore_show(self.state, show)
        self.restart(self.sample_rate)

    def _take_log(self) -> Stretch:
        """The log of this beginning since the last time; under the lock of the log."""
        count, until = take_log(self.address, self._logged.ctypes.data, LOGGED)
        commands = self._logged[:count].copy()
        changes = commands["values"][commands["kind"] == INSTALL, 0]
        sets = tuple(self._staged.pop(int(change)) for change in changes)
        begun = commands["values"][commands["kind"] == BEGIN, 0]
        shows = tuple(self._shows[int(number)] for number in begun)
        lost, self._lost_log = int(self.state.counters.lost_log) - self._lost_log, int(self.state.counters.lost_log)
        last = int(commands["frame"][-1]) if count else 0  # of a block that is not over yet, maybe
        return Stretch(self._beginning, commands, sets, shows, lost, max(int(until), last, self._beginning.frame))

    def _on_stage(self) -> SphereSet:
        """The set that plays, also when its notice has not been heard yet."""
        arrived = self._next is not None and int(self.state.playing) == self._next_place
        return self._next if arrived and self._next is not None else self.spheres

    def _push(self, frame: int, kind: int, sphere: int, source: int, values: Sequence[float], must: bool) -> bool:
        with self._lock:
            pushed = push_command(self.address, frame, kind, sphere, source, *map(float, values), must)
        self.dropped += not pushed
        return bool(pushed)
