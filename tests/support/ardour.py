"""A DAW without a window: Ardour on the JACK server that clients find, told by Lua what to do.

What holds for Ardour 7.3: a wrong call may end the process (so may listing ports, or collecting garbage after); an
empty recording makes no region; its song position is six times too far (in ticks, where MIDI has sixteenths); it
follows no MIDI clock; and it keeps MIDI to a 1920th of a beat, which at FRAME_BPM is a frame.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from support.ardour_program import LuaSession
from support.ardour_tracks import AudioTrack, MidiTrack, Track

RATE_HZ = 48_000
TICKS = 1920
"""Parts of a beat that Ardour knows."""
FRAME_BPM = 60 * RATE_HZ / TICKS
"""The tempo at which such a part is a frame."""
ASK_AGAIN_S = 0.5
LONGEST_LOOP_S = 10
RECORDS_FROM = 4 * 2048
"""Frames of the song after which it surely records: it rolls for some latencies before."""

_NAMES = """
UI = ARDOUR.TransportRequestSource.TRS_UI; NO_GROUP = PBD.GroupControlDisposition.NoGroup
NORMAL = ARDOUR.TrackMode.Normal; LAST = ARDOUR.PresentationInfo.max_order
STAND = ARDOUR.LocateTransportDisposition.MustStop; ROLL = ARDOUR.LocateTransportDisposition.MustRoll
function one(kind) return ARDOUR.ChanCount(ARDOUR.DataType(kind), 1) end
function regions(track) return track:to_track():playlist():region_list():iter() end
function newest(track) local last; for region in regions(track) do last = region end return last end
function at(ticks) return Temporal.Beats(ticks // 1920, ticks % 1920) end
""".strip()
_MASTERS = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour><TransportMasters current="JACK Transport">
<TransportMaster type="Engine" name="JACK Transport" removeable="0"/>
</TransportMasters></Ardour>
"""
_numbers = itertools.count()


class Ardour:
    """A session at RATE_HZ with a master bus and no tracks. A context manager.

    Parameters
    ----------
    folder : Path
        Empty, or not there yet: its home and its session.

    Raises
    ------
    ArdourError
        It does not come up.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"ardour-{os.getpid()}-{next(_numbers)}"
        self.session = folder / "session"
        for version in range(6, 10):
            config = folder / f"ardour{version}" / "config"
            config.parent.mkdir(parents=True)
            config.write_text(_MASTERS)
        self._make_with_a_loop(folder)
        self._lua = LuaSession(folder)
        try:
            self._begin(self._lua, "load_session", f'"{self.session}", "session"')
            self._lua.run(_NAMES)
        except BaseException:
            self.close()
            raise

    def _make_with_a_loop(self, folder: Path) -> None:
        """Lua can move a loop, but not make one: one is written into the session's file before it is opened."""
        with LuaSession(folder) as lua:
            self._begin(lua, "create_session", f'"{self.session}", "session", {RATE_HZ}')
            end = f"Temporal.timepos_t({LONGEST_LOOP_S * RATE_HZ})"
            lua.run(f"Session:locations():add_range(Temporal.timepos_t(0), {end})")
            lua.run('Session:save_state("", false, false, false, false, false)')
        file = self.session / "session.ardour"
        file.write_text(file.read_text().replace('flags="IsRangeMarker"', 'flags="IsAutoLoop"'))

    def _begin(self, lua: LuaSession, call: str, arguments: str) -> None:
        lua.run(f'assert(AudioEngine:set_backend("JACK", "{self.name}", ""))')
        lua.run(f"assert({call}({arguments}))")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the session and quit; a second call does nothing."""
        self._lua.close()

    def run(self, lua: str) -> list[str]:
        """Run Lua, one statement a line; the lines it printed. Raises ArdourError."""
        return self._lua.run(lua)

    def midi_track(self, name: str, source: str | None = None, sink: str | None = None) -> MidiTrack:
        """A new track, connected to ports of JACK by name. `name` : also a variable of Lua's."""
        arguments = f'one("midi"), one("midi"), true, ARDOUR.PluginInfo(), nil, nil, 1, "{name}", LAST, NORMAL, false'
        self.run(f"{name} = Session:new_midi_track({arguments}, false):front()")
        if source is not None:
            self._connect(f"{name}:input():midi(0)", source)
        if sink is not None:
            self._connect(f"{name}:output():midi(0)", sink)
        return MidiTrack(self._lua, name)

    def audio_track(self, name: str, *sources: str) -> AudioTrack:
        """A new track of as many channels as there are sources: ports of JACK by name."""
        arguments = f'{len(sources)}, 2, nil, 1, "{name}", LAST, NORMAL, false, false'
        self.run(f"{name} = Session:new_audio_track({arguments}):front()")
        for place, source in enumerate(sources):
            self._connect(f"{name}:input():audio({place})", source)
        return AudioTrack(self._lua, name)

    def _connect(self, port: str, other: str) -> None:
        self._lua.wait_for(f'{port}:connected_to("{other}") or {port}:connect("{other}") == 0', "true")

    def tempo(self, bpm: float) -> None:
        """One tempo for the whole song. What is recorded already keeps its beats."""
        self.run(
            "map = Temporal.TempoMap.write_copy(); "
            f"map:set_tempo(Temporal.Tempo({bpm}, {bpm}, 4), Temporal.timepos_t(0))"
        )
        self.run("Temporal.TempoMap.update(map); map = nil")

    def send_clock(self, on: bool = True) -> None:
        """Whether `clock_port` ticks."""
        self.run(f"ARDOUR.config():set_send_midi_clock({str(on).lower()})")

    def lead_jack(self, on: bool = True) -> None:
        """Whether JACK's transport is its own, and its tempo JACK's."""
        self.run(f"Session:cfg():set_jack_time_master({str(on).lower()})")
        self.run(f"Session:cfg():set_external_sync({str(on).lower()})")

    @property
    def clock_port(self) -> str:
        """Its MIDI clock out."""
        return f"{self.name}:MIDI Clock out"

    @property
    def frame(self) -> int:
        """Where its transport is."""
        return int(self._lua.value("Session:transport_sample()"))

    def play(self) -> None:
        """Roll from where it stands; it does when this returns."""
        self.run("Session:request_roll(UI)")
        self._lua.wait_for("Session:transport_state_rolling()", "true")

    def stop(self) -> None:
        """Stop; it stands when this returns."""
        self.run("Session:request_stop(false, false, UI)")
        self._lua.wait_for("Session:transport_stopped()", "true")

    def locate(self, frame: int) -> None:
        """Go to a frame, and stand there. Asks again: while it still writes what it recorded, it does not heed it."""
        until_s = time.monotonic() + 20 * ASK_AGAIN_S
        while self.frame != frame:
            if time.monotonic() > until_s:
                raise self._lua.error(f"it does not go to frame {frame}")
            self.run(f"Session:request_locate({frame}, false, STAND, UI)")
            asked_s = time.monotonic()
            while self.frame != frame and time.monotonic() - asked_s < ASK_AGAIN_S:
                time.sleep(0.01)

    def jump(self, frame: int) -> None:
        """Go to a frame, and roll on there."""
        self.run(f"Session:request_locate({frame}, false, ROLL, UI)")

    def loop(self, start: int, end: int) -> None:
        """Roll round and round between two frames, until it is stopped."""
        self.locate(start)
        place = f"Temporal.timepos_t({start}), Temporal.timepos_t({end})"
        self.run(f"Session:locations():auto_loop_location():set({place})")
        self.run("Session:request_play_loop(true, false)")
        self.play()

    def end_loop(self) -> None:
        """Stop, and loop no more."""
        self.stop()
        self.run("Session:request_play_loop(false, false)")

    @contextmanager
    def recording(self, *tracks: Track) -> Iterator[None]:
        """Rolls from the song's beginning with these tracks armed; what they recorded is there when this ends.

        Raises ArdourError.
        """
        before = {track: track.regions for track in tracks}
        for track in tracks:
            track.arm()
        self.run("Session:maybe_enable_record(false)")
        self.locate(0)
        self.play()
        self._lua.wait_for(f"Session:transport_sample() > {RECORDS_FROM}", "true")
        try:
            yield
        finally:
            self.stop()
            for track in tracks:
                track.wait_for_regions(before[track] + 1)
            self.run("Session:disable_record(false, false)")
            for track in tracks:
                track.arm(False)
