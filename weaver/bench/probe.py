"""The listener behind *note to sound*: a native JACK client that plays notes and times what comes back.

It counts in frames of the server's clock, inside its own process callback, so that the interpreter cannot
blur the figure. Importing it raises OSError where there is no libjack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import jack
import numpy as np
from numba import carray, cfunc, from_dtype, njit, types

from weaver.engine.hosts.heart import pointer
from weaver.engine.hosts.libjack import address, cycle_start, midi_clear, midi_write, port_buffer

NAME = "weaver-probe"
"""By this name an instrument that connects itself to every MIDI output leaves it alone."""
RESTING, LISTENING, SOUNDING, RELEASED = range(4)
MESSAGE_BYTES = 3
FRAME_MASK = 0xFFFFFFFF
"""JACK's frame clock has 32 bits and wraps after a day."""
HALF_CLOCK = 1 << 31

STATE = np.dtype(
    [
        ("client", np.uint64),  # addresses of libjack's objects
        ("midi_out", np.uint64),
        ("audio_in", np.uint64),
        ("note_on", np.uint64),  # addresses of the messages, three bytes each
        ("note_off", np.uint64),
        ("all_sound_off", np.uint64),
        ("offs", np.int64),  # messages that this takes
        ("gap_frames", np.int64),  # the least distance from one note-on to the next ...
        ("spread_frames", np.int64),  # ... and how much chance may add
        ("hold_frames", np.int64),  # from note-on to note-off
        ("release_frames", np.int64),  # from note-off to all-sound-off
        ("quiet_frames", np.int64),  # silence required before a note
        ("threshold", np.float32),  # linear, full scale is 1
        ("seed", np.uint64),
        ("phase", np.int64),
        ("clock", np.int64),  # frames since the probe began, by the server's clock
        ("clock_32", np.int64),  # the server's own reading of it
        ("quiet", np.int64),  # frames of silence up to now
        ("due", np.int64),  # the frame of the next note
        ("sent", np.int64),  # the frame of the last
        ("notes_left", np.int64),
        ("heard", np.int64),
        ("misses", np.int64),
        ("xruns", np.int64),
        ("latencies", np.uint64),  # address of one int64 per note
    ],
    align=True,
)
_state = from_dtype(STATE)
Kernel = TypeVar("Kernel", bound=Callable[..., Any])


_native: Callable[[Kernel], Kernel] = njit(error_model="numpy")


@_native
def _first_loud(s: Any, audio: Any, start: int) -> int:
    """The first frame from `start` on that is above the threshold, or -1."""
    for frame in range(start, len(audio)):
        if abs(audio[frame]) > s.threshold:
            return frame
    return -1


@_native
def _chance(s: Any) -> Any:
    """A number of frames up to the spread, from the upper, better bits of Knuth's MMIX generator."""
    s.seed = s.seed * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return np.int64((s.seed >> np.uint64(33)) % np.uint64(s.spread_frames + 1))


@_native
def _listen(s: Any, audio: Any) -> None:
    """Keep count of silence, and note the distance when the awaited sound begins."""
    if _first_loud(s, audio, 0) < 0:
        s.quiet += len(audio)
        return
    s.quiet = 0
    if s.phase == LISTENING:
        frame = _first_loud(s, audio, max(s.sent - s.clock, 0))
        if frame >= 0:
            carray(pointer(s.latencies), (s.heard + 1,), np.int64)[s.heard] = s.clock + frame - s.sent
            s.heard += 1
            s.phase = SOUNDING


@_native
def _play(s: Any, midi: Any, frames: Any) -> None:
    """Send what is due in this cycle: a note in silence, its end, or the end of all sound."""
    held = s.clock - s.sent
    if (s.phase == LISTENING or s.phase == SOUNDING) and held >= s.hold_frames:
        midi_write(midi, np.uint32(0), pointer(s.note_off), np.uintp(MESSAGE_BYTES))
        s.misses += s.phase == LISTENING
        s.phase = RELEASED
    elif s.phase == RELEASED and held >= s.hold_frames + s.release_frames:
        for index in range(s.offs):
            midi_write(midi, np.uint32(0), pointer(s.all_sound_off + index * MESSAGE_BYTES), np.uintp(MESSAGE_BYTES))
        s.phase = RESTING
    elif s.phase == RESTING and s.notes_left > 0 and s.due < s.clock + frames:
        if s.quiet < s.quiet_frames or s.due < s.clock:
            s.due = s.clock + frames + _chance(s)  # drawn anew, so that notes fall anywhere in a period
            return
        midi_write(midi, np.uint32(s.due - s.clock), pointer(s.note_on), np.uintp(MESSAGE_BYTES))
        s.sent = s.due
        s.due += s.gap_frames + _chance(s)
        s.notes_left -= 1
        s.phase = LISTENING


