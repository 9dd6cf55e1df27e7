"""The tables of the surface protocol's page, written from the code. Run as a program it writes them into the page."""

from __future__ import annotations

import re
from pathlib import Path

from weaver.model import surface_protocol as protocol

PAGE = Path(__file__).resolve().parents[2] / "firmware-notes" / "sphere-controller" / "PROTOCOL.md"

EXAMPLES: dict[type[protocol.Message], protocol.Message] = {
    protocol.Ask: protocol.Ask(),
    protocol.Welcome: protocol.Welcome(),
    protocol.Picture: protocol.Picture(5, 1, 16, ((127, 0, 64),)),
    protocol.HostAlive: protocol.HostAlive(),
    protocol.HostGoodbye: protocol.HostGoodbye(),
    protocol.Hello: protocol.Hello(8, 3, 2, 8, 16, 2, "mine 1.0"),
    protocol.DeviceAlive: protocol.DeviceAlive(5, 0),
    protocol.DeviceGoodbye: protocol.DeviceGoodbye(),
}


def spelt(data: bytes) -> str:
    return data.hex(" ").upper()


def size(field: protocol.Field) -> str:
    return {"number": f"{field.size_bytes}", "text": "1 + n", "lights": "3 n"}[field.form]


def tables() -> dict[str, str]:
    """The tables, by the name of their place in the page."""
    limits = [
        ("version", str(protocol.VERSION)),
        ("longest message", f"{protocol.MAX_MESSAGE_BYTES} bytes, F0 and F7 included"),
        ("longest body", f"{protocol.MAX_BODY_BYTES} bytes"),
        ("lights in one picture message", f"{protocol.LIGHTS_PER_PICTURE}"),
        ("lights", f"{protocol.MAX_LIGHTS:,}"),
        ("pads", f"{protocol.MAX_PADS}, notes from {protocol.FIRST_NOTE} on channel 1"),
        ("buttons", f"{protocol.MAX_BUTTONS}, control changes from {protocol.FIRST_BUTTON_CC} on channel 1"),
        ("alive", f"every {protocol.ALIVE_EVERY_S:g} s, from both"),
        ("lost", f"after {protocol.LOST_AFTER_S:g} s without any message of the protocol"),
        ("identity request", f"`{spelt(protocol.IDENTITY_REQUEST)}`"),
        ("identity reply", f"`{spelt(protocol.IDENTITY_REPLY)}`"),
    ]
    messages = ["| type | message | from | what it says | example |", "|---|---|---|---|---|"]
    fields = ["| message | field | bytes | meaning |", "|---|---|---|---|"]
    for kind in protocol.MESSAGES:
        example = spelt(protocol.encode(EXAMPLES[kind.message]))
        messages.append(f"| {kind.number:02X} | {kind.name} | {kind.sender} | {kind.meaning} | `{example}` |")
        for field in kind.message.FIELDS:
            fields.append(f"| {kind.name} ({kind.sender}) | {field.name} | {size(field)} | {field.meaning} |")
    return {
        "limits": "\n".join(["| what | how much |", "|---|---|", *(f"| {what} | {much} |" for what, much in limits)]),
        "messages": "\n".join(messages),
        "fields": "\n".join(fields),
    }


def renewed(page: str) -> str:
    """The page with every table as the code has it now."""
    for name, table in tables().items():
        place = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end -->)", re.DOTALL)
        page, found = place.subn(lambda match, table=table: f"{match[1]}{table}\n{match[2]}", page)
        assert found == 1, f"no place for the table {name}"
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
