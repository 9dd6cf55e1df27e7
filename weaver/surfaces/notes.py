"""What there is to say about an instrument that has no page: a line at the start, then only what changes."""

from __future__ import annotations

from weaver.surfaces.hand_lines import hand_changes
from weaver.surfaces.net_lines import net_changes, net_words
from weaver.surfaces.picture import Picture, ShowView
from weaver.surfaces.stardust import minutes
from weaver.surfaces.time_lines import time_changes

FATES = {
    "whole": "{} is whole again",
    "flickering": "{} is flickering",
    "fractured": "{} is fractured",
    "failing": "{} is failing",
    "shattered": "{} has shattered",
    "reforming": "{} is gathering again",
}


def greeting(picture: Picture) -> str:
    """One line: what plays, through what, at what latency, and who is heard."""
    here = [hand.title for hand in picture.hands if hand.is_connected]
    here += [port.name for port in picture.ports if port.is_connected]
    ports = ", ".join(here) or picture.ports_note or "none"
    if outs := [f"{out.name} ({out.what})" if out.what else out.name for out in picture.outs if out.is_open]:
        ports += f"; out by {', '.join(outs)}"
    device = f" ({picture.device})" if picture.device and picture.device != picture.host else ""
    return (
        f"{picture.title}: {len(picture.spheres)} spheres, {picture.mode}; {picture.host}{device}, "
        f"{picture.sample_rate:g} Hz, blocks of {picture.block_frames}, {picture.latency_s * 1000:.1f} ms; "
        f"MIDI: {ports}{'' if picture.network is None else f'; OSC: {net_words(picture.network)}'}"
    )


def changes(before: Picture, now: Picture) -> list[str]:
    """What a listener by the machine would want to know has changed."""
    said = []
    if now.is_running != before.is_running:
        said.append(f"{now.host}: {'sounding again' if now.is_running else 'no sound'}")
    if now.note != before.note and now.note:
        said.append(now.note)
    if now.title != before.title:
        said.append(f"the set is now {now.title}")
    if now.underflows > before.underflows:
        said.append(f"{now.underflows} underflows so far")
    said += _port_changes(_ports(before), _ports(now))
    said += hand_changes(before.hands, now.hands) + net_changes(before.network, now.network)
    said += time_changes(before.time, now.time)
    return said + _fates(before, now) + _scene(before.show, now.show)


def _ports(picture: Picture) -> dict[str, bool]:
    """Name -> whether it is here, of all that is not a controller's."""
    return {port.name: port.is_connected for port in picture.ports} | {out.name: out.is_open for out in picture.outs}


def _port_changes(before: dict[str, bool], now: dict[str, bool]) -> list[str]:
    """Ports that came or went."""
    return [
        f"MIDI: {name} {'is here' if is_here else 'has gone'}"
        for name, is_here in now.items()
        if is_here != before.get(name, False)
    ]


def _fates(before: Picture, now: Picture) -> list[str]:
    """Spheres whose state is another one now; those of a new set are strangers."""
    return [
        FATES[sphere.state].format(sphere.name)
        for was, sphere in zip(before.spheres, now.spheres, strict=False)
        if was.name == sphere.name and was.state != sphere.state
    ]


def _scene(before: ShowView | None, now: ShowView | None) -> list[str]:
    """Where the show has come to, if it is elsewhere than before."""
    if now is None:
        return [] if before is None else [f"{before.title} is over"]
    if before is not None and (before.title, before.phase) == (now.title, now.phase):
        return []
    said = {
        "prelude": f"{minutes(now.chronometer_s)} to the first note",
        "silence": "the silence before the first note",
        "performance": f"the first note, after {now.silence_s:.1f} s of silence",
        "finale": f"the finale, after {minutes(now.elapsed_s)}",
        "reckoned": f"the last note has rung, after {minutes(now.elapsed_s)}",
    }
    return [f"{now.title}: {said[now.phase]}"]
