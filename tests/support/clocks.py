"""Other people's clocks on a JACK server, each a program of its own: a transport master, a MIDI clock, and a judge.

What they print is parsed as jack_transport (jackd 1.9.21) and jack_midi_clock, jack_mclk_dump (0.4.3) print it.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from support.eventually import eventually
from support.needed import program

CLOCK_PACKAGE = "jack-midi-clock"
SERVER_PACKAGE = "jackd2"
ENDS_IN_S = 5.0
CLOCK_OUT = "jack_midi_clock:mclk_out"
"""Where `MidiClock` sends, once it is there; of two on one server the second has another name."""
CLOCK_IN = "jack_mclk_dump:mclk_in"
"""Where `ClockJudge` listens."""
TICKS_PER_BEAT = 24

_TICK = re.compile(r"CLK cur: +(\S+)\[BPM\] flt: +(\S+)\[BPM\] +dt: +(\S+)\[sm\].*@ (\d+)")
_EVENT = re.compile(r"EVENT \(0x(f[abc])\) \w+ +@ (\d+)")
_POSITION = re.compile(r"POS \(0x([0-9a-f]{4})\).*@ (\d+)")
_DUMPED = re.compile(r" *(\d+): ((?:[0-9a-f]{2} ?)+)")


class Peer:
    """A program that runs until it is closed; what it says is kept."""

    def __init__(self, command: list[str], listens: bool = False) -> None:
        self._said = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if listens else subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"LC_ALL": "C"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def said(self) -> str:
        """All that it has printed up to now."""
        place = os.fstat(self._said.fileno()).st_size
        return os.pread(self._said.fileno(), place, 0).decode()

    def tell(self, line: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it; a second call does nothing. What it has said goes with it."""
        if self._said.closed:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(ENDS_IN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()


class TransportMaster(Peer):
    """JACK's own transport, and who keeps its bars and beats: four quarters a bar, at a tempo of its own."""

    def __init__(self, bpm: float) -> None:
        super().__init__([program("jack_transport", SERVER_PACKAGE)], listens=True)
        self.tell(f"tempo {bpm}")
        self.tell("master")

    def tempo(self, bpm: float) -> None:
        """Another tempo. JACK's example reckons beats from frame 0 at the tempo there is now: they jump."""
        self.tell(f"tempo {bpm}")

    def play(self) -> None:
        """Roll."""
        self.tell("play")

    def stop(self) -> None:
        """Stand."""
        self.tell("stop")

    def locate(self, frame: int) -> None:
        """Go to a frame of the transport."""
        self.tell(f"locate {frame}")

    def close(self) -> None:
        """Leave the transport as a new server has it."""
        if not self._said.closed:
            for line in ("stop", "locate 0", "release", "exit"):
                self.tell(line)
            self._process.wait(ENDS_IN_S)
        super().close()


class MidiClock(Peer):
    """jack_midi_clock: a MIDI clock while JACK's transport rolls, at the transport master's tempo.

    `jitter_percent` : 0 to 20, of a tick. `resync_s` : between a song position and Continue.
    """

    def __init__(self, jitter_percent: int = 0, resync_s: float = 0.1) -> None:
        command = [program("jack_midi_clock", CLOCK_PACKAGE), "-J", str(jitter_percent), "-d", str(resync_s)]
        super().__init__(command)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick as the judge has it. `interval_frames` since the one before; `bpm` by that interval alone."""

    frame: int
    interval_frames: float
    bpm: float


@dataclass(frozen=True, slots=True)
class Word:
    """Start, Continue, Stop, or a song position in sixteenths: its bytes."""

    frame: int
    data: bytes


class ClockJudge(Peer):
    """jack_mclk_dump, with every tick on a line of its own."""

    def __init__(self) -> None:
        command = [program("stdbuf", "coreutils"), "-oL", program("jack_mclk_dump", CLOCK_PACKAGE), "-n"]
        super().__init__(command)

    def heard(self) -> list[Tick | Word]:
        """All up to now, in its order. The first tick after a start has no interval, and is left out."""
        heard: list[Tick | Word] = []
        for line in self.said.splitlines():
            if found := _TICK.match(line):
                if "?" not in found[1]:
                    heard.append(Tick(int(found[4]), float(found[3]), float(found[1])))
            elif found := _EVENT.match(line):
                heard.append(Word(int(found[2]), bytes.fromhex(found[1])))
            elif found := _POSITION.match(line):
                sixteenths = int(found[1], 16)
                heard.append(Word(int(found[2]), bytes((0xF2, sixteenths & 0x7F, sixteenths >> 7))))
        return heard

    def ticks(self) -> list[Tick]:
        """The ticks of it."""
        return [one for one in self.heard() if isinstance(one, Tick)]


@dataclass(frozen=True, slots=True)
class Dumped:
    """A message that came to a MidiRecorder, and the frame at which it did."""

    frame: int
    data: bytes


class MidiRecorder(Peer):
    """jack_midi_dump: whatever comes to its port, at its frame of the server's. Native, so that it disturbs nobody."""

    def __init__(self, name: str = "recorder") -> None:
        self.port = f"{name}:input"
        super().__init__(["stdbuf", "-oL", program("jack_midi_dump", SERVER_PACKAGE), "-a", name])

    def heard(self) -> list[Dumped]:
        """All up to now, in order."""
        found = (_DUMPED.match(line) for line in self.said.splitlines())
        return [Dumped(int(one[1]), bytes.fromhex(one[2])) for one in found if one]


class MidiSequence(Peer):
    """jack_midiseq: one note again and again, of `length_frames` every `period_frames`."""

    def __init__(self, name: str, period_frames: int, note: int, length_frames: int) -> None:
        self.port = f"{name}:out"
        command = [program("jack_midiseq", SERVER_PACKAGE), name]
        super().__init__([*command, *map(str, (period_frames, 0, note, length_frames))])
        if not eventually(lambda: self.port in _ports()):
            said = self.said
            self.close()
            raise RuntimeError(f"{name} has no port; it said: {said}")


def _ports() -> list[str]:
    """All there are on the server."""
    listed = subprocess.run([program("jack_lsp", SERVER_PACKAGE)], capture_output=True, text=True, check=False)
    return listed.stdout.split()
