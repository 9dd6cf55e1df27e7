"""OSC packets as bytes and back (Open Sound Control 1.0), strictly.

The gate that bytes from a network have to pass (sizes, depth, padding, types, characters, finite numbers) has walked
through the whole packet when it is done, so it is the parser too. A packet is taken whole or not at all.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable
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
MAX_DEPTH, MAX_MESSAGES = 4, 256
"""Bundles within bundles, and messages of a packet, at most."""
AT_ONCE = 1
"""The time tag that says: now."""

_BUNDLE = b"#bundle\0"
_BUNDLE_HEAD = struct.Struct(">8sQ")
_SIZE = struct.Struct(">i")
_FORMATS = {"i": "i", "h": "q", "f": "f", "d": "d"}
_NUMBERS = {tag: struct.Struct(f">{format}") for tag, format in _FORMATS.items()}
_WORDS = {"c": 4, "r": 4, "m": 4, "t": 8}
"""Bytes of what nobody here has a use for: a character, a colour, a MIDI message, a time."""
_CONSTANTS: dict[str, bool | None] = {"T": True, "F": False, "N": None, "I": True}
_heads: dict[bytes, tuple[str, struct.Struct]] = {}
"""Addresses and types, as bytes, that were found good where there are numbers only: fingers repeat themselves."""
_MAX_HEADS, _MAX_HEAD_ARGUMENTS = 1024, 16


@dataclass(frozen=True, slots=True)
class OscMessage:
    """An address and its arguments: int of i and h, float of f and d, str of s and S, bytes of b, c, r, m and t, bool
    of T, I and F, None of N."""

    address: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """Messages that take effect at one time: AT_ONCE (so does a message by itself), or in 1/2**32 s since 1900."""

    time_tag: int
    messages: tuple[OscMessage, ...]


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


def encode_bundle(packets: Iterable[bytes], time_tag: int = AT_ONCE) -> bytes:
    """A bundle of packets that are encoded already. Raises ProtocolError if it is too long."""
    bundle = bytearray(_BUNDLE_HEAD.pack(_BUNDLE, time_tag))
    for packet in packets:
        bundle += _SIZE.pack(len(packet))
        bundle += packet
    if len(bundle) > MAX_PACKET_BYTES:
        raise ProtocolError("too long")
    return bytes(bundle)


def decode_packet(packet: bytes) -> tuple[Together, ...]:
    """What is in a packet, a message or a bundle, in order; bundles within a bundle stand by themselves.

    Raises ProtocolError, with one of a few reasons, if any of it is not what it should be.
    """
    if not packet.startswith(_BUNDLE):
        return (Together(AT_ONCE, (decode(packet),)),)
    if len(packet) > MAX_PACKET_BYTES:
        raise ProtocolError("too long")
    found: list[Together] = []
    _decode_bundle(packet, 1, MAX_MESSAGES, found)
    return tuple(found)


def _decode_bundle(packet: bytes, depth: int, room: int, found: list[Together]) -> int:
    """Append what is in a bundle: its messages, up to a bundle within it, then that, and so on.

    Returns how many of the messages that there was room for may still come.
    """
    if depth > MAX_DEPTH:
        raise ProtocolError("too deep")
    if len(packet) < _BUNDLE_HEAD.size:
        raise ProtocolError("too short")
    time_tag: int = _BUNDLE_HEAD.unpack_from(packet)[1]
    messages: list[OscMessage] = []
    at = _BUNDLE_HEAD.size
    while at < len(packet):
        if at + _SIZE.size > len(packet):
            raise ProtocolError("too short")
        size: int = _SIZE.unpack_from(packet, at)[0]
        at += _SIZE.size
        if size <= 0 or size % 4 or at + size > len(packet):
            raise ProtocolError("bad size in a bundle")
        element = packet[at : at + size]
        at += size
        if element.startswith(_BUNDLE):
            if messages:
                found.append(Together(time_tag, tuple(messages)))
                messages = []
            room = _decode_bundle(element, depth + 1, room, found)
        else:
            messages.append(decode(element))
            room -= 1
        if room < 0:
            raise ProtocolError("too many messages")
    if messages:
        found.append(Together(time_tag, tuple(messages)))
    return room


def decode(packet: bytes) -> OscMessage:
    """The message in a packet. Raises ProtocolError, with one of a few reasons, for whatever is not exactly one."""
    at = packet.find(b"\0", packet.find(b",")) + 4 & ~3
    known = _heads.get(packet[:at])
    if known is not None and at + known[1].size == len(packet):
        numbers = known[1].unpack_from(packet, at)
        if all(map(math.isfinite, numbers)):
            return OscMessage(known[0], numbers)
    return _decode_strictly(packet)


def _decode_strictly(packet: bytes) -> OscMessage:
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
    head_bytes, arguments = at, []
    for tag in tags[1:]:
        argument, at = _decode_argument(packet, tag, at)
        arguments.append(argument)
    if at != len(packet):
        raise ProtocolError("surplus bytes")
    if len(arguments) <= _MAX_HEAD_ARGUMENTS and _FORMATS.keys() >= set(tags[1:]):
        if len(_heads) >= _MAX_HEADS:
            _heads.clear()
        format = ">" + "".join(_FORMATS[tag] for tag in tags[1:])
        _heads[packet[:head_bytes]] = address, struct.Struct(format)
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
    if tag in ("s", "S"):
        return _text(packet, at)
    if (words := _WORDS.get(tag)) is not None:
        if at + words > len(packet):
            raise ProtocolError("too short")
        return packet[at : at + words], at + words
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