def _process(frames: Any, user: Any) -> int:
    """JACK's process callback: listen first, because what is heard now was played before."""
    s = carray(user, 1)[0]
    now = np.int64(cycle_start(pointer(s.client)))
    s.clock += (now - s.clock_32) & FRAME_MASK
    s.clock_32 = now
    midi = port_buffer(pointer(s.midi_out), frames)
    midi_clear(midi)
    _listen(s, carray(port_buffer(pointer(s.audio_in), frames), (frames,), np.float32))
    _play(s, midi, np.int64(frames))
    return 0


def _count_xrun(user: Any) -> int:
    """JACK's xrun callback."""
    carray(user, 1)[0].xruns += 1
    return 0


_process_native = cfunc(types.int32(types.uint32, types.CPointer(_state)), error_model="numpy")(_process)
_count_xrun_native = cfunc(types.int32(types.CPointer(_state)), error_model="numpy")(_count_xrun)


class Probe:
    """A JACK client that plays and times notes as soon as `start` has connected it."""

    def __init__(
        self,
        server: str | None,
        notes: int,
        settings: Mapping[str, float],
        channel: int,
        key: int,
        silencer: bytes = b"",
    ) -> None:
        """Join `server` (None: the default one); `settings` are fields of STATE, `channel` counts from 0; `silencer`
        ends all sound (messages of three bytes; CC 120, if not given).

        Raises jack.JackOpenError when no server answers.
        """
        self.latencies_frames = np.zeros(notes, np.int64)
        silence = silencer or bytes((0xB0 | channel, 120, 0))
        note = bytes((0x90 | channel, key, 127, 0x80 | channel, key, 64))
        self._messages = np.frombuffer(note + silence, np.uint8)
        self._client = jack.Client(NAME, no_start_server=True, servername=server)
        self._midi = self._client.midi_outports.register("notes")
        self._audio = self._client.inports.register("sound")
        self.state = np.zeros(1, STATE)
        messages = self._messages.ctypes.data
        fields: dict[str, float] = {
            "client": address(self._client._ptr),
            "midi_out": address(self._midi._ptr),
            "audio_in": address(self._audio._ptr),
            "note_on": messages,
            "note_off": messages + MESSAGE_BYTES,
            "all_sound_off": messages + 2 * MESSAGE_BYTES,
            "latencies": self.latencies_frames.ctypes.data,
            "notes_left": notes,
            "offs": len(silence) // MESSAGE_BYTES,
            **settings,
        }
        for name, value in fields.items():
            self.state[name] = value

    def start(self, midi_port: str, audio_port: str) -> None:
        """Play into `midi_port`, if there is one, and listen to `audio_port`. Raises jack.JackError when one is
        missing.

        The two connections make a circle in JACK's graph, which JACK closes with one period of delay: the one
        made last is the one that waits.
        """
        ffi, library = jack._ffi, jack._lib
        user = ffi.cast("void*", self.state.ctypes.data)
        process = ffi.cast("JackProcessCallback", _process_native.address)
        library.jack_set_process_callback(self._client._ptr, process, user)
        library.jack_set_xrun_callback(
            self._client._ptr, ffi.cast("JackXRunCallback", _count_xrun_native.address), user
        )
        self._client.activate()
        if midi_port:
            self._client.connect(self._midi, midi_port)
        self._client.connect(audio_port, self._audio)

    @property
    def is_quiet(self) -> bool:
        """Whether it has been silent for as long as is required before a note."""
        return bool(self.state["phase"][0] == RESTING and self.state["quiet"][0] >= self.state["quiet_frames"][0])

    def expect(self) -> None:
        """A sound is asked for now, by whatever way, and is to be timed as that of a note is."""
        while True:
            clock_32, clock = int(self.state["clock_32"][0]), int(self.state["clock"][0])
            now_32 = self._client.frame_time
            if clock_32 == int(self.state["clock_32"][0]) and clock == int(self.state["clock"][0]):
                break
        ahead = (now_32 - clock_32 + HALF_CLOCK) & FRAME_MASK  # the server's guess may lie before the cycle's start
        self.state["sent"] = clock + ahead - HALF_CLOCK
        self.state["phase"] = LISTENING

    @property
    def done(self) -> bool:
        """Whether the last note has been played, timed and silenced."""
        return bool(self.state["notes_left"][0] == 0 and self.state["phase"][0] == RESTING)

    def close(self) -> None:
        """Leave the server; the state can still be read."""
        self._client.deactivate(ignore_errors=True)
        self._client.close(ignore_errors=True)
