"""Commands wait in the state for their frame, in order; at one frame, in order of arrival, but for blows: they come
first, for when a take is played they may arrive later than what was said at their frame."""

from __future__ import annotations

from weaver.dsp.jit import kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.dsp.sizes import COMMANDS, PENDING, RESERVED
from weaver.engine.status import CONTROL, FIRST_MODE_MESSAGE, NOTE_OFF, NOTE_ON
from weaver.model.gestures import BLOW, HAND, INSTALL, LET_GO, MIDI, PANIC, TIME


@kernel
def copy_command(target, source):
    target.frame = source.frame
    target.kind = source.kind
    target.sphere = source.sphere
    target.source = source.source
    for index in range(4):
        target.values[index] = source.values[index]


@kernel
def must_pass(command):
    """Releases, panic, a change of set or of a controller's map, and what time another keeps, which it says once: what
    has to get through when nothing else does."""
    if command.kind == MIDI:
        status = int(command.values[0]) & 0xF0
        if status == NOTE_OFF or (status == NOTE_ON and command.values[2] == 0.0):
            return True
        return status == CONTROL and command.values[1] >= FIRST_MODE_MESSAGE
    kind = command.kind
    return kind == PANIC or kind == LET_GO or kind == INSTALL or kind == HAND or kind == TIME


@kernel
def comes_before(command, other):
    """Whether a command that arrives takes effect before one that waits."""
    if command.frame == other.frame:
        return command.kind == BLOW and other.kind != BLOW
    return command.frame < other.frame


@kernel
def schedule(state, command):
    """Put a command among the waiting, before those of later frames; count it if there is no room."""
    if state.waiting >= PENDING - (0 if must_pass(command) else RESERVED):
        state.counters.dropped_commands += 1
        return
    at = state.waiting
    while at > 0 and comes_before(command, state.pending[at - 1]):
        copy_command(state.pending[at], state.pending[at - 1])
        at -= 1
    copy_command(state.pending[at], command)
    state.waiting += 1


@kernel
def gather(state):
    """Move all that is in the ring among the waiting; what has no frame, or a past one, is due now."""
    ring = state.commands
    read = ring.read[0]
    count = min(load_acquire(ring.written) - read, COMMANDS)
    for index in range(count):
        command = ring.packets[(read + index) % COMMANDS]
        if command.kind == BLOW:  # only a strike that was logged lets the mallet land
            state.counters.refused_commands += 1
            continue
        if 0 < command.frame < state.frame:
            state.counters.late_commands += 1
        command.frame = max(command.frame, state.frame)
        schedule(state, command)
    store_release(ring.read, read + count)


@kernel
def drop_due(state, count):
    """The first `count` of the waiting have been done."""
    for index in range(count, state.waiting):
        copy_command(state.pending[index - count], state.pending[index])
    state.waiting -= count
