"""What options take: text from the command line to values. Each raises ArgumentTypeError for what it is not."""

from __future__ import annotations

import argparse

from weaver.model.durations import expected_duration, parse_duration
from weaver.model.errors import ConfigError
from weaver.model.networks import EXPECTED, parse_network, words_of
from weaver.model.parameters import INDEX, PARAMETERS
from weaver.model.show import PRELUDE_S

LONGEST_S = 1e9
"""For --seconds: thirty years."""


def natural(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit()) or int(text) >= 1 << 63:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 1 << 31:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def prelude(text: str) -> float:
    """How long a show's prelude is, s."""
    low_s, high_s = PRELUDE_S
    duration_s = parse_duration(text)
    if duration_s is None or not low_s <= duration_s <= high_s:
        raise argparse.ArgumentTypeError(f"{text!r} is not {expected_duration(low_s, high_s)}")
    return duration_s


def number(text: str) -> float:
    """A number."""
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error


def duration(text: str) -> float:
    """Seconds."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def port(text: str) -> int:
    """A port of the network."""
    if not (text.isascii() and text.isdigit()) or len(text) > 5 or not 0 < int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def network(text: str) -> str:
    """Addresses that may play, in the one way we write them."""
    parsed = parse_network(text)
    if parsed is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not {EXPECTED}")
    return words_of(parsed)


def tempo(text: str) -> float:
    """Beats a minute, as many as our own time may have."""
    row = PARAMETERS[INDEX["tempo_bpm"]]
    try:
        return row.checked(float(text))
    except (ValueError, ConfigError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a tempo from {row.low:g} to {row.high:g}") from error
