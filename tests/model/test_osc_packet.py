"""OSC messages: what goes in comes out, peers of other makers agree, and nothing hostile gets through."""

from __future__ import annotations

import math
import os
import random
import socket
import struct
import subprocess

import pytest
from support.eventually import eventually
from support.needed import program

from weaver.model.errors import ProtocolError
from weaver.model.osc_packet import (
    MAX_ADDRESS_CHARACTERS,
    MAX_ARGUMENTS,
    MAX_PACKET_BYTES,
    Argument,
    OscMessage,
    decode,
    encode,
)


def reason(packet: bytes) -> str:
    with pytest.raises(ProtocolError) as refusal:
        decode(packet)
    return str(refusal.value)


def packet(address: bytes, tags: bytes, body: bytes = b"") -> bytes:
    """Whatever it says, padded as a message is."""
    return b"".join(text + bytes(4 - len(text) % 4) for text in (address, tags)) + body


@pytest.mark.parametrize(
    "arguments",
    [(), (1,), (-1, 2**31 - 1, -(2**31)), (0.5, -0.0), ("",), ("abc", "grün"), (b"", b"\0\1\2"), (True, False, None)],
)
def test_what_goes_in_comes_out(arguments: tuple[Argument, ...]) -> None:
    data = encode("/sphere/3/stroke", *arguments)
    assert decode(data) == OscMessage("/sphere/3/stroke", arguments)
    assert len(data) % 4 == 0


def test_the_example_of_the_specification() -> None:
    """OSC 1.0, "Examples": /foo with 1000, -1, "hello", 1.234, 5.678."""
    data = bytes.fromhex("2f666f6f 00000000 2c696973 66660000 000003e8 ffffffff 68656c6c 6f000000 3f9df3b6 40b5b22d")
    assert encode("/foo", 1000, -1, "hello", 1.234, 5.678) == data
    message = decode(data)
    assert message.arguments[:3] == (1000, -1, "hello")
    assert message.arguments[3:] == pytest.approx((1.234, 5.678))


def test_wide_numbers_are_read() -> None:
    data = packet(b"/a", b",hd", struct.pack(">qd", 2**40, 0.1))
    assert decode(data).arguments == (2**40, 0.1)


