"""What can go wrong outside the sound, as one tree.

    WeaverError
    ├── ConfigError    (ValueError)  a file or an option says what it may not
    ├── DeviceError    (OSError)     an audio or MIDI device cannot do what was asked
    └── ProtocolError  (ValueError)  bytes that are not what their protocol allows

Each inherits twice, so that a caller may catch the instrument's errors or the kind.
"""

from __future__ import annotations


class WeaverError(Exception):
    """Root of every error this package raises on purpose."""


class ConfigError(WeaverError, ValueError):
    """A file or option is not what it should be: says where, what was expected and what was found."""

    def __init__(self, where: str, expected: str, found: object) -> None:
        self.where, self.expected, self.found = where, expected, found
        super().__init__(f"{where}: expected {expected}, found {found}")


class DeviceError(WeaverError, OSError):
    """An audio or MIDI device is missing, ambiguous, or refuses a setting."""


class ProtocolError(WeaverError, ValueError):
    """Bytes that their protocol does not allow."""
