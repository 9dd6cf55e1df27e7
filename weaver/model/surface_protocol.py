"""Our own surface protocol: what the instrument and a controller built for it say to each other over MIDI.

    F0 7D 53 57  version  type  length  body...  check  F7

7D is the id that MIDI keeps for non-commercial use, 53 57 ("SW") tells us from others who use it. `version` is that of
the message, `length` counts the bytes of the body, and `check` makes the sum of all bytes from 7D to itself a multiple
of 128. No message is longer than MAX_MESSAGE_BYTES. MESSAGES is the one table of what there is; the page in
firmware-notes/sphere-controller/PROTOCOL.md is written from it.

Later versions may add fields at the end of a body, and types. What a reader does not know yet it leaves alone: fields
after those it knows, where the message is of a later version, and whole types (they are ProtocolErrors here, to be
counted and ignored). ask, hello and welcome can be read in any version; all others only up to the reader's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from weaver.model.errors import ProtocolError

VERSION = 1
HEADER = bytes((0xF0, 0x7D, 0x53, 0x57))
SYSEX_END = 0xF7
MAX_MESSAGE_BYTES = 128
"""Small enough for the USB MIDI buffers of small boards."""
_OVERHEAD_BYTES = len(HEADER) + 3 + 2
MAX_BODY_BYTES = MAX_MESSAGE_BYTES - _OVERHEAD_BYTES

ALIVE_EVERY_S = 1.0
"""How often each says that it is there, from welcome to goodbye; a host's identity requests do as well."""
LOST_AFTER_S = 3.5
"""Who has not been heard for so long is gone: three in a row were missed. The host may come back with ask."""

FIRST_NOTE = 36
"""Pads are notes from here on, on channel 1, pad by pad from the left, with velocity and poly pressure."""
FIRST_BUTTON_CC = 102
"""Buttons are control changes from here on, on channel 1: 127 when pressed, 0 when let go."""
MAX_PADS, MAX_BUTTONS = 64, 16
MAX_LIGHTS = 1 << 14
"""As many as two 7-bit bytes can tell apart. Light 0 is the lowest of the leftmost ring; on each ring they are counted
clockwise, then on to the ring to the right."""
LIGHTS_PER_PICTURE = 32
"""Lights in one picture message at most: two rings of sixteen."""
BRIGHTEST = 127
MAX_FIRMWARE_CHARACTERS = 32
UNSPEAKABLE = 0
"""The version of a welcome that says: we have none in common."""

IDENTITY_REQUEST = bytes((0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7))
IDENTITY_REPLY = bytes((0xF0, 0x7E, 0x7F, 0x06, 0x02, 0x7D, 0x53, 0x57, 0x01, 0x00, VERSION, 0, 0, 0, SYSEX_END))
"""What a surface of this protocol answers: id 7D, family 53 57, member 1, and the protocol's version first of the four
version bytes; the firmware's own follow."""

Sender = Literal["host", "device"]
_ANY_VERSION = ("ask", "hello", "welcome")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body. `form` is number (`size_bytes` bytes of 7 bits, the highest first), text (a byte that counts
    its characters, then ASCII), or lights (red, green, blue of 7 bits each, to the end)."""

    name: str
    form: Literal["number", "text", "lights"]
    size_bytes: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Who are you?"""

    FIELDS: ClassVar[tuple[Field, ...]] = ()


@dataclass(frozen=True, slots=True)
class Hello:
    """What a device is."""

    pads: int
    pads_feel: int
    buttons: int
    rings: int
    lights_per_ring: int
    lights_show: int
    firmware: str

    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("pads", "number", 1, f"how many, 0 to {MAX_PADS}"),
        Field("pads_feel", "number", 1, "0 nothing, 1 presses, 2 velocity, 3 velocity and pressure"),
        Field("buttons", "number", 1, f"how many, 0 to {MAX_BUTTONS}"),
        Field("rings", "number", 1, "rings or strips of lights, one for each pad from the left"),
        Field("lights_per_ring", "number", 1, "lights on each"),
        Field("lights_show", "number", 1, "0 nothing, 1 brightness, 2 colours"),
        Field("firmware", "text", 0, f"its name and version, up to {MAX_FIRMWARE_CHARACTERS} characters"),
    )


@dataclass(frozen=True, slots=True)
class Welcome:
    """Which version both shall speak."""

    speak: int = VERSION

    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("speak", "number", 1, f"the version of all that follows, {UNSPEAKABLE} if there is none in common"),
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """Colours of a run of lights."""

    frame: int
    show: int
    first: int
    lights: tuple[tuple[int, int, int], ...]

    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("frame", "number", 1, "number of the picture, the same in all its messages, counted up round 128"),
        Field("show", "number", 1, "1 in the picture's last message: now it appears, all at once; 0 in the others"),
        Field("first", "number", 2, "the first light of the run"),
        Field("lights", "lights", 0, f"red, green, blue of each, up to {LIGHTS_PER_PICTURE} lights"),
    )


@dataclass(frozen=True, slots=True)
class HostAlive:
    """The host is there."""

    FIELDS: ClassVar[tuple[Field, ...]] = ()


@dataclass(frozen=True, slots=True)
class DeviceAlive:
    """The device is there."""

    frame: int
    lost: int

    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("frame", "number", 1, "number of the picture it shows"),
        Field("lost", "number", 1, "messages it could not read, counted up round 128; if it grows, paint anew"),
    )


@dataclass(frozen=True, slots=True)
class HostGoodbye:
    """The host leaves."""

    FIELDS: ClassVar[tuple[Field, ...]] = ()


