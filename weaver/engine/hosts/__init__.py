"""Hosts: what plays the instrument, live."""

from weaver.engine.hosts.base import Host, HostStatus
from weaver.engine.hosts.opening import compile_callback, open_host

__all__ = ["Host", "HostStatus", "compile_callback", "open_host"]
