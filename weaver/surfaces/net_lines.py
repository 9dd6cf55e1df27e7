"""The network in words: lines of the page, and what a service says of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK
from weaver.surfaces.picture import BUSY_S, NetworkView, PeerView

MOST_LINES = 6
"""Of the network, its peers and who wants to play; a low page has FEW_LINES for them."""
FEW_LINES = 2
MOST_ADDRESSES = 2
INDENT = "     "


def net_lines(network: NetworkView | None, most: int = MOST_LINES) -> list[Text]:
    """A line for where it is heard, one for each tablet, one for who wants to play: at most so many, but for that last
    one always two. Whoever has no line of its own shares the last."""
    if network is None:
        return []
    asking = [_asking(network.strangers)] if network.strangers else []
    room = most - 1 - len(asking)
    peers = network.peers
    if len(peers) <= room:
        return [_network(network), *map(_peer, peers), *asking]
    ordered = sorted(peers, key=lambda peer: not _is_amiss(peer))
    alone = ordered[: max(room - 1, 0)]
    together = ordered[len(alone) :]
    if room < 1:
        return [_network(network, together), *asking]
    return [_network(network), *map(_peer, alone), _crowd(INDENT, together, network.reply_port), *asking]


def _line(start: str) -> Text:
    return Text(start, FAINT, no_wrap=True, overflow="ellipsis")


def _network(network: NetworkView, peers: Sequence[PeerView] = ()) -> Text:
    """Where it is heard and told; with the `peers` for whom there is no other line."""
    text = _line("OSC  ")
    is_busy = any(peer.quiet_s < BUSY_S for peer in network.peers)
    if not network.addresses:
        text.append(" ✕ not heard", ALARM)
    else:
        text.append(f" {'●' if is_busy else '○'} {_addresses(network.addresses)}", GOLD if is_busy else INK)
        text.append(f"  replies to {network.reply_port}", FAINT)
    if peers:
        text.append_text(_crowd("  ", peers, network.reply_port))
    elif network.addresses and not network.peers:
        text.append("  ? how a tablet gets here" if network.is_open else "  this machine only", FAINT)
    if network.note:
        text.append(f"  {network.note}", ALARM)
    return text


def _addresses(addresses: Sequence[str]) -> str:
    more = len(addresses) - MOST_ADDRESSES
    return " ".join(addresses[:MOST_ADDRESSES]) + (f" and {more} more" if more > 0 else "")


def _is_amiss(peer: PeerView) -> bool:
    return peer.is_lost or peer.is_unheard


def _mark(peer: PeerView) -> str:
    return "✕" if peer.is_lost else "●" if peer.quiet_s < BUSY_S else "○"


def _style(peer: PeerView) -> str:
    return ALARM if _is_amiss(peer) else GOLD if peer.quiet_s < BUSY_S else INK


def _peer(peer: PeerView) -> Text:
    text = _line(INDENT).append(f" {_mark(peer)} {peer.title}", _style(peer))
    text.append(f" {peer.messages}" if peer.messages else "", FAINT)
    if peer.is_lost:
        text.append("  its heartbeat is lost", ALARM)
    if peer.is_unheard:
        text.append(f"  nobody listens at {peer.reply}", ALARM)
    elif peer.reply != peer.title:
        text.append(f"  at {peer.reply}", FAINT)
    if peer.transport != "udp":
        text.append(f"  {peer.transport}", FAINT)
    return text.append("  remembered" if peer.is_remembered else "", FAINT)


def _crowd(start: str, peers: Sequence[PeerView], usual_port: int) -> Text:
    """Several in one line, those first with whom something is the matter; the port that all have is not told."""
    text = _line(start)
    for peer in sorted(peers, key=lambda peer: not _is_amiss(peer)):
        text.append(f" {_mark(peer)} {peer.title.removesuffix(f':{usual_port}')}", _style(peer))
        if peer.is_lost:
            text.append(" lost", ALARM)
        elif peer.is_unheard:
            text.append(" hears nothing", ALARM)
    return text


def _asking(strangers: Sequence[str]) -> Text:
    text = _line(INDENT).append(f" ◇ {strangers[0]} wants to play: ", GOLD)
    text.append("@", f"bold {GOLD}").append(" lets it, then ", INK).append("&", f"bold {GOLD}").append(" for good", INK)
    if (more := len(strangers) - 1) > 0:
        text.append(f"  and {more} more", FAINT)
    return text


def net_words(network: NetworkView) -> str:
    """Where it is heard, for one line of a service."""
    if not network.addresses:
        return f"not heard ({network.note})"
    whose = "" if network.is_open else " (this machine only)"
    note = f"; {network.note}" if network.note else ""
    return f"{', '.join(network.addresses)}{whose}, replies to port {network.reply_port}{note}"


def net_changes(before: NetworkView | None, now: NetworkView | None) -> list[str]:
    """Who has come, gone or fallen silent, and who asks to play, since `before`."""
    if now is None:
        return [] if before is None else ["OSC is heard no more"]
    if before is None:
        return [f"OSC: {net_words(now)}"]
    said = []
    if now.addresses != before.addresses:
        said.append(f"OSC: {net_words(now)}")
    elif now.note and now.note != before.note:
        said.append(f"OSC: {now.note}")
    were, are = ({(peer.transport, peer.reply): peer for peer in view.peers} for view in (before, now))
    said += [f"{peer.title} has gone" for key, peer in were.items() if key not in are]
    for key, peer in are.items():
        said += _peer_changes(were.get(key), peer)
    asked = set(before.strangers)
    for host in now.strangers:
        if host not in asked:
            said.append(
                f"{host} wants to play: to let it, start with --allow {host}; for good 'weaver peers --allow {host}'"
            )
    return said


def _peer_changes(was: PeerView | None, peer: PeerView) -> list[str]:
    said = []
    if was is None:
        said.append(f"{peer.title} is here, by {peer.transport}")
    elif peer.is_lost != was.is_lost:
        said.append(f"{peer.title}: its heartbeat is {'lost' if peer.is_lost else 'back'}")
    if peer.is_unheard and not (was is not None and was.is_unheard):
        said.append(f"{peer.title}: nobody listens at {peer.reply}")
    return said
