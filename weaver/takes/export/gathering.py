"""What a replay says while it is rendered cell by cell: messages that leave, the song's time, and what happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from weaver.engine.engine import Engine
from weaver.life.notices import PHASE, STATE_CHANGED
from weaver.model.law import STATES
from weaver.model.midi_out import Form, PlayOut
from weaver.model.show import PHASES, Show
from weaver.model.spheres import Sphere, SphereSet
from weaver.takes.export.reader import read_midi
from weaver.takes.export.song import Marker, Message, Song, Stem
from weaver.takes.export.tempo import TempoKeeper
from weaver.takes.stem_files import stem_names
from weaver.takes.take import Command, Header, Reference

Words = Callable[[Show, np.void], str]
"""What a notice says of a show's incidents; "" for others (`views.incident_words`)."""
CELLS = 8
"""Between two looks at the ring of MIDI, which holds what leaves in far more."""
GREY = "#808890"
"""Of stems that are no sphere's."""


class Gathering:
    """Listens to an engine that stands at a take's beginning."""

    def __init__(self, engine: Engine, header: Header, form: Form) -> None:
        """From now on the engine says what it plays, what a DAW played into it among it."""
        engine.outward.play(PlayOut(form, echoes=True))
        self._engine, self._header, self._form = engine, header, form
        self._transport = engine.state.transport
        self._cells = 0
        self._messages: list[Message] = []
        self._tempo = TempoKeeper()
        self._rolls: list[Marker] = []
        self._is_rolling = False
        self._notices: list[np.void] = []
        self._brought: list[Command] = []

    def hear(self, command: Command) -> None:
        """A command has been played (`replay.Hear`)."""
        if command.brought is not None:
            self._brought.append(command)

    def take(self) -> None:
        """A cell has been rendered: follow the song's time, and take what is said."""
        self._cells += 1
        if self._cells % CELLS == 0:
            self._take_midi()
        self._notices += [notice.copy() for notice in self._engine.notices()]
        transport = self._transport
        time_s, bpm = self._seconds(int(transport.frame)), float(transport.bpm)
        self._tempo.tell(time_s, int(transport.source), bpm, float(transport.pulse))
        if bool(transport.rolling) != self._is_rolling:
            self._is_rolling = not self._is_rolling
            words = f"rolls from beat {max(float(transport.beat), 0.0):.2f}" if self._is_rolling else "stands"
            self._rolls.append(Marker(time_s, f"the song {words}"))

    def _take_midi(self) -> None:
        for event in self._engine.outward.take_midi():
            data = bytes(event["data"][: event["size"]])
            self._messages.append(Message(self._seconds(int(event["frame"])), data))

    def song(
        self,
        title: str,
        length_frames: int,
        spheres: SphereSet,
        sets: Mapping[str, SphereSet],
        shows: Mapping[str, Show],
        words: Words,
    ) -> Song:
        """What was gathered. `spheres` is the largest of the take's `sets`, which like `shows` are by their sources."""
        self._take_midi()
        length_s = length_frames / self._header.sample_rate
        names = [sphere.name for sphere in spheres.spheres]
        reading = read_midi(self._messages, self._form, length_s, names)
        markers = [*self._rolls, *self._happened(sets, shows, words)]
        return Song(
            title=title,
            length_s=length_s,
            sample_rate=self._header.sample_rate,
            form=self._form,
            tempo=self._tempo.map(),
            messages=tuple(reading.messages),
            notes=tuple(reading.notes),
            lanes=tuple(reading.lanes),
            markers=tuple(sorted(markers, key=lambda marker: marker.time_s)),
            stems=stems_of(spheres),
        )

    def _seconds(self, frame: int) -> float:
        return (frame - self._header.frame) / self._header.sample_rate

    def _happened(self, sets: Mapping[str, SphereSet], shows: Mapping[str, Show], words: Words) -> list[Marker]:
        """Changes of set, phases and incidents of shows, and every change of a sphere's state."""
        markers = []
        on_stage = sets[self._header.set.source]
        show = shows[self._header.show[0].source] if self._header.show else None
        brought = list(self._brought)
        for notice in self._notices:
            while brought and brought[0].frame <= int(notice["frame"]):
                on_stage, show = _bring(brought.pop(0), on_stage, show, sets, shows)
            if text := _text(notice, on_stage.spheres, show, words):
                markers.append(Marker(max(self._seconds(int(notice["frame"])), 0.0), text))
        for command in self._brought:
            if isinstance(command.brought, Reference):
                markers.append(Marker(self._seconds(command.frame), f"set {sets[command.brought.source].title}"))
        return markers


def stems_of(spheres: SphereSet) -> tuple[Stem, ...]:
    """Every stem there is of a set."""
    names = [sphere.name for sphere in spheres.spheres] + ["Audience", "Room"]
    colours = [sphere.colour for sphere in spheres.spheres] + [GREY, GREY]
    return tuple(map(Stem, names, colours, stem_names(spheres)))


def _bring(
    command: Command,
    on_stage: SphereSet,
    show: Show | None,
    sets: Mapping[str, SphereSet],
    shows: Mapping[str, Show],
) -> tuple[SphereSet, Show | None]:
    """The set and the show after what a command has brought."""
    if isinstance(command.brought, Reference):
        return sets[command.brought.source], show
    return on_stage, show if command.brought is None else shows[command.brought.source]


def _text(notice: np.void, spheres: Sequence[Sphere], show: Show | None, words: Words) -> str:
    kind = int(notice["kind"])
    if kind == STATE_CHANGED and int(notice["sphere"]) < len(spheres):
        return f"{spheres[int(notice['sphere'])].name} {STATES[int(notice['values'][0])]}"
    if kind == PHASE:
        return PHASES[int(notice["values"][0])]
    return "" if show is None else words(show, notice)
