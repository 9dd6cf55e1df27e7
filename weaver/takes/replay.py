"""A take played again: an engine that begins as the one it was recorded from, and is told the same at the same frames.

The sound is that of the heart, the very machine code that every host plays, so it is what was heard, bit for bit,
wherever code, machine and tables are those that the take names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from weaver.engine.engine import Engine
from weaver.engine.hosts.heart import Block
from weaver.model.errors import ConfigError
from weaver.model.law import Law
from weaver.model.parameters import INDEX
from weaver.model.show import Show
from weaver.model.spheres import SphereSet
from weaver.takes.offline import AT_ONCE
from weaver.takes.take import Command, End, Header, Lost, Reference, ShowReference, Take, is_played

Hear = Callable[[Command], None]


def ignore(command: Command) -> None:
    """Hear a command, and think nothing of it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a whole take has in it. `sets` and `shows` are all there were, in order; `played` counts what was played."""

    end_frame: int
    played: int
    lost: int
    is_complete: bool
    is_torn: bool
    sets: tuple[Reference, ...]
    shows: tuple[ShowReference, ...]


def summary_of(take: Take) -> Summary:
    """Read a take from its start to its end. Raises ConfigError for the first thing wrong in it."""
    end, played, lost, is_complete = take.header.frame, 0, 0, False
    sets, shows = [take.header.set], [take.header.show[0]] if take.header.show else []
    for event in take.events():
        if isinstance(event, Lost):
            lost += event.commands
            continue
        end = event.frame
        is_complete = isinstance(event, End)
        if isinstance(event, Command):
            played += is_played(event.kind, event.values[0])
            if isinstance(event.brought, Reference):
                sets.append(event.brought)
            elif event.brought is not None:
                shows.append(event.brought)
    return Summary(
        end, played, lost, is_complete, take.is_torn, tuple(dict.fromkeys(sets)), tuple(dict.fromkeys(shows))
    )


class Library(NamedTuple):
    """What a take names, by the sources that it gives."""

    sets: Mapping[str, SphereSet]
    shows: Mapping[str, Show]


def engine_for(header: Header, spheres: SphereSet, midi_map: np.record, law: Law) -> Engine:
    """An engine that stands as the recorded one stood. A parameter the take does not know is as the set has it."""
    engine = Engine(spheres, midi_map, header.sample_rate, header.seed, law)
    targets = engine.state.target.copy()
    for name, value in header.parameters.items():
        if name in INDEX:
            targets[INDEX[name]] = value
    engine.resume(header.frame, targets, header.show[1] if header.show else None)
    return engine


def replay(
    engine: Engine,
    take: Take,
    end_frame: int,
    library: Library,
    block_frames: int,
    hear: Hear = ignore,
) -> Iterator[NDArray[np.float32]]:
    """Play a take to an engine from `engine_for`, up to its end.

    Parameters
    ----------
    library : all sets and shows of its summary
    block_frames : int
        The most that is rendered at once; every multiple of it ends a block, whatever cuts one before.
    hear : called with every command once its block has been rendered

    Yields
    ------
    float32[frames, 2], at most `block_frames` long; valid until the next one
    """
    block = Block(engine.state, block_frames)
    coming = _Coming(take)
    now = int(engine.state.frame)
    while now < end_frame:
        until = min(now - now % block_frames + block_frames, end_frame)
        told: list[Command] = []
        while (command := coming.next) is not None and command.frame < until:
            if len(told) >= AT_ONCE and command.frame > told[-1].frame:
                until = command.frame
            elif command.brought is not None and command.frame > now:
                until = command.frame  # what it brings is made ready when all before it has been done
            else:
                _tell(engine, command, library)
                told.append(command)
                coming.move_on()
                continue
            break
        yield block.render(until - now).T
        for command in told:
            hear(command)
        now = until


class _Coming:
    """The commands that are still to be done; `next` is the first of them."""

    def __init__(self, take: Take) -> None:
        self._events = take.events()
        self.next: Command | None = None
        self.move_on()

    def move_on(self) -> None:
        """To the next one."""
        self.next = next((event for event in self._events if isinstance(event, Command)), None)


def _tell(engine: Engine, command: Command, library: Library) -> None:
    brought = command.brought
    engine.notices()  # of the change of set before this one
    if isinstance(brought, Reference):
        if not engine.change_set(library.sets[brought.source], command.frame):
            raise ConfigError(f"frame {command.frame}", "one change of set at a time", "another before it was done")
    elif brought is None or not engine.begin_show(library.shows[brought.source], brought.prelude_s, command.frame):
        engine.repeat(*command[:5])  # also of a show that was staged before the take began
