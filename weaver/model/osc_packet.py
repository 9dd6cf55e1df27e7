"""OSC messages as bytes and back (Open Sound Control 1.0), one message to a packet, and strictly.

The gate that bytes from a network have to pass (sizes, padding, types, characters, finite numbers) has walked through
the whole message when it is done, so it is the parser too. Bundles are refused: nobody we speak to sends them so far.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass

from weaver.model.errors import ProtocolError

MAX_PACKET_BYTES = 8192
MAX_ADDRESS_CHARACTERS = 255
MAX_ARGUMENTS = 128
"""Above the longest that is of use: 64 levels of a monome and their place."""

Argument = int | float | str | bytes | bool | None

_ADDRESS = re.compile(r"(?:/[!\"$-)+\-.0-Z\\^-z|~]+)+")
"""Parts of printable ASCII but for space and the signs of patterns: # * , / ? [ ] { }"""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BUNDLE = b"#bundle\0"
_NUMBERS = {"i": struct.Struct(">i"), "h": struct.Struct(">q"), "f": struct.Struct(">f"), "d": struct.Struct(">d")}
_CONSTANTS: dict[str, bool | None] = {"T": True, "F": False, "N": None}


@dataclass(frozen=True, slots=True)
class OscMessage:
    """An address and its arguments: int of i and h, float of f and d, str of s, bytes of b, bool of T and F, None of
    N."""

    address: str
    arguments: tuple[Argument, ...] = ()


def encode(address: str, *arguments: Argument) -> bytes:
    """A packet. int as i, float as f, str as s, bytes as b, bool as T or F, None as N. Raises ProtocolError."""
    if len(address) > MAX_ADDRESS_CHARACTERS or not _ADDRESS.fullmatch(address):
        raise ProtocolError("bad address")
    if len(arguments) > MAX_ARGUMENTS:
        raise ProtocolError("too many arguments")
    tags, body = ",", bytearray()
    for argument in arguments:
        tag, data = _encode_argument(argument)
        tags += tag
        body += data
    packet = _padded(address.encode("ascii") + b"\0") + _padded(tags.encode("ascii") + b"\0") + bytes(body)
    if len(packet) > MAX_PACKET_BYTES:
        raise ProtocolError("too long")
    return packet


def decode(packet: bytes) -> OscMessage:
    """The message in a packet. Raises ProtocolError, with one of a few reasons, for whatever is not exactly one."""
    if len(packet) > MAX_PACKET_BYTES:
        raise ProtocolError("too long")
    if packet.startswith(_BUNDLE):
        raise ProtocolError("a bundle")
    if len(packet) % 4 or not packet:
        raise ProtocolError("not a multiple of four bytes")
    address, at = _text(packet, 0)
    if len(address) > MAX_ADDRESS_CHARACTERS or not _ADDRESS.fullmatch(address):
        raise ProtocolError("bad address")
    tags, at = _text(packet, at)
    if not tags.startswith(","):
        raise ProtocolError("no types")
    if len(tags) - 1 > MAX_ARGUMENTS:
        raise ProtocolError("too many arguments")
    arguments = []
    for tag in tags[1:]:
        argument, at = _decode_argument(packet, tag, at)
        arguments.append(argument)
    if at != len(packet):
        raise ProtocolError("surplus bytes")
    return OscMessage(address, tuple(arguments))


def _encode_argument(argument: Argument) -> tuple[str, bytes]:
    if isinstance(argument, bool) or argument is None:
        return {True: "T", False: "F", None: "N"}[argument], b""
    try:
        if isinstance(argument, int):
            return "i", _NUMBERS["i"].pack(argument)
        if isinstance(argument, float) and math.isfinite(argument):
            return "f", _NUMBERS["f"].pack(argument)
    except (struct.error, OverflowError):
        raise ProtocolError("number out of range") from None
    if isinstance(argument, str) and not _CONTROL.search(argument):
        return "s", _padded(argument.encode("utf-8") + b"\0")
    if isinstance(argument, bytes):
        return "b", _NUMBERS["i"].pack(len(argument)) + _padded(argument)
    raise ProtocolError("bad argument")


def _decode_argument(packet: bytes, tag: str, at: int) -> tuple[Argument, int]:
    """An argument that begins at `at`, and where the next one does."""
    if tag in _CONSTANTS:
        return _CONSTANTS[tag], at
    if (number := _NUMBERS.get(tag)) is not None:
        if at + number.size > len(packet):
            raise ProtocolError("too short")
        value: int | float = number.unpack_from(packet, at)[0]
        if not math.isfinite(value):
            raise ProtocolError("not a finite number")
        return value, at + number.size
    if tag == "s":
        return _text(packet, at)
    if tag == "b":
        size, at = _decode_argument(packet, "i", at)
        assert isinstance(size, int)
        end = at + size
        if size < 0 or end + -end % 4 > len(packet):
            raise ProtocolError("too short")
        if any(packet[end : end + -end % 4]):
            raise ProtocolError("bad padding")
        return packet[at:end], end + -end % 4
    raise ProtocolError("unknown type")


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _text(packet: bytes, at: int) -> tuple[str, int]:
    """The text that begins at `at`, and where it has ended."""
    end = packet.find(b"\0", at)
    if end < 0:
        raise ProtocolError("text without end")
    after = end + 4 - end % 4
    if any(packet[end:after]):
        raise ProtocolError("bad padding")
    try:
        text = packet[at:end].decode("utf-8")
    except UnicodeDecodeError:
        raise ProtocolError("not UTF-8") from None
    if _CONTROL.search(text):
        raise ProtocolError("control characters")
    return text, after
