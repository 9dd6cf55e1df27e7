"""What is answered over HTTP: the tree of addresses as OSCQuery has it, the page for tablets, and layouts.

All of it only tells, so that anybody may ask who can reach the port: the names of spheres and how they fare are no
secret, and nothing can be done by asking. That is why the Host header is not looked at: a page that was tricked onto
our address (DNS rebinding) would learn no more than that. A page in a browser gets leave to read (CORS) only if it
comes from this very machine: pages elsewhere need not know that somebody plays here.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from weaver.model.osc_addresses import Space
from weaver.osc.query.page import CONTENT_SECURITY_POLICY, PAGE, Place, tablet_page
from weaver.osc.query.tree import ATTRIBUTES, EXTENSIONS, Tree, ValueOf, as_json

HOST_INFO = "HOST_INFO"
BYTES_PER_S, BURST_BYTES = 4e6, 32e6
"""What one host may fetch: a tree of 64 spheres is 1 MB, and putting it together costs 15 ms of a core."""
_REQUEST_BYTES = 1000
"""What asking alone counts for."""
_MAX_HOSTS = 256
"""Whose fetching is remembered, the latest."""
_JSON, _HTML = "application/json; charset=utf-8", "text/html; charset=utf-8"
_BROWSER = "application/xhtml+xml"
"""What every browser accepts and no other client: old Java accepts text/html even where it wants JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `host` asks, `at` is the address of ours that it asked by; `accept` and `origin` are its headers."""

    target: str
    host: str
    at: str
    method: str = "GET"
    accept: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. Without a `kind` there is no body."""

    status: HTTPStatus
    body: bytes = b""
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What the instrument says of itself: its name (asked each time: others on the network may have it already), the
    UDP port it hears OSC on, the port of this very server, where tablets are answered, and whether other machines than
    this one are heard. `addresses` are those by which they reach it."""

    name: Callable[[], str]
    osc_port: int
    query_port: int
    reply_port: int
    is_open: bool
    addresses: Callable[[], Sequence[str]]


class Answers:
    """Answers requests. For one thread only; `lost` counts, by reason, what was not answered."""

    def __init__(
        self,
        space: Callable[[], Space],
        value: ValueOf,
        layouts: Mapping[str, Callable[[], bytes]],
        about: About,
        lost: Counter[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`space` is the same object as long as the same set is on stage. `layouts`: the file name of a layout -> what
        makes its bytes."""
        self._space, self._value, self._layouts, self._about, self._lost = space, value, layouts, about, lost
        self._clock = clock
        self._made: dict[str, bytes] = {}
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._stage = space()
        self.tree = Tree(self._stage, value)
        """Of the set on stage when it was last renewed."""

    def renew(self) -> bool:
        """Look whether another set is on stage: True if it is, and the tree was made anew."""
        space = self._space()
        if space is self._stage:
            return False
        self._stage, self.tree = space, Tree(space, self._value)
        self._made.clear()
        return True

    def answer(self, asked: Asked) -> Answer:
        """What is answered. Never raises."""
        try:
            if self._left(asked.host, _REQUEST_BYTES) < 0:
                self._lost["asks too much"] += 1
                return Answer(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "1"})
            if asked.method not in ("GET", "HEAD"):
                return Answer(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
            self.renew()
            answer = self._found(asked)
        except Exception:  # a value or a layout that could not be made is nobody else's trouble
            self._lost["not answered"] += 1
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        self._left(asked.host, len(answer.body))
        return answer

    def _found(self, asked: Asked) -> Answer:
        try:
            parts = urlsplit(asked.target)
            path = unquote(parts.path, errors="strict") or "/"
        except ValueError:
            return Answer(HTTPStatus.BAD_REQUEST)
        if parts.query == HOST_INFO:
            return _json(self._host_info(asked), asked)
        if path == PAGE:
            return self._page(asked)
        if path.startswith(PAGE + "/"):
            return self._layout(path.removeprefix(PAGE + "/"))
        if path == "/" and not parts.query and _BROWSER in asked.accept:
            return Answer(HTTPStatus.FOUND, headers={"Location": PAGE, "Vary": "Accept"})
        return self._node(path, [name for name in parts.query.split("&") if name], asked)

    def _node(self, path: str, names: Sequence[str], asked: Asked) -> Answer:
        node = self.tree.find(path)
        if node is None:
            return Answer(HTTPStatus.NOT_FOUND)
        if not names:
            return _json(self.tree.told(node), asked)
        if any(name not in ATTRIBUTES for name in names):
            return Answer(HTTPStatus.BAD_REQUEST)
        if "VALUE" in names and not node.is_shown:
            return Answer(HTTPStatus.NO_CONTENT)
        found: dict[str, object] = {}
        for name in dict.fromkeys(names):
            found |= self.tree.attribute(node, name)
        return _json(found, asked)

    def _host_info(self, asked: Asked) -> dict[str, object]:
        # Ports are said even where they are as by default, and the address is the one that was asked by: clients were
        # seen to take the wrong one where it was left out (github.com/benkuper/Chataigne, nos. 65 and 194).
        return {
            "NAME": self._about.name(),
            "EXTENSIONS": dict.fromkeys(EXTENSIONS, True),
            "OSC_IP": asked.at,
            "OSC_PORT": self._about.osc_port,
            "OSC_TRANSPORT": "UDP",
            "WS_IP": asked.at,
            "WS_PORT": self._about.query_port,
        }

    def _page(self, asked: Asked) -> Answer:
        about = self._about
        others = tuple(host for host in about.addresses() if host != asked.at)
        place = Place(about.name(), asked.at, about.osc_port, about.reply_port, others, about.is_open)
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Referrer-Policy": "no-referrer"}
        return Answer(HTTPStatus.OK, tablet_page(place, tuple(self._layouts)), _HTML, headers)

    def _layout(self, name: str) -> Answer:
        make = self._layouts.get(name)
        if make is None:
            return Answer(HTTPStatus.NOT_FOUND)
        if name not in self._made:  # made once for a set, however often it is fetched
            self._made[name] = make()
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Answer(HTTPStatus.OK, self._made[name], "application/octet-stream", disposition)

    def _left(self, host: str, size: float) -> float:
        """Take so many bytes from what a host may still fetch, and say what is left: below 0 it has to wait."""
        now_s = self._clock()
        left, since_s = self._spent.pop(host, (BURST_BYTES, now_s))
        left = min(left + BYTES_PER_S * (now_s - since_s), BURST_BYTES) - size
        self._spent[host] = (left, now_s)
        if len(self._spent) > _MAX_HOSTS:
            self._spent.popitem(last=False)
        return left


def is_of_this_machine(origin: str) -> bool:
    """Whether a page comes from this machine, by its Origin header: then it may do what any program here may."""
    try:
        host = urlsplit(origin).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _json(found: object, asked: Asked) -> Answer:
    headers = {"Vary": "Accept, Origin"}
    if is_of_this_machine(asked.origin):
        headers["Access-Control-Allow-Origin"] = asked.origin
    return Answer(HTTPStatus.OK, as_json(found), _JSON, headers)