def test_what_nobody_needs_is_read_over() -> None:
    """A character, a colour, a MIDI message and a time: what comes after them is right."""
    data = packet(b"/a", b",crmtfI", bytes(range(20)) + struct.pack(">f", 0.5))
    four, eight = [bytes(range(at, at + 4)) for at in (0, 4, 8)], bytes(range(12, 20))
    assert decode(data).arguments == (*four, eight, 0.5, True)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a multiple of four bytes"),
        (b"/a\0", "not a multiple of four bytes"),
        (bytes(MAX_PACKET_BYTES + 4), "too long"),
        (b"#bundle\0" + bytes(8) + struct.pack(">i", -4), "a bundle"),
        (b"/abc", "text without end"),
        (packet(b"abc", b","), "bad address"),
        (packet(b"/", b","), "bad address"),
        (packet(b"/a//b", b","), "bad address"),
        (packet(b"/" + b"{,}" * 40, b","), "bad address"),
        (packet(b"/a*", b","), "bad address"),
        (packet(b"/a b", b","), "bad address"),
        (packet(b"/" + b"a" * MAX_ADDRESS_CHARACTERS, b","), "bad address"),
        (packet("/ä".encode(), b","), "bad address"),
        (packet(b"/\xff", b","), "not UTF-8"),
        (packet(b"/a", b",s", b"\xc3\0\0\0"), "not UTF-8"),
        (packet(b"/a", b",s", b"\x1b[2J\0\0\0\0"), "control characters"),
        (packet(b"/a", b"i", bytes(4)), "no types"),
        (b"/a\0\0", "text without end"),
        (b"/a\0x,\0\0\0", "bad padding"),
        (packet(b"/a", b"," + b"T" * (MAX_ARGUMENTS + 1)), "too many arguments"),
        (packet(b"/a", b",[i]", bytes(4)), "unknown type"),
        (packet(b"/a", b",c"), "too short"),
        (packet(b"/a", b",ff", bytes(4)), "too short"),
        (packet(b"/a", b",d", bytes(4)), "too short"),
        (packet(b"/a", b",i", bytes(8)), "surplus bytes"),
        (packet(b"/a", b",f", struct.pack(">f", math.nan)), "not a finite number"),
        (packet(b"/a", b",d", struct.pack(">d", -math.inf)), "not a finite number"),
        (packet(b"/a", b",b", struct.pack(">i", -4)), "too short"),
        (packet(b"/a", b",b", struct.pack(">i", 2**31 - 1)), "too short"),
        (packet(b"/a", b",b", struct.pack(">i", 1) + b"ab\0\0"), "bad padding"),
        (packet(b"/a", b",s", b"abcd"), "text without end"),
    ],
)
def test_the_reason_is_said(data: bytes, why: str) -> None:
    assert reason(data) == why


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("a", ()),
        ("/a{b,c}", ()),
        ("/" + "a" * MAX_ADDRESS_CHARACTERS, ()),
        ("/a", (2**31,)),
        ("/a", (1e300,)),
        ("/a", (math.nan,)),
        ("/a", ("a\0b",)),
        ("/a", ("x" * MAX_PACKET_BYTES,)),
        ("/a", (1,) * (MAX_ARGUMENTS + 1)),
        ("/a", ([1],)),
    ],
)
def test_what_cannot_be_said_is_refused(address: str, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(ProtocolError):
        encode(address, *arguments)


def test_hostile_bytes_are_read_exactly_or_refused() -> None:
    """Damaged messages: nothing else is raised, and what is read can be said again in no more bytes."""
    chance = random.Random(11)
    whole = [
        encode("/sphere/3/stroke", 0.25, "text", 7, b"blob", True),
        encode("/a", *range(66)),
        encode("/b", "x" * 40),
    ]
    refused: set[str] = set()
    for _ in range(20_000):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data) or 1)
            data = data or bytearray(4)
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + 4]
                case 2:
                    data[at:at] = chance.randbytes(4)
                case 3:
                    data = data[: at + 1]
        try:
            message = decode(bytes(data))
        except ProtocolError as error:
            refused.add(str(error))
        else:
            lengths = 4 * sum(isinstance(argument, bytes) for argument in message.arguments)  # of what was no blob
            assert len(encode(message.address, *message.arguments)) <= len(data) + lengths
    assert len(refused) > 8


def test_liblo_speaks_as_we_read() -> None:
    oscsend = program("oscsend", "liblo-tools")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind(("127.0.0.1", 0))
        ours.settimeout(10)
        arguments = ["ifsdhTFN", "-3", "0.5", "sphere", "0.1", "1099511627776"]
        subprocess.run([oscsend, "127.0.0.1", str(ours.getsockname()[1]), "/a/b", *arguments], check=True)
        message = decode(ours.recv(MAX_PACKET_BYTES))
    assert message == OscMessage("/a/b", (-3, 0.5, "sphere", 0.1, 1 << 40, True, False, None))


def test_liblo_reads_as_we_speak() -> None:
    oscdump = program("oscdump", "liblo-tools")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen([oscdump, "-L", str(port)], stdout=subprocess.PIPE, text=True) as dump:
        assert dump.stdout is not None
        os.set_blocking(dump.stdout.fileno(), False)
        try:
            line = heard_by(dump, port, encode("/a/b", -3, 0.5, "sphere", b"\1\2", True, False, None))
        finally:
            dump.terminate()
    assert line.split(maxsplit=1)[1].strip() == '/a/b ifsbTFN -3 0.500000 "sphere" [2b 0x1 0x2] #T #F Nil'


def heard_by(dump: subprocess.Popen[str], port: int, data: bytes) -> str:
    """Say it until it is heard: the peer takes a moment to listen."""
    lines: list[str] = []

    def said() -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
            ours.sendto(data, ("127.0.0.1", port))
        assert dump.stdout is not None
        lines.append(dump.stdout.readline())
        return "/a/b" in lines[-1]

    assert eventually(said), lines
    return lines[-1]
