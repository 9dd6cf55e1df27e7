"""The sample rates that the instrument is made for."""

from __future__ import annotations

from weaver.model.errors import ConfigError

SAMPLE_RATES_HZ = (44_100.0, 192_000.0)


def check_sample_rate(sample_rate: float) -> None:
    """Raises ConfigError for a rate in Hz that the instrument is not made for."""
    low, high = SAMPLE_RATES_HZ
    if not low <= sample_rate <= high:
        raise ConfigError("sample rate", f"{low:.0f} to {high:.0f} Hz", sample_rate)