@dataclass(frozen=True, slots=True)
class DeviceGoodbye:
    """The device leaves."""

    FIELDS: ClassVar[tuple[Field, ...]] = ()


Message = Ask | Hello | Welcome | Picture | HostAlive | DeviceAlive | HostGoodbye | DeviceGoodbye


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of message: its name, number, who sends it, how it reads in Python, and what it is for."""

    name: str
    number: int
    sender: Sender
    message: type[Message]
    meaning: str


MESSAGES: tuple[Kind, ...] = (
    Kind("ask", 0x01, "host", Ask, "who are you? The device answers with hello, and forgets any welcome"),
    Kind("welcome", 0x02, "host", Welcome, "answer to hello: which version both speak from now on"),
    Kind("picture", 0x03, "host", Picture, "colours of a run of lights; what is not told stays as it is"),
    Kind("alive", 0x04, "host", HostAlive, "every second; a device that was not welcomed answers with hello"),
    Kind("goodbye", 0x05, "host", HostGoodbye, "the host leaves: the device looks idle"),
    Kind("hello", 0x41, "device", Hello, "once when it starts, and when asked: what it is"),
    Kind("alive", 0x44, "device", DeviceAlive, "every second while it is welcome"),
    Kind("goodbye", 0x45, "device", DeviceGoodbye, "its firmware ends; it starts again with hello"),
)
"""Hosts' types are below 0x40 and devices' above, so that who hears its own words knows them."""

_BY_NUMBER = {kind.number: kind for kind in MESSAGES}
_BY_MESSAGE = {kind.message: kind for kind in MESSAGES}


def encode(message: Message, version: int = VERSION) -> bytes:
    """A whole SysEx message. Raises ProtocolError for a value its field has no room for."""
    body = bytearray()
    for field in message.FIELDS:
        body += _encode_field(field, getattr(message, field.name))
    if len(body) > MAX_BODY_BYTES:
        raise ProtocolError(f"a body of {len(body)} bytes, at most {MAX_BODY_BYTES} have room")
    head = bytes((*HEADER, version, _BY_MESSAGE[type(message)].number, len(body)))
    return bytes((*head, *body, -(sum(head[1:]) + sum(body)) & 0x7F, SYSEX_END))


def decode(data: bytes) -> Message:
    """What a whole SysEx message says. Raises ProtocolError, with the reason, for all that is to be ignored."""
    if not is_ours(data):
        raise ProtocolError("not of this protocol")
    version, number, length = data[4], data[5], data[6]
    body = data[7:-2]
    if any(byte > BRIGHTEST for byte in data[1:-1]):
        raise ProtocolError("a byte above 7F")
    if len(body) != length:
        raise ProtocolError("wrong length")
    if sum(data[1:-1]) & 0x7F:
        raise ProtocolError("wrong check")
    kind = _BY_NUMBER.get(number)
    if kind is None:
        raise ProtocolError("unknown type")
    if not version:
        raise ProtocolError("no version")
    if version > VERSION and kind.name not in _ANY_VERSION:
        raise ProtocolError("later version")
    values: dict[str, Any] = {}
    at = 0
    for field in kind.message.FIELDS:
        values[field.name], at = _decode_field(field, body, at)
    if at < len(body) and version <= VERSION:
        raise ProtocolError("surplus bytes")
    return kind.message(**values)


def is_ours(data: bytes) -> bool:
    """Whether a message is framed as this protocol's are, whatever it says."""
    return _OVERHEAD_BYTES <= len(data) <= MAX_MESSAGE_BYTES and data.startswith(HEADER) and data[-1] == SYSEX_END


def answer(hello: bytes) -> Welcome:
    """What the host says to a device's hello: the highest version both speak. Ours is the first there is."""
    return Welcome(min(VERSION, hello[4]) if hello[4] else UNSPEAKABLE)


def _encode_field(field: Field, value: object) -> bytes:
    if field.form == "number" and isinstance(value, int) and 0 <= value < 1 << 7 * field.size_bytes:
        return bytes(value >> 7 * place & 0x7F for place in reversed(range(field.size_bytes)))
    if field.form == "text" and isinstance(value, str) and value.isascii() and len(value) <= MAX_FIRMWARE_CHARACTERS:
        return bytes((len(value), *value.encode("ascii")))
    if field.form == "lights" and isinstance(value, tuple) and len(value) <= LIGHTS_PER_PICTURE:
        colours = [channel for light in value for channel in light]
        if len(colours) == 3 * len(value) and all(0 <= channel <= BRIGHTEST for channel in colours):
            return bytes(colours)
    raise ProtocolError(f"{field.name} has no room for {value!r}")


def _decode_field(field: Field, body: bytes, at: int) -> tuple[object, int]:
    """The value that begins at `at`, and where the next one does."""
    if field.form == "lights":
        if (len(body) - at) % 3 or len(body) - at > 3 * LIGHTS_PER_PICTURE:
            raise ProtocolError("wrong number of lights")
        return tuple((body[i], body[i + 1], body[i + 2]) for i in range(at, len(body), 3)), len(body)
    size_bytes = field.size_bytes
    if field.form == "text":
        size_bytes = body[at] if at < len(body) else 1
        at += 1
    if at + size_bytes > len(body):
        raise ProtocolError("too short")
    part, after = body[at : at + size_bytes], at + size_bytes
    if field.form == "text":
        return part.decode("ascii"), after
    value = 0
    for byte in part:
        value = value << 7 | byte
    return value, after
