"""Standard MIDI files as timed bytes: what the instrument plays when a file is the player.

Mido reads the tracks. Chunks and times are handled here: mido takes no SMPTE division, no chunk it does not
know, and no type 2. Source: Standard MIDI Files 1.0 (RP-001).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import mido

from weaver.model.errors import ConfigError

_HEADER_BYTES = 14
_CHUNK_HEADER_BYTES = 8
_DEFAULT_TEMPO_US = 500_000
"""Microseconds per quarter note until the file says otherwise: 120 beats per minute."""
_MICROSECONDS = 1_000_000
_SMPTE_RATES_HZ = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30_000, 1_001), 30: Fraction(30)}
"""Frames per second by the header's code; 29 stands for drop-frame, which runs at 29.97."""
_PORTS = 16


@dataclass(frozen=True, slots=True)
class TimedBytes:
    """One whole message of a file: seconds from its start, port 0 to 15, and status and data bytes."""

    time_s: float
    port: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Tick:
    """One event of one track: when in ticks, on which port, and what."""

    tick: int
    port: int
    message: Any


def read_midi_file(path: str | Path) -> list[TimedBytes]:
    """Every channel message, SysEx and system message of the file, in order of time.

    Running status is spelt out, note-ons with velocity 0 stay what they are, each track's port meta (FF 21)
    holds for what follows it, folded to 16. The channel prefix (FF 20) speaks of texts only. Type 2's tracks,
    which are patterns of their own, follow one another. An F7 packet is read as SysEx. Raises ConfigError for
    a file that is broken, and OSError for one that cannot be read.
    """
    return _Song(Path(path)).events()


def midi_file_length_s(path: str | Path) -> float:
    """Seconds to the last end of track, rests at the end included. Raises as `read_midi_file` does."""
    return _Song(Path(path)).length_s()


class _Song:
    """A parsed file: a list of ticks for each sequence (types 0 and 1 are one, in type 2 each track is)."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        self.path = str(path)
        kind, self._division = self._header(data)
        tracks = [self._ticks(number, start, body) for number, start, body in self._chunks(data)]
        if kind == 0 and len(tracks) != 1:
            raise ConfigError(self.path, "one track in a type 0 file", len(tracks))
        if kind < 2:
            tracks = [sorted((tick for track in tracks for tick in track), key=lambda tick: tick.tick)]
        self._sequences = tracks

    def events(self) -> list[TimedBytes]:
        """What sounds, with its time."""
        return [
            TimedBytes(time_s, tick.port, bytes(tick.message.bytes()))
            for time_s, tick in self._timed()
            if not tick.message.is_meta
        ]

    def length_s(self) -> float:
        """The time of the last event, the ends of tracks among them."""
        return max((time_s for time_s, _ in self._timed()), default=0.0)

    def _timed(self) -> Iterator[tuple[float, _Tick]]:
        """Each event with its seconds, exact until it becomes a float: no error adds up."""
        start = Fraction(0)
        for sequence in self._sequences:
            now, last_tick, tempo_us = start, 0, _DEFAULT_TEMPO_US
            for tick in sequence:
                now += (tick.tick - last_tick) * self._tick_s(tempo_us)
                last_tick = tick.tick
                if tick.message.type == "set_tempo":
                    tempo_us = tick.message.tempo
                yield float(now), tick
            start = now

    def _tick_s(self, tempo_us: int) -> Fraction:
        if isinstance(self._division, Fraction):
            return self._division
        return Fraction(tempo_us, _MICROSECONDS * self._division)

    def _header(self, data: bytes) -> tuple[int, int | Fraction]:
        """(type, division): ticks per quarter note, or with SMPTE time the seconds of a tick."""
        where = f"{self.path}: header"
        if data[:4] != b"MThd":
            raise ConfigError(where, "'MThd' at byte 0 of a Standard MIDI File", repr(data[:4]))
        if len(data) < _HEADER_BYTES:
            raise ConfigError(where, f"{_HEADER_BYTES} bytes", f"{len(data)}")
        size, kind, _, division = struct.unpack(">LHHH", data[4:_HEADER_BYTES])
        if size < _HEADER_BYTES - _CHUNK_HEADER_BYTES:
            raise ConfigError(where, "a header of 6 bytes or more", size)
        if kind > 2:
            raise ConfigError(where, "type 0, 1 or 2", kind)
        if not division & 0x8000:
            if not division:
                raise ConfigError(where, "1 or more ticks per quarter note", division)
            return kind, division
        rate_code, ticks_per_frame = 256 - (division >> 8), division & 0xFF
        if rate_code not in _SMPTE_RATES_HZ or not ticks_per_frame:
            raise ConfigError(where, "SMPTE time at 24, 25, 29 or 30", f"{rate_code} x {ticks_per_frame}")
        return kind, 1 / (_SMPTE_RATES_HZ[rate_code] * ticks_per_frame)

    def _chunks(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """(number from 1, first byte, body) of each track. The standard asks to pass over other chunks."""
        header_bytes, _, promised = struct.unpack(">LHH", data[4:12])
        at, number = _CHUNK_HEADER_BYTES + header_bytes, 0
        while at < len(data) and number < promised:
            name, where = data[at : at + 4], f"{self.path}: track {number + 1} at byte {at}"
            if len(data) < at + _CHUNK_HEADER_BYTES:
                raise ConfigError(where, f"a chunk header of {_CHUNK_HEADER_BYTES} bytes", len(data) - at)
            size = int.from_bytes(data[at + 4 : at + _CHUNK_HEADER_BYTES], "big")
            at += _CHUNK_HEADER_BYTES
            if len(data) < at + size:
                raise ConfigError(where, f"{size} bytes of {name!r}", len(data) - at)
            if name == b"MTrk":
                number += 1
                yield number, at, data[at : at + size]
            at += size
        if number < promised:
            raise ConfigError(self.path, f"{promised} tracks", number)

    def _ticks(self, number: int, start: int, body: bytes) -> list[_Tick]:
        """One track, read by mido as a file of its own, so that a fault cannot reach into the next."""
        head = b"MThd" + struct.pack(">LHHH", 6, 0, 1, 1) + b"MTrk" + struct.pack(">L", len(body))
        stream = BytesIO(head + body)
        try:
            track = mido.MidiFile(file=stream).tracks[0]
            now, port, ticks = 0, 0, []
            for message in track:
                now += message.time
                if message.type == "midi_port":
                    port = message.port % _PORTS
                ticks.append(_Tick(now, port, message))
        except Exception as error:  # mido tells of broken files in many ways
            where = f"{self.path}: track {number} at byte {start + stream.tell() - len(head)}"
            ended = isinstance(error, EOFError)
            found = "the end of the track" if ended else str(error) or type(error).__name__
            raise ConfigError(where, "a whole MIDI event", found) from error
        return ticks
