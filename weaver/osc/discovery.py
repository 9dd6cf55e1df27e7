"""Being found without an address being typed: services announced by zeroconf (Bonjour, DNS-SD over multicast DNS).

`_osc._udp` is what TouchOSC browses for, `_osc._tcp` the same by TCP, `_oscjson._tcp` is OSCQuery, whose clients take
the OSC port from its HOST_INFO; some (Vezér) want `_osc._udp` by the same name beside it
(github.com/Vidvox/OSCQueryProposal, no. 46). TXT records as of "Best Practices for Open Sound Control" (Schmeder,
Freed and Wessel 2010), table 4.

As long as only this machine is heard, it is announced on this machine's loopback and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from weaver.osc.addresses import own_addresses
from weaver.osc.query.page import PAGE
from weaver.osc.udp import LOOPBACK

if TYPE_CHECKING:
    from zeroconf import ServiceInfo
    from zeroconf.asyncio import AsyncZeroconf

OSC_UDP, OSC_TCP, OSCQUERY = "_osc._udp.local.", "_osc._tcp.local.", "_oscjson._tcp.local."
VERSION, TYPES = "1.0", "ifsbhdtScrmTFNI"
"""Of OSC, and the type tags that are understood."""
LOOK_S = 5.0
"""How often it is looked whether this machine has other addresses."""
MAX_NAMES = 20
"""Instruments of one name on one network."""
_MAX_MACHINE_CHARACTERS = 40
"""Of its name, in ours; a label may have 63 (RFC 1035)."""
_LISTEN_S = 1.5
"""For others to say that they are there: they may wait a second (RFC 6762, 6)."""
_GOODBYE_S, _END_S = 0.8, 1.0
"""For saying goodbye, and how long close() waits at most."""
_IP_MULTICAST_ALL = 49
"""Of Linux (ip(7)): whether a socket also hears the groups that other programs have joined, on other networks."""


class Discovery:
    """Announces the instrument from a thread of its own until close().

    `name` is what it is called: with "(2)" and so on where others on the network have that name already. `note` says
    what the player should know; `lost` counts what went wrong. `addresses` are those that are announced.
    """

    def __init__(
        self,
        name: str,
        osc_port: int,
        tcp_port: int | None,
        query_port: int | None,
        is_open: bool = False,
        look_s: float = LOOK_S,
    ) -> None:
        """A port that is None is not announced. With `is_open`, on all networks that this machine is in."""
        self.name = name
        self.note = ""
        self.addresses: tuple[str, ...] = ()
        self.lost: Counter[str] = Counter()
        self._wanted_name, self._is_open, self._look_s = name, is_open, look_s
        self._ports = (osc_port, tcp_port, query_port)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="osc discovery", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say goodbye and end, within about a second. A second call does nothing."""
        self._closed.set()
        if (loop := self._loop) is not None:
            try:
                loop.call_soon_threadsafe(self._stop.set)
            except RuntimeError:  # it has ended already
                return
        self._thread.join(_END_S)

    def _run(self) -> None:
        try:
            logging.getLogger("zeroconf").addHandler(logging.NullHandler())  # what goes wrong is noted, not printed
            asyncio.run(self._announce_always())
        except Exception as error:  # the instrument plays on without
            self.lost["ended"] += 1
            self.note = f"not announced any more: {type(error).__name__}: {error}"

    async def _announce_always(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda loop, context: self.lost.update(("trouble on the loop",)))
        while not self._closed.is_set():
            here = self._here()
            announced = await self._announce(here)
            while not self._closed.is_set() and self._here() == here:
                try:
                    async with asyncio.timeout(self._look_s):
                        await self._stop.wait()
                except TimeoutError:
                    continue
            if announced is not None:
                await self._withdraw(announced)

    def _here(self) -> tuple[str, ...]:
        return (own_addresses() if self._is_open else ()) or (LOOPBACK,)

    async def _announce(self, addresses: tuple[str, ...]) -> AsyncZeroconf | None:
        """Announce all services on the interfaces with these addresses, by the first name that is free."""
        from zeroconf import Error, IPVersion, NonUniqueNameException
        from zeroconf.asyncio import AsyncZeroconf

        announced: AsyncZeroconf | None = None
        try:
            announced = AsyncZeroconf(interfaces=list(addresses), ip_version=IPVersion.V4Only)
            await announced.zeroconf.async_wait_for_start()
            if addresses == (LOOPBACK,):
                _keep_in(announced)
            await self._listen(announced)
            if self._closed.is_set():
                return announced
            for number in range(1, MAX_NAMES + 1):
                name = self._wanted_name if number == 1 else f"{self._wanted_name} ({number})"
                try:
                    await self._register(announced, name, addresses)
                except NonUniqueNameException:
                    await announced.async_unregister_all_services()
                    continue
                self.name, self.addresses, self.note = name, tuple(addresses), ""
                return announced
            self.note = f"not announced: {MAX_NAMES} instruments are called {self._wanted_name!r} already"
        except (OSError, Error) as error:
            self.lost["not announced"] += 1
            self.note = f"not announced on {', '.join(addresses)}: {error}; its address has to be typed in"
        self.addresses = ()
        if announced is not None:
            await self._withdraw(announced)
        return None

    async def _listen(self, announced: AsyncZeroconf) -> None:
        """Hear who is there already, so that registering knows which names are taken.

        Registering asks too, but to be answered by unicast, which on one machine reaches only one of all that listen.
        """
        from zeroconf import DNSQuestionType, ServiceStateChange, Zeroconf
        from zeroconf.asyncio import AsyncServiceBrowser

        def ignore(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
            """Names are kept by zeroconf itself."""

        kinds = [OSC_UDP, OSC_TCP, OSCQUERY]
        browser = AsyncServiceBrowser(announced.zeroconf, kinds, [ignore], question_type=DNSQuestionType.QM)
        try:
            async with asyncio.timeout(_LISTEN_S):
                await self._stop.wait()
        except TimeoutError:
            pass
        finally:
            await browser.async_cancel()

    async def _register(self, announced: AsyncZeroconf, name: str, addresses: Sequence[str]) -> None:
        results = await asyncio.gather(
            *(announced.async_register_service(info) for info in self._services(name, addresses)),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        await asyncio.gather(*(result for result in results if not isinstance(result, BaseException)))

    def _services(self, name: str, addresses: Sequence[str]) -> list[ServiceInfo]:
        from zeroconf import ServiceInfo

        osc_port, tcp_port, query_port = self._ports
        osc = {"txtvers": "1", "version": VERSION, "types": TYPES}
        if query_port is not None:
            osc["uri"] = f"http://{addresses[0]}:{query_port}{PAGE}"
        # A host name that nobody else has: the machine's own is announced by its own responder, and another instrument
        # may have had this port a moment ago; the goodbye of one would contradict the other.
        machine = socket.gethostname().split(".")[0][:_MAX_MACHINE_CHARACTERS]
        host = f"weaver-{machine}-{secrets.token_hex(4)}.local."
        return [
            ServiceInfo(kind, f"{name}.{kind}", port, properties=about, server=host, parsed_addresses=list(addresses))
            for kind, port, about in (
                (OSC_UDP, osc_port, osc),
                (OSC_TCP, tcp_port, osc | {"framing": "slip"}),
                (OSCQUERY, query_port, {"txtvers": "1"}),
            )
            if port is not None
        ]

    async def _withdraw(self, announced: AsyncZeroconf) -> None:
        self.addresses = ()
        try:
            async with asyncio.timeout(_GOODBYE_S):
                await announced.async_unregister_all_services()
                await announced.async_close()
        except (OSError, TimeoutError):  # the network went before us
            self.lost["no goodbye"] += 1


def _keep_in(announced: AsyncZeroconf) -> None:
    """Hear, and so answer, nobody who asks on another network than the loopback. Only Linux lets a socket hear them,
    as soon as any program here listens there, as Avahi does; "127.0.0.1" would be a tablet's own address."""
    if sys.platform == "linux":
        for reader in announced.zeroconf.engine.readers:
            reader.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
