"""Who on the network may play: by address or network, for this evening or for good.

Those for good stand in a file of the player's own, `peers.toml`:

    format = 1
    [[peers]]
    address = "192.168.1.23"        # or a network: "192.168.1.0/24"
    since = "2026-11-23"
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from weaver.model.configs import user_folder
from weaver.model.errors import ConfigError
from weaver.model.networks import EXPECTED, parse_network, words_of
from weaver.model.text_file import decode_utf8, read_bytes
from weaver.model.toml_table import FORMAT, MAX_BYTES, read_toml

MAX_REMEMBERED = 256
_MAX_ADDRESS_CHARS, _MAX_DATE_CHARS = 18, 32


def peers_file() -> Path:
    """Where they stand; it need not be there."""
    return user_folder() / "peers.toml"


def network_of(text: str, where: str = "a peer's address") -> IPv4Network:
    """192.168.1.23, or 192.168.1.0/24. Raises ConfigError."""
    network = parse_network(text.strip())
    if network is None:
        raise ConfigError(where, EXPECTED, repr(text[:40]))
    return network


class Remembered:
    """The file. It is read anew for each change, for another process may have changed it, and what the player wrote in
    it beside the peers is left alone."""

    def __init__(self, path: Path) -> None:
        """The file need not be there."""
        self.path = path

    def networks(self) -> list[tuple[IPv4Network, str]]:
        """Whom it names, and since when. Raises ConfigError for a file that is not as it should be."""
        if not self.path.exists():
            return []
        table = read_toml(self.path)
        found = []
        for entry in table.tables("peers", 0, MAX_REMEMBERED):
            network = network_of(entry.text("address", _MAX_ADDRESS_CHARS), entry.where("address"))
            found.append((network, entry.text("since", _MAX_DATE_CHARS, default="")))
            entry.finish()
        table.finish()
        return found

    def add(self, networks: Sequence[IPv4Network]) -> None:
        """Remember. Who is in the file already is not put there again. Raises ConfigError."""
        known = [network for network, _ in self.networks()]
        fresh = [network for network in networks if network not in known]
        if len(known) + len(fresh) > MAX_REMEMBERED:
            raise ConfigError(str(self.path), f"{MAX_REMEMBERED} peers at most", f"{len(known) + len(fresh)}")

        def change(peers: AoT) -> None:
            for network in fresh:
                if peers:
                    peers[-1].add(tomlkit.nl())
                entry = tomlkit.table()
                entry["address"] = words_of(network)
                entry["since"] = datetime.date.today().isoformat()
                peers.append(entry)

        if fresh:
            self._rewrite(change)

    def forget(self, is_meant: Callable[[IPv4Network], bool]) -> tuple[str, ...]:
        """Forget some: who they were. Raises ConfigError."""
        meant = [is_meant(network) for network, _ in self.networks()]
        gone: list[str] = []

        def change(peers: AoT) -> None:
            for index in reversed(range(len(meant))):
                if meant[index]:
                    gone.insert(0, words_of(network_of(str(peers[index]["address"]))))
                    del peers[index]

        if any(meant):
            self._rewrite(change)
        return tuple(gone)

    def _rewrite(self, change: Callable[[AoT], None]) -> None:
        """The new file takes the old one's place at once, or not at all."""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            document = self._document()
            peers = document.pop("peers", None) or tomlkit.aot()
            if not isinstance(peers, AoT):
                raise ConfigError(f"{self.path}: peers", "tables [[peers]]", "an array on one line")
            change(peers)
            if peers:
                document["peers"] = peers
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(tomlkit.dumps(document), encoding="utf-8")
            os.replace(beside, self.path)
        except OSError as error:
            raise ConfigError(str(self.path), "a file that can be written", error.strerror or str(error)) from error
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    def _document(self) -> tomlkit.TOMLDocument:
        if self.path.exists():
            try:
                return tomlkit.parse(decode_utf8(read_bytes(self.path, MAX_BYTES), self.path))
            except TOMLKitError as error:
                raise ConfigError(str(self.path), "valid TOML", str(error)) from error
        document = tomlkit.document()
        document.add(tomlkit.comment("Who may play by way of the network; `weaver peers` lists them."))
        document["format"] = FORMAT
        return document


class Guests:
    """Who may play now: this machine's `own` networks always, those of an option, those remembered, and who was let in
    since."""

    def __init__(self, own: Sequence[str], allowed: Sequence[str], remembered: Path | None) -> None:
        """Raises ConfigError for what is no network, and for a file that is not as it should be."""
        self._own = [network_of(text) for text in own]
        self._file = Remembered(remembered) if remembered is not None else None
        self._remembered = [network for network, _ in self._file.networks()] if self._file else []
        self._allowed = [network_of(text, "--allow") for text in allowed]
        self._tonight: list[IPv4Network] = []

    def may(self, host: str) -> bool:
        """Whether it may play; whatever is no IPv4 address may not."""
        return _is_in(host, (*self._own, *self._allowed, *self._remembered, *self._tonight))

    def is_own(self, host: str) -> bool:
        """Whether it is this machine."""
        return _is_in(host, self._own)

    def is_remembered(self, host: str) -> bool:
        """Whether it will be let in the next time too."""
        return _is_in(host, self._remembered)

    def allow(self, text: str) -> None:
        """Let a host or a network in, this evening. Raises ConfigError."""
        network = network_of(text)
        self._tonight = [other for other in self._tonight if other != network] + [network]

    def remember(self) -> tuple[str, ...]:
        """Write down who was let in this evening: who is new in the file. Raises ConfigError."""
        fresh = [network for network in self._tonight if network not in self._remembered]
        if self._file is None or not fresh:
            return ()
        self._file.add(fresh)
        self._remembered += fresh
        return tuple(map(words_of, fresh))

    def revoke(self, last_host: str | None) -> str:
        """Send away who was let in last this evening; if nobody was, `last_host` and whom it came in with.

        Whatever else lets those in goes too, and is forgotten. Returns who it was, "" if there is nobody to send away.
        Raises ConfigError if the file cannot be written; by then they are away for this evening.
        """
        if self._tonight:
            going = self._tonight[-1]
        elif last_host is not None:
            going = network_of(last_host)
        else:
            return ""
        before = (*self._allowed, *self._remembered, *self._tonight)
        self._allowed, self._remembered, self._tonight = (
            [network for network in networks if not network.overlaps(going)]
            for networks in (self._allowed, self._remembered, self._tonight)
        )
        if self._file is not None:
            self._file.forget(going.overlaps)
        return words_of(max((network for network in before if network.overlaps(going)), key=_size, default=going))


def _size(network: IPv4Network) -> int:
    return network.num_addresses


def _is_in(host: str, networks: Sequence[IPv4Network]) -> bool:
    try:
        address = IPv4Address(host)
    except ValueError:
        return False
    return any(address in network for network in networks)
