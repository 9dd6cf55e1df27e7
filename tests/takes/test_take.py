"""The file of a take: what is written is read back exactly, and nothing that is wrong in it passes."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path

import numpy as np
import pytest

from weaver.engine.layout import COMMAND
from weaver.engine.provenance import provenance
from weaver.model.errors import ConfigError
from weaver.model.gestures import INSTALL, MIDI, STRIKE
from weaver.takes.replay import summary_of
from weaver.takes.take import (
    Clock,
    Command,
    End,
    Header,
    Lost,
    Reference,
    ShowReference,
    Take,
    command_line,
    header_line,
    is_take,
    number,
    object_line,
)

SET = Reference("auditorium", "ab" * 32)
HEADER = Header(
    provenance=provenance(),
    started="2026-05-01T20:15:00+02:00",
    seed=(1 << 64) - 1,
    sample_rate=44_100.0,
    frame=128,
    set=SET,
    mode="pads",
    tuning=None,
    kbm="/home/ü/a.kbm",
    midi_sha256="cd" * 32,
    law=Reference("auditorium", "ef" * 32),
    parameters={"level_db": -7.3, "voices": 64.0},
    show=(ShowReference("auditorium", "12" * 32, 120.5), bytes(range(200))),
)
LINES = [
    b"[128,1,0,0,0.7,0.5,0.8]\n",
    b"[200,33,-1,3,144,60,99,3]\n",
    b"48000\n",
    b'{"set":{"source":"bowls","sha256":"00"}}\n',
    b"[48001,34,-1]\n",
    b'{"lost":3}\n',
    b'{"show":{"source":"auditorium","sha256":"11","prelude_s":90}}\n',
    b"[48002,36,-1]\n",
    b"[50000,10,-1]\n",
    b'{"end":60000}\n',
]


def written(path: Path, lines: list[bytes] = LINES, header: bytes | None = None) -> Path:
    path.write_bytes((header_line(HEADER) if header is None else header) + b"".join(lines))
    return path


def command(frame: int, kind: int, *values: float, sphere: int = 0, source: int = 0) -> np.void:
    made = np.zeros(1, COMMAND)[0]
    made["frame"], made["kind"], made["sphere"], made["source"] = frame, kind, sphere, source
    made["values"][: len(values)] = values
    return made


def test_a_take_is_read_back(tmp_path: Path) -> None:
    take = Take(written(tmp_path / "a.take"))
    assert take.header == HEADER
    assert list(take.events()) == [
        Command(128, 1, 0, 0, (0.7, 0.5, 0.8, 0.0)),
        Command(200, 33, -1, 3, (144.0, 60.0, 99.0, 3.0)),
        Clock(48_000),
        Command(48_001, 34, -1, 0, (0.0, 0.0, 0.0, 0.0), Reference("bowls", "00")),
        Lost(3),
        Command(48_002, 36, -1, 0, (0.0, 0.0, 0.0, 0.0), ShowReference("auditorium", "11", 90.0)),
        Command(50_000, 10, -1, 0, (0.0, 0.0, 0.0, 0.0)),
        End(60_000),
    ]
    summary = summary_of(take)
    assert (summary.end_frame, summary.played, summary.lost) == (60_000, 2, 3)
    assert summary.is_complete and not summary.is_torn
    assert summary.sets == (SET, Reference("bowls", "00"))
    assert [show.prelude_s for show in summary.shows] == [120.5, 90.0]


def test_every_float_is_read_back_as_it_was() -> None:
    chance = random.Random(4)
    bits = [chance.getrandbits(32) for _ in range(20_000)] + [0, 1 << 31, 1, 0x007FFFFF, 0x3DCCCCCD, 0x4E6E6B28]
    for word in bits:
        value = np.frombuffer(struct.pack("<I", word), np.float32)[0]
        if np.isfinite(value):
            back = np.float32(json.loads(number(value)))
            assert back == value and np.signbit(back) == np.signbit(value), hex(word)


def test_lines_are_short() -> None:
    assert command_line(command(7, STRIKE, 0.7, 0.0, 1.0)) == b"[7,1,0,0,0.7,0,1]\n"
    assert command_line(command(8, MIDI, 144, 60, 0, 3, sphere=-1, source=2)) == b"[8,33,-1,2,144,60,0,3]\n"
    assert command_line(command(9, 9, sphere=-1)) == b"[9,9,-1]\n"
    assert command_line(command(9, STRIKE, -0.0)) == b"[9,1,0,0,-0.0]\n"
    assert command_line(command(9, INSTALL, 5, sphere=-1)) == b"[9,34,-1]\n"


def test_a_torn_last_line_is_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.take")
    whole = path.read_bytes()
    start = len(header_line(HEADER))
    for cut in range(start, len(whole)):
        path.write_bytes(whole[:cut])
        take = Take(path)
        summary = summary_of(take)
        assert summary.is_torn == (whole[cut - 1 : cut] != b"\n")
        assert not summary.is_complete
        assert summary.end_frame <= 50_000
    path.write_bytes(whole[:start])
    assert summary_of(Take(path)).end_frame == HEADER.frame


def test_a_header_that_is_cut_short_is_no_take(tmp_path: Path) -> None:
    path, header = tmp_path / "a.take", header_line(HEADER)
    for cut in range(len(header)):
        path.write_bytes(header[:cut])
        with pytest.raises(ConfigError, match=r"a\.take"):
            Take(path)


def edited(**changes: object) -> bytes:
    return object_line({**json.loads(header_line(HEADER)), **changes})


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (b"hello\n", "line 1: expected a JSON value, found 'hello'"),
        (b"MThd\0\0\0\6\n", "line 1"),
        (b"[1,2]\n", "an object"),
        (b"\xff\xfe{}\n", "a JSON value"),
        (b'{"format":"something"}\n', "sonic-weaver take"),
        (edited(version=2), "version to be 1, found 2"),
        (edited(version=True), "version"),
        (edited(seed=-1), "seed"),
        (edited(seed=1.5), "seed"),
        (edited(sample_rate=8000), "44100 to 192000"),
        (edited(sample_rate="48000"), "sample_rate"),
        (edited(frame=-1), "frame"),
        (edited(set="auditorium"), "set to be an object"),
        (edited(set={"source": "a\0b", "sha256": ""}), r"set\.source to be text"),
        (edited(set={"sha256": ""}), r"set\.source to be there, found nothing"),
        (edited(midi={"mode": None, "tuning": None, "kbm": None, "sha256": ""}), r"midi\.mode"),
        (edited(parameters={"level_db": "loud"}), r"parameters\.level_db"),
        (edited(show=[1]), "show"),
        (edited(show={"source": "a", "sha256": "", "prelude_s": -1, "state": ""}), r"prelude_s"),
        (edited(show={"source": "a", "sha256": "", "prelude_s": 60, "state": "?"}), r"state to be base64"),
        (edited(provenance={"weaver": 3}), r"provenance\.weaver"),
        (header_line(HEADER).replace(b"44100.0", b"1e999"), "sample_rate"),
        (header_line(HEADER).replace(b"44100.0", b"NaN"), "JSON"),
        (header_line(HEADER).replace(b"auditorium", b"\\ud800"), r"set\.source"),
        (b'{"format":' * 100_000 + b"\n", "JSON"),
        (b"x" * (2 << 20), "at most"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, header: bytes, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        Take(written(tmp_path / "a.take", header=header))


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"\n", "JSON"),
        (b"oops\n", "JSON"),
        (b"null\n", "a command, an object or the clock"),
        (b"true\n", "clock"),
        (b"1.5\n", "clock"),
        (b"100\n", "clock"),
        (b"99999999999999999999\n", "clock"),
        (b"9" * 5000 + b"\n", "JSON"),
        (b"[]\n", "frame, kind, sphere"),
        (b"[300,1,0,0,1,2,3,4,5]\n", "frame, kind, sphere"),
        (b"[100,1]\n", "not before"),
        (b"[300,99]\n", "kind"),
        (b"[300,0]\n", "kind"),
        (b'[300,"strike"]\n', "kind"),
        (b"[300,1,-2]\n", "sphere"),
        (b"[300,1,0,1e9]\n", "port"),
        (b"[300,1,0,0,NaN]\n", "JSON"),
        (b"[300,1,0,0,1e10]\n", "value"),
        (b"[300,1,0,0,true]\n", "value"),
        (b"[300,34,-1]\n", "line of a set or show"),
        (b'{"set":{"source":"bowls","sha256":""}}\n300\n', "belongs to"),
        (b'{"set":{"source":"bowls","sha256":""}}\n[300,1]\n', "line of a set or show"),
        (b'{"set":{"source":"bowls","sha256":""}}\n[300,36,-1]\n', "line of a set or show"),
        (b'{"set":7}\n', "set to be an object"),
        (b'{"lost":0}\n', "lost"),
        (b'{"end":3}\n', "end"),
        (b'{"else":3}\n', "end to be there"),
        (b'{"end":300}\n', "nothing after the end"),
    ],
)
def test_nonsense_in_the_middle_is_named_with_its_line(tmp_path: Path, line: bytes, word: str) -> None:
    take = Take(written(tmp_path / "a.take", [*LINES[:2], line, *LINES[2:]]))
    with pytest.raises(ConfigError, match=rf"a\.take: line [45]: .*{word}"):
        summary_of(take)


def test_mangled_bytes_are_read_or_refused(tmp_path: Path) -> None:
    whole = header_line(HEADER) + b"".join(LINES)
    chance, path, refused = random.Random(9), tmp_path / "a.take", 0
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data))
            what = chance.randrange(4)
            if what == 0:
                data[at] = chance.randrange(256)
            elif what == 1:
                del data[at : at + chance.randrange(1, 30)]
            elif what == 2:
                data[at:at] = bytes(chance.choices(b'[]{}",:-.e019\n\xff\0', k=chance.randrange(1, 8)))
            else:
                data[at:at] = data[chance.randrange(len(data)) :][:40]
        path.write_bytes(data)
        try:
            assert summary_of(Take(path)).end_frame >= 0
        except ConfigError as error:
            assert "a.take" in str(error)
            assert len(str(error)) < 400
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize("name", ["missing.take", "", "a\0b", "\ud800"])
def test_what_is_not_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        Take(tmp_path / name)


def test_a_take_is_known_by_name_or_content(tmp_path: Path) -> None:
    assert is_take(tmp_path / "missing.TAKE")
    assert is_take(written(tmp_path / "evening"))
    (tmp_path / "song.mid").write_bytes(b"MThd")
    assert not is_take(tmp_path / "song.mid")
    assert not is_take(tmp_path / "missing.mid")
