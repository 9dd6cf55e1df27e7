"""MIDI's tuning messages, natively: one reader of SysEx, whatever brought the bytes.

The JACK host calls it inside its process callback, at each event's own frame; other inputs hand whole messages to
`Engine.midi`. What a message tunes becomes a command RETUNE for each note. There is one tuning: any device number, any
program and bank, and any channel of a mask mean it. Requests for a dump are not answered.

A message is read whole or not at all. Checksums are not looked at: makers never agreed on what they cover.

Source: MIDI Tuning Updated Specification (CA-020, CA-021, RP-020). The three bytes of a frequency are a key of equal
temperament and, in 14 bits, the fraction of a semitone above it.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import entry, kernel
from weaver.dsp.sizes import NOTES, PENDING
from weaver.engine.address import bytes_at, commands_at
from weaver.engine.decoder import BAD_DATA, CUT_SHORT, EXCLUSIVE, NO_ROOM, WRONG_LENGTH
from weaver.engine.schedule import schedule
from weaver.model.gestures import RETUNE
from weaver.model.units import A4_HZ, A4_NOTE

END = 0xF7
NON_REAL_TIME, TUNING = 0x7E, 0x08
"""The lesser of the two universal headers, and the tuning standard's first sub-ID."""
(
    REQUEST,
    BULK,
    SINGLE,
    REQUEST_IN_BANK,
    BULK_IN_BANK,
    OCTAVE_DUMP_1,
    OCTAVE_DUMP_2,
    SINGLE_IN_BANK,
    OCTAVE_1,
    OCTAVE_2,
) = range(10)
"""Its second sub-IDs: all notes, some notes, the twelve of every octave in one byte each or in two."""
BEGIN = np.array((0, 22, 7, 0, 23, 23, 23, 8, 8, 8))
"""By sub-ID: where the notes begin. Before them stand a program, a bank and a program with a name of 16 letters, how
many notes there are, or a mask of channels."""
WIDTH = np.array((0, 3, 4, 0, 3, 1, 2, 4, 1, 2))
"""Bytes of a note."""
AFTER = np.array((0, 2, 1, 0, 2, 2, 2, 1, 1, 1))
"""Bytes after the notes: dumps have a checksum before the end."""
SHORTEST = 6
OCTAVE = 12
CENTRE_1, CENTRE_2 = 64.0, 8192.0
"""What is equal temperament in octaves of one byte, which count cents, and of two, which span a semitone either way."""
FRACTION = 16384.0
UNCHANGED = 0x7F
CHANNELS_15_16 = 0x03
"""Of the first byte of a mask; its other bits are reserved."""
MOST_WAITING = PENDING // 2
"""Commands that may wait for their frame when the last of a message has been put among them: however many messages
come in one cycle, notes find room."""


@kernel
def refusal(reason):
    """What `read_tuning` returns for a message that is ignored, and counted by this reason (`decoder.REASONS`)."""
    return -1 - np.int64(reason)


@kernel
def fault_of(data, size, form):
    """Why a message of this form cannot be read, as `refusal`; else 0. Looks at no more than its form is long."""
    begin = BEGIN[form]
    if size < begin + 1:
        return refusal(CUT_SHORT)
    length = begin + WIDTH[form] * count_of(data, form) + AFTER[form]
    if size < length and data[size - 1] != END:
        return refusal(CUT_SHORT)
    if size != length or data[size - 1] != END:
        return refusal(WRONG_LENGTH)
    for place in range(1, size - 1):
        if data[place] > 0x7F:
            return refusal(BAD_DATA)
    return np.int64(0)


@kernel
def count_of(data, form):
    """How many notes it has."""
    if form == SINGLE or form == SINGLE_IN_BANK:
        return np.int64(data[BEGIN[form] - 1])
    return np.int64(NOTES if WIDTH[form] == 3 else OCTAVE)


@kernel
def put_note(command, frame, note, semitones):
    """A command that tunes a note to a place among the keys of equal temperament."""
    command.frame = frame
    command.kind = RETUNE
    command.sphere = -1
    command.source = 0
    command.values[0] = np.float32(note)
    command.values[1] = np.float32(A4_HZ * math.exp2((semitones - A4_NOTE) / 12.0))
    command.values[2] = command.values[3] = np.float32(0.0)


@kernel
def read_keys(data, form, frame, commands):
    """Notes with their frequencies, those that shall not change left out; how many."""
    width, put = WIDTH[form], np.int64(0)
    for index in range(count_of(data, form)):
        at = BEGIN[form] + width * index
        note = np.int64(data[at]) if width == 4 else np.int64(index)
        word = at + width - 3
        key, coarse, fine = np.int64(data[word]), np.int64(data[word + 1]), np.int64(data[word + 2])
        if key == UNCHANGED and coarse == UNCHANGED and fine == UNCHANGED:
            continue
        put_note(commands[put], frame, note, key + (coarse * 128 + fine) / FRACTION)
        put += 1
    return put


@kernel
def read_octave(data, form, frame, commands):
    """Every note, by the twelve of an octave from C on; how many."""
    if AFTER[form] == 1 and (data[5] & CHANNELS_15_16) == 0 and data[6] == 0 and data[7] == 0:
        return np.int64(0)  # for no channel
    for note in range(NOTES):
        at = BEGIN[form] + WIDTH[form] * (note % OCTAVE)
        if WIDTH[form] == 1:
            away = (np.int64(data[at]) - CENTRE_1) / 100.0
        else:
            away = (np.int64(data[at]) * 128 + np.int64(data[at + 1]) - CENTRE_2) / CENTRE_2
        put_note(commands[note], frame, note, note + away)
    return np.int64(NOTES)


@kernel
def read_tuning(data, size, frame, commands):
    """Make commands of a SysEx message: how many, 0 if it is no tuning, or a `refusal`.

    Parameters
    ----------
    data : uint8[size]
        From F0 to F7, however long.
    frame : int
        When the commands shall take effect.
    commands : COMMAND[NOTES]
        Written.
    """
    if size < SHORTEST or data[0] != EXCLUSIVE or not NON_REAL_TIME <= data[1] <= UNCHANGED or data[3] != TUNING:
        return np.int64(0)
    form = np.int64(data[4])
    if form > OCTAVE_2 or form == REQUEST or form == REQUEST_IN_BANK:
        return np.int64(0)
    fault = fault_of(data, size, form)
    if fault != 0:
        return fault
    if WIDTH[form] >= 3:
        return read_keys(data, form, frame, commands)
    return read_octave(data, form, frame, commands)


@kernel
def schedule_tuning(state, data, size, frame, commands):
    """Let a SysEx message take effect at a frame, or count why it does not. `commands` : scratch of `read_tuning`."""
    count = read_tuning(data, size, frame, commands)
    if count > 0 and state.waiting + count > MOST_WAITING:
        count = refusal(NO_ROOM)
    if count < 0:
        state.midi.ignored[-1 - count] += 1
    for index in range(count):
        schedule(state, commands[index])


@entry
def read_message(data_address, size, frame, out_address):
    """`read_tuning` for Python: uint8[size] and COMMAND[NOTES] at addresses."""
    return read_tuning(bytes_at(data_address, size), size, frame, commands_at(out_address, NOTES))
