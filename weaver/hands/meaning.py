"""What a device's messages mean, by its profile, beside what they play."""

from __future__ import annotations

from collections.abc import Iterator

from weaver.mapping.profile import Profile
from weaver.mapping.talk import Repaint, fits

NOTE_ON = 0x90


def reply_of(data: bytes) -> bytes | None:
    """What follows F0 7E nn 06 02 in an identity reply, without the F7; None for any other message."""
    if len(data) > 6 and data[:2] == b"\xf0\x7e" and data[3:5] == b"\x06\x02":
        return data[5:].removesuffix(b"\xf7")
    return None


def is_by_identity(profile: Profile, answer: bytes) -> bool:
    """Whether what follows in an identity reply is what the profile's device says."""
    identity = profile.ports.identity
    return identity is not None and fits(identity, answer)


def is_strange(profile: Profile, data: bytes) -> bool:
    """Whether a message is a note that the device has no pad for, nor keys, and nobody has taught it."""
    if len(data) < 3 or data[0] & 0xF0 != NOTE_ON or not data[2] or profile.notes == "mode":
        return False
    channel, number = data[0] & 0x0F, data[1]
    if any(b.message == "note" and b.number == number and b.channel in (None, channel) for b in profile.controls):
        return False
    controls = [control for group in profile.groups for control in group.controls]
    notes = {(control.channel, control.number) for control in controls if control.message == "note"}
    touches = {(0, control.touch) for control in controls if control.touch is not None}
    return bool(notes) and (channel, number) not in notes | touches


def positions(profile: Profile, data: bytes) -> Iterator[bytes]:
    """Where its controls stand, if a message says so, as the messages that they themselves would send."""
    told = profile.talk.positions
    if told is None or not fits(told.match, data):
        return
    stand = data[len(told.match) :].removesuffix(b"\xf7")
    for group in profile.groups:
        if group.name != told.group:
            continue
        for control, value in zip(group.controls, stand, strict=False):
            if control.message == "cc":
                yield bytes((0xB0 | control.channel, control.number, value & 0x7F))
            elif control.message == "bend":
                yield bytes((0xE0 | control.channel, value & 0x7F, value & 0x7F))


class Losses:
    """Listens for what a device says when its lights have to be told anew."""

    def __init__(self) -> None:
        self._last: dict[Repaint, int] = {}

    def hear(self, profile: Profile, data: bytes) -> bool:
        """Whether this is such a message."""
        return any([self._tells(repaint, data) for repaint in profile.talk.repaints if fits(repaint.match, data)])

    def _tells(self, repaint: Repaint, data: bytes) -> bool:
        if repaint.place is None:
            return True
        at = len(repaint.match) + repaint.place
        if at >= len(data):
            return False
        last = self._last.get(repaint)
        self._last[repaint] = data[at]
        return last is not None and last != data[at]

    def forget(self) -> None:
        """It counts anew."""
        self._last.clear()
