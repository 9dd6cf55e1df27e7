"""What was not taken, in words."""

from __future__ import annotations

from collections.abc import Mapping

MOST_REASONS = 3


def reason_words(lost: Mapping[str, int]) -> str:
    """How much of what, by the commonest reasons; empty if nothing was lost."""
    reasons = sorted(lost.items(), key=lambda reason: -reason[1])
    told = ", ".join(f"{count} {reason}" for reason, count in reasons[:MOST_REASONS])
    return f"{told}, and others" if len(reasons) > MOST_REASONS else told
