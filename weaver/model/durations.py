"""Durations as players write them: "90", "90s", "2m", "1:30"."""

from __future__ import annotations

import re

SECONDS_PER_MINUTE = 60
_PLAIN = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(s|m)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d(?:\.\d{1,6})?)", re.ASCII)


def parse_duration(text: str) -> float | None:
    """Seconds: of a number with "s", "m" or nothing after it, or of minutes:seconds. None if it is neither."""
    text = text.strip()
    if match := _CLOCK.fullmatch(text):
        return SECONDS_PER_MINUTE * int(match[1]) + float(match[2])
    if match := _PLAIN.fullmatch(text):
        return float(match[1]) * (SECONDS_PER_MINUTE if match[2] == "m" else 1)
    return None


def show_duration(duration_s: float) -> str:
    """Minutes:seconds, such as "2:00"; tenths where there are any."""
    minutes, seconds = divmod(round(duration_s, 1), SECONDS_PER_MINUTE)
    return f"{int(minutes)}:{int(seconds):02d}" if seconds == int(seconds) else f"{int(minutes)}:{seconds:04.1f}"


def expected_duration(low_s: float, high_s: float) -> str:
    """How an error asks for a duration in a range."""
    return f'a time from {show_duration(low_s)} to {show_duration(high_s)}, such as "1:30", "90s" or 90'
