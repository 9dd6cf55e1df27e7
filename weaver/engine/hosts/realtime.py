"""What this system lets the audio thread do, for `weaver doctor`: a thread that may be interrupted crackles."""

from __future__ import annotations

import os
import sys
import threading
from typing import Literal

Finding = tuple[Literal["ok", "warn"], str, str]
"""How it is, what there is, and what to do about it (empty when nothing is)."""

ENOUGH_PRIORITY = 70
"""What JACK asks for; its clients get a little less."""
ENOUGH_LOCKED_MB = 256
AUDIO_GROUP = "audio"
_LIMITS = "/etc/security/limits.d/audio.conf"


def realtime_report() -> list[Finding]:
    """What can be told without playing."""
    if sys.platform != "linux":
        return [("ok", "the system gives audio threads their priority by itself", "")]
    return [_scheduling(), _memory(), _group()]


def _scheduling() -> Finding:
    import resource

    limit = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    text = "unlimited" if limit == resource.RLIM_INFINITY else str(limit)
    if _may_be_realtime():
        return "ok", f"real-time priority is allowed (limit {text})", ""
    advice = f"put '@{AUDIO_GROUP} - rtprio {ENOUGH_PRIORITY}' in {_LIMITS}, join the group and log in again"
    return "warn", f"real-time priority is refused (limit {text})", advice


def _may_be_realtime() -> bool:
    """Whether a thread of ours really gets it; root and containers differ from what their limits say."""
    allowed = []

    def ask() -> None:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            return
        allowed.append(True)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return bool(allowed)


def _memory() -> Finding:
    import resource

    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    if limit == resource.RLIM_INFINITY:
        return "ok", "memory may be locked without limit", ""
    megabytes = limit / 2**20
    if megabytes >= ENOUGH_LOCKED_MB:
        return "ok", f"memory may be locked up to {megabytes:.0f} MB", ""
    advice = f"put '@{AUDIO_GROUP} - memlock unlimited' in {_LIMITS}, join the group and log in again"
    return "warn", f"only {megabytes:.0f} MB of memory may be locked", advice


def _group() -> Finding:
    import grp

    try:
        group = grp.getgrnam(AUDIO_GROUP)
    except KeyError:
        return "ok", f"there is no group {AUDIO_GROUP} here", ""
    if os.geteuid() == 0 or group.gr_gid in os.getgroups():
        return "ok", f"this user may do what the group {AUDIO_GROUP} may", ""
    return "warn", f"this user is not in the group {AUDIO_GROUP}", f"sudo usermod -aG {AUDIO_GROUP} $USER"
