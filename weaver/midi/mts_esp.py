"""MTS-ESP, heard: one master in a DAW tunes every instrument of the machine, this one among them.

A client of ODDSound's library, by the package mtsespy (the extra `[mts]`) and the library libMTS, which comes with
every master. Where either is missing nothing is followed, and nothing else changes. Protocol: libMTSClient.h of
github.com/ODDSound/MTS-ESP, which wants clients to ask again and again while they sound.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from weaver.model.errors import DeviceError
from weaver.model.units import PLAYABLE_HZ

PERIOD_S = 0.05
"""Between two looks: a master's knob is followed in steps too fine to be heard as such."""
ONE_TUNING = -1
"""In place of a channel: whoever knows no channels gets the tuning that is meant for all."""
PACKAGE = "mtsespy"


class Library(Protocol):
    """What is used of mtsespy; a client is whatever `register_client` returns."""

    def has_ipc(self) -> bool:
        """Whether libMTS is there, and reaches masters in other programs."""

    def register_client(self) -> Any:
        """Come in."""

    def deregister_client(self, client: Any) -> None:
        """Leave."""

    def has_master(self, client: Any) -> bool:
        """Whether anybody tunes."""

    def note_to_frequency(self, client: Any, midinote: int, midichannel: int) -> float:
        """In hertz."""

    def should_filter_note(self, client: Any, midinote: int, midichannel: int) -> bool:
        """Whether the master wants the note not to be played."""

    def get_scale_name(self, client: Any) -> str:
        """As the master calls it; UnicodeDecodeError where that is no UTF-8."""


def load_library() -> Library:
    """The package, ready to be used. Raises DeviceError, which says what is missing."""
    try:
        library = cast(Library, import_module(PACKAGE))
        reaches = library.has_ipc()
    except Exception as error:  # a broken build must not cost more than a missing one
        raise DeviceError(f"MTS-ESP is not followed: no package {PACKAGE} (pip install 'sonic-weaver[mts]')") from error
    if not reaches:
        raise DeviceError("MTS-ESP is not followed: no libMTS here that reaches other programs (a master brings it)")
    return library


class MtsEsp:
    """Follows a master while there is one; then gives back the tuning that was there before.

    Nothing here raises. `note` says in words whose tuning it is while that is a master's, else it is empty.
    """

    def __init__(
        self,
        tune: Callable[[int, float], bool],
        own_hz: Sequence[float],
        load: Callable[[], Library] = load_library,
    ) -> None:
        """
        Parameters
        ----------
        tune : gives a MIDI note a pitch in hertz, 0 for none; False if it has to be tried again
        own_hz : the tuning of the instrument itself, of all notes
        """
        self.note = ""
        self.trouble = ""
        """Why no master will ever be followed; empty if one may."""
        self._tune = tune
        self._own = tuple(map(float, own_hz))
        self._told = dict(enumerate(self._own))
        self._is_led = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        try:
            self._library = load()
        except DeviceError as missing:
            self.trouble = str(missing)
            return
        self._thread = threading.Thread(target=self._run, name="mts-esp", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leave the master; notes stay tuned as they are. A second call does nothing."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        client = self._library.register_client()
        try:
            while True:
                self._look(client)
                if self._stopping.wait(PERIOD_S):
                    return
        finally:
            self._library.deregister_client(client)

    def _look(self, client: Any) -> None:
        """Tell what has changed. A master that comes or goes changes everything: others may have tuned meanwhile."""
        is_led = self._library.has_master(client)
        if is_led != self._is_led:
            self._is_led = is_led
            self._told.clear()
        wanted = [self._asked(client, note) for note in range(len(self._own))] if is_led else self._own
        for note, hz in enumerate(wanted):
            if self._told.get(note) != hz and self._tune(note, hz):
                self._told[note] = hz
        self.note = f"tuned by MTS-ESP{self._scale(client)}" if is_led else ""

    def _asked(self, client: Any, note: int) -> float:
        """What the master has a note be; 0 where it is not to be played, or nobody could hear it."""
        if self._library.should_filter_note(client, note, ONE_TUNING):
            return 0.0
        hz = self._library.note_to_frequency(client, note, ONE_TUNING)
        return hz if PLAYABLE_HZ[0] <= hz <= PLAYABLE_HZ[1] else 0.0

    def _scale(self, client: Any) -> str:
        try:
            name = self._library.get_scale_name(client)
        except UnicodeDecodeError:
            return ""
        shown = "".join(letter for letter in name if letter.isprintable())
        return f": {shown}" if shown else ""
