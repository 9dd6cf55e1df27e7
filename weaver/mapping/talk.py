"""What is said to a controller, and what it says, beside playing and lights. In the file of its profile:

[talk]                             # bytes in hexadecimal, whole messages
enter = ["F0 00 20 29 02 0C 0E 01 F7"]
leave = ["..."]
wake = ["..."]                     # before enter, when it is (back) on the cable
pause_ms = 50                      # after each of enter, leave and wake
ask = ["..."]                      # every two seconds: the answer is a report of a mode that it left silently
alive = ["..."]                    # for devices that want to hear from us: again and again once it is entered,
alive_s = 1.0                      # so often
silent_s = 3.5                     # of devices that say something by themselves: after so long without a word it is
                                   # asleep; 0, if not given: it may be silent for ever
[[talk.reports]]                   # what it says when it has changed mode by itself
match = "F0 47 7F 4F 62 00 01 ?? F7"
unless = "F0 47 7F 4F 62 00 01 00 F7"
note = "it was in Notes mode"      # for the player
[[talk.repaints]]                  # what it says when its lights have to be told anew
match = "F0 7D 53 57 01 44 02"
place = 1                          # only if this byte, counted from 0 after `match`, has changed; always, if not given
[[talk.rewrites]]                  # a setting of its own that has to be another while we play
ask = "F0 42 40 00 01 13 00 1F 10 00 F7"           # when it is entered: it answers with all its settings,
match = "F0 42 40 00 01 13 00 7F 7F 02 03 05 40"   # which begin so,
place = 3                          # and this byte of them, counted from 0 after `match`,
value = 1                          # has to be so. They are sent back with it, and as they were when it is left
[talk.positions]                   # a message that tells where controls of a group stand
match = "F0 47 7F 4F 61 00 ?? ??"  # the positions follow
group = "faders"
"""

from __future__ import annotations

from dataclasses import dataclass

Bytes = tuple[int, ...]
"""A message, or a pattern of one: ANY stands for any byte."""
ANY = -1


def fits(pattern: Bytes, data: bytes) -> bool:
    """Whether a message begins as the pattern says."""
    return len(data) >= len(pattern) and all(want in (ANY, got) for want, got in zip(pattern, data, strict=False))


@dataclass(frozen=True, slots=True)
class Report:
    """What a device says of its own accord: `match`, but not `unless`, means that it has to be entered again."""

    match: Bytes
    unless: Bytes | None
    note: str


@dataclass(frozen=True, slots=True)
class Repaint:
    """What a device says when its lights may show anything: `match`, and if there is a `place`, another byte there
    (after `match`) than the last time."""

    match: Bytes
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`ask` has a device say a message that begins with `match`; it is said back with `value` at `place` (after
    `match`), and as it was when the device is left."""

    ask: bytes
    match: Bytes
    place: int
    value: int


@dataclass(frozen=True, slots=True)
class Positions:
    """After `match` a message tells where the controls of `group` stand, a byte (0 to 127) each."""

    match: Bytes
    group: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said to a device, and what it says. `pause_s` after each message, but for `ask` and `alive`."""

    enter: tuple[bytes, ...] = ()
    leave: tuple[bytes, ...] = ()
    wake: tuple[bytes, ...] = ()
    pause_s: float = 0.0
    reports: tuple[Report, ...] = ()
    positions: Positions | None = None
    ask: tuple[bytes, ...] = ()
    alive: tuple[bytes, ...] = ()
    alive_s: float = 1.0
    silent_s: float = 0.0
    repaints: tuple[Repaint, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
