"""The page that tells how a tablet gets here: addresses, ports, and a code for its camera."""

from __future__ import annotations

from textwrap import wrap

from rich.text import Text

from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK
from weaver.surfaces.picture import NetworkView
from weaver.surfaces.qr import qr_lines
from weaver.surfaces.reasons import reason_words

WORDS_CELLS = 36
"""The least beside the code that words can be read in."""
AIR_CELLS = 2


def net_panel(network: NetworkView | None, width: int, height: int) -> list[Text]:
    """At most `height` rows of `width` cells; the code stands left of the words where both have room."""
    code: list[Text] = []
    if network is not None and network.addresses and network.is_open and network.url:
        code = qr_lines(network.url, width - WORDS_CELLS - AIR_CELLS, height)
    cells = code[0].cell_len + AIR_CELLS if code else 0
    words = [line for text, style in _words(network, bool(code)) for line in _set(text, style, width - cells)]
    if len(words) > height:
        words = [*words[: height - 1], words[-1]]  # the last says how to leave
    rows = []
    for at in range(max(len(code), len(words))):
        row = Text(no_wrap=True, overflow="crop")
        if code:
            row.append_text(code[at] if at < len(code) else Text(" " * code[0].cell_len)).append(" " * AIR_CELLS)
        rows.append(row.append_text(words[at]) if at < len(words) else row)
    return rows


def _set(text: str, style: str, width: int) -> list[Text]:
    return [Text(line, style) for line in wrap(text, width)] or [Text()]


def _words(network: NetworkView | None, has_code: bool) -> list[tuple[str, str]]:
    """Paragraphs, each with its style."""
    if network is None:
        return [("No OSC is heard, as --no-osc wants it.", INK)]
    if not network.addresses:
        return [(f"No OSC is heard: {network.note}", ALARM)]
    port = network.addresses[0].rpartition(":")[2]
    hosts = [address.rpartition(":")[0] for address in network.addresses]
    told = [(f"How a tablet gets to {network.name}", f"bold {GOLD}")]
    if not network.is_open:
        told.append(("Only this machine may play. Start with --lan, and tablets on the network may ask.", ALARM))
    elif network.url:
        told.append((f"Its browser: {network.url}", INK))
        told.append(("Scan the code, or type that." if has_code else "A larger window has a code to scan.", FAINT))
    told += [
        (f"TouchOSC, Connections, OSC: UDP, host {' or '.join(hosts)}", INK),
        (f"send port {port}, receive port {network.reply_port}", INK),
    ]
    if network.peers:
        told.append((f"Here: {', '.join(peer.title for peer in network.peers)}", INK))
    told.append((f"Asking: {', '.join(network.strangers)}" if network.strangers else "Nobody asks to play.", FAINT))
    told.append(("@ lets who asks first, & remembers them, ^ sends the last away", FAINT))
    if lost := reason_words(network.lost):
        told.append((f"Not taken: {lost}", FAINT))
    told.append(("? back to the spheres", FAINT))
    return told
