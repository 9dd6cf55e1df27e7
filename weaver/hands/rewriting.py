"""Settings of a device's own that have to be others while we play: read from it, said back with a change, put back."""

from __future__ import annotations

from collections.abc import Iterable

from weaver.mapping.talk import Rewrite, fits


class Rewriting:
    """Of one device; it may be handed on when that comes back."""

    def __init__(self) -> None:
        self._awaited: list[Rewrite] = []
        self._originals: dict[Rewrite, bytes] = {}

    @property
    def originals(self) -> tuple[bytes, ...]:
        """What puts back all that was changed."""
        return tuple(self._originals.values())

    def ask(self, rewrites: Iterable[Rewrite]) -> tuple[bytes, ...]:
        """What to ask, to be told how it is now."""
        self._awaited = list(rewrites)
        return tuple(rewrite.ask for rewrite in self._awaited)

    def hear(self, data: bytes) -> bytes | None:
        """What to say to a message: if it is an answer that has to be changed, that with the change. None else."""
        for rewrite in self._awaited:
            if fits(rewrite.match, data) and len(data) > _at(rewrite) + 1:
                self._awaited.remove(rewrite)
                return self._answer(rewrite, data)
        return None

    def _answer(self, rewrite: Rewrite, data: bytes) -> bytes | None:
        changed = _changed(rewrite, data)
        if changed != data:
            self._originals[rewrite] = data
            return changed
        if rewrite in self._originals and _changed(rewrite, self._originals[rewrite]) != data:
            del self._originals[rewrite]  # the player has changed more since, and what was is no longer wanted
        return None


def _at(rewrite: Rewrite) -> int:
    return len(rewrite.match) + rewrite.place


def _changed(rewrite: Rewrite, data: bytes) -> bytes:
    at = _at(rewrite)
    return bytes((*data[:at], rewrite.value, *data[at + 1 :]))
