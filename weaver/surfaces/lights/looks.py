"""From how the spheres look to what every light of a surface shall show.

Colour is the sphere's, brightness its living light. Damage turns it sickly and lets it flicker as it sounds; cracks
glow through as the light fails; what has shattered is grey and fades; what reforms swells. All is reckoned in steps
that the eye finds even; lights of colours then get what an LED needs for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Laid, Spot
from weaver.model.law import STATES
from weaver.model.mood import MOOD_COLOURS
from weaver.surfaces.lights.patterns import is_at_hardware, pulse
from weaver.surfaces.lights.shine import BINS, Knobs, Shine
from weaver.surfaces.palette import GREY, SICKLY, channels

Floats = NDArray[np.float32]
Places = NDArray[np.intp]


def rgb(colour: str) -> Floats:
    """float32[3], 0 to 1, of "#rrggbb"."""
    return np.array(channels(colour), np.float32) / np.float32(255.0)


SICK, DULL = rgb(SICKLY), rgb(GREY)
REST, BEAT, HELD, SOOTHED = 0.22, 0.1, 0.2, 0.3
"""Brightness of a silent whole sphere, so that it is found in the dark; what a beat of the song, a hold and a soothing
hand add."""
WARM, WARMTH = rgb("#ffe9c4"), 0.6
"""The colour of a soothing hand, and how far it takes over."""
ILL, ILL_LIT = 1.3, 0.35
"""How sickly damage makes a sphere in a dip of its flicker, and the share of that which is seen in full light."""
CRACK, CRACK_LIT = 0.85, 0.4
"""How much of a light a crack takes, and its brightness while the sphere shines steadily: it glows as that fails."""
WHOLE_SPHERE = 0.75
"""How much less cracks take of a light that stands for a whole sphere: it shall flicker as the sphere does."""
FULL_GROWTH_RAD = 3.0
"""Length of cracks at which a light that tells of them is two thirds lit."""
DEBRIS = 0.9
"""Brightness of fresh pieces."""
DUST, GATHERED_HEALTH = 0.35, 0.6
"""Brightness of dust that gathers; the health with which a sphere has gathered, about."""
LEAST_RING = 0.1
"""Length of a ring that tells the health of a sphere that has none."""
GAMMA = 2.2
"""What the eye sees as half is this power of a half to an LED."""
MISMATCH = 0.02
"""Knobs nearer than this to what they turn are there."""
HARDWARE_COLOUR = rgb("#ffffff")
VALUE_COLOUR = rgb("#f5c45e")
"""Of a value that is no sphere's."""

DEED_COLOURS: dict[str, Floats] = {
    "panic": rgb("#ff1a1a"),
    "hush": rgb(MOOD_COLOURS["blue"]),
    "undo": rgb(MOOD_COLOURS["emerald"]),
    "tap": rgb("#ff6b7d"),
    "roll": rgb(MOOD_COLOURS["emerald"]),
    "halt": rgb("#ff8a1a"),
    "finale": rgb("#ffffff"),
    "stakes": rgb("#f5c45e"),
    "page-previous": rgb("#8a5cf0"),
    "page-next": rgb("#8a5cf0"),
    "resync": rgb("#37a9ff"),
}
"""The colour of every deed that lights tell of; others are as values."""

SWITCH_FROM = {"light": 0.4, "body": 0.4, "health": 0.5, "cracks": 0.1, "value": 0.5, "deed": 0.25, "dark": 2.0}
"""From what brightness a light that is only on or off is on: never for the mere rest of a sphere."""
YELLOW_FROM, RED_FROM, NO_GREEN = 0.05, 0.35, 0.7
"""Damage from which lights of red and green mix in red, have all of it, and have no green left."""

STATE = {name: place for place, name in enumerate(STATES)}
URGENCY = np.array([0.0, 0.6, 0.8, 1.0, 0.5, 0.4], np.float32)
"""How pressing the lights of a sphere in each of STATES are; growing cracks and the knobs come between."""
GROWING_URGENCY, FALLING_URGENCY, OTHER_URGENCY = 1.0, 0.9, 0.3

LED_OF_BRIGHTNESS = np.round(255.0 * (np.arange(1024) / 1023.0) ** GAMMA).astype(np.uint8)
PLAIN = np.round(255.0 * np.arange(1024) / 1023.0).astype(np.uint8)


class Looks:
    """What the lights of one page of a surface show. Made once for a layout."""

    def __init__(self, laid: Laid) -> None:
        spots = laid.spots
        self.count = len(spots)
        self.sphere = np.array([-1 if spot.sphere is None else spot.sphere for spot in spots], np.intp)
        self.place = np.array([spot.place for spot in spots], np.intp)
        shows = [shown(spot) for spot in spots]
        self.lit, self.light, self.body, self.health, self.cracks, self.value = (
            np.flatnonzero([show in names for show in shows])
            for names in (("light", "body"), ("light",), ("body",), ("health",), ("cracks",), ("value",))
        )
        self.deeds = [(index, spot.deed) for index, spot in enumerate(spots) if shows[index] == "deed"]
        self.strips = np.array([strip(spots[index]) for index in self.body], np.float32).reshape(-1, BINS)
        kinds = np.array([spot.kind for spot in spots])
        self.switches = np.flatnonzero(kinds == "switch")
        self.switch_from = np.array([SWITCH_FROM[show] for show in shows], np.float32)[self.switches]
        self.duos = np.flatnonzero((kinds == "duo") & (self.sphere >= 0))
        self.rings_of_health = np.flatnonzero((kinds == "ring") & (np.array(shows) == "health"))
        self.plain = np.flatnonzero(np.isin(kinds, ("ring", "level", "switch", "duo")))
        self.turned = np.flatnonzero([is_turned(spot, laid) for spot in spots])
        self.shows_value = np.isin(self.turned, self.value)
        self.is_length = (kinds == "ring")[self.turned] | (kinds == "level")[self.turned]
        self.last_growth = np.zeros(0, np.float32)
        self.present, self.present_of = self.sphere, -1

    def wanted(self, shine: Shine, knobs: Knobs, deeds: Mapping[str, float] | None = None) -> NDArray[np.uint8]:
        """uint8[spot, 3]: red, green and blue, as LEDs need it; for lights that cannot show colours as `driver.Driver`
        has it: red and green mixed where there are only those, and grey, in even steps for the eye, where not. `deeds`
        stands for the shine's, where they are given."""
        sphere, face = self._present(len(shine.light)), faces(shine)
        picture = np.zeros((self.count, 3), np.float32)
        picture[self.lit] = face.lit[sphere[self.lit]]
        self._draw_cracks(picture, shine, face, sphere[self.body])
        picture[self.health] = face.health[sphere[self.health]]
        picture[self.cracks] = face.cracks[sphere[self.cracks]]
        self._draw_plain(picture, face, sphere)
        self._draw_knobs(picture, shine, knobs, sphere)
        done = shine.deeds if deeds is None else deeds
        for index, deed in self.deeds:
            picture[index] = DEED_COLOURS.get(deed, VALUE_COLOUR) * np.float32(done.get(deed, 0.0))
        return self._for_kinds(picture, face, sphere)

    def urgency(self, shine: Shine) -> Floats:
        """float32[spot]: how pressing each light is, 0 to 1: cracks first. Called once a picture: it remembers where
        cracks were."""
        pressing = URGENCY[shine.state]
        if len(self.last_growth) == len(shine.growth):
            pressing = np.where(shine.growth > self.last_growth, np.float32(GROWING_URGENCY), pressing)
        pressing = np.where(shine.debris > 0.0, np.float32(FALLING_URGENCY), pressing)
        self.last_growth = shine.growth
        return np.append(pressing, np.float32(OTHER_URGENCY))[self._present(len(shine.light))]

    def _present(self, count: int) -> Places:
        """The sphere of each light, -1 where there is none, or none so far up in a set of `count`."""
        if count != self.present_of:
            self.present_of, self.present = count, np.where(self.sphere < count, self.sphere, -1)
        return self.present

    def _draw_cracks(self, picture: Floats, shine: Shine, face: Faces, sphere: Places) -> None:
        """Cracks glow through where they are, sickly, the more the less the sphere shines."""
        if not len(self.body) or not shine.growth.any():
            return
        crack = (face.cracked[sphere] * self.strips).max(axis=1)[:, None]
        body = picture[self.body]
        picture[self.body] = body + crack * (SICK * face.bright[sphere][:, None] - body)

    def _draw_plain(self, picture: Floats, face: Faces, sphere: Places) -> None:
        """Lights without the sphere's colour are grey, and exactly as bright or long as what they show."""
        if not len(self.plain):
            return
        grey = picture.max(axis=1)
        grey[self.light] = face.glow[sphere[self.light]]
        grey[self.health] = face.level[sphere[self.health]]
        if len(self.rings_of_health):
            grey[self.rings_of_health] *= np.maximum(face.sound[sphere[self.rings_of_health]], LEAST_RING)
        picture[self.plain] = grey[self.plain, None]

    def _draw_knobs(self, picture: Floats, shine: Shine, knobs: Knobs, sphere: Places) -> None:
        """Where what a knob turns stands. Until a knob has taken over, its light goes to and fro between that and where
        the knob is."""
        turned, place = self.turned, self.place[self.turned]
        if not len(turned):
            return
        aim, hardware = knobs.aim[place], knobs.hardware[place]
        colours = np.concatenate((shine.colour / np.float32(255.0), VALUE_COLOUR[None]))
        colour = colours[sphere[turned]].astype(np.float32)
        colour[self.is_length] = 1.0
        told = colour * np.clip(aim, 0.0, 1.0)[:, None]
        picture[turned] = np.where(self.shows_value[:, None], told, picture[turned])
        apart = ~knobs.caught[place] & (hardware >= 0.0) & (aim >= 0.0) & (np.abs(hardware - aim) > MISMATCH)
        if not apart.any() or not is_at_hardware(shine.now_s):
            return
        # a length says where the knob is; a mere light cannot, but that it is elsewhere
        other = np.where(picture[turned].max(axis=1) >= 0.5, np.float32(0.1), np.float32(1.0))
        there = np.where(self.is_length & self.shows_value, hardware, other)
        picture[turned] = np.where(apart[:, None], HARDWARE_COLOUR * there[:, None], picture[turned])

    def _for_kinds(self, picture: Floats, face: Faces, sphere: Places) -> NDArray[np.uint8]:
        if len(self.duos):
            damage = 1.0 - face.sound[sphere[self.duos]]
            shade = picture[self.duos].max(axis=1)
            red = np.clip((damage - YELLOW_FROM) / (RED_FROM - YELLOW_FROM), 0.0, 1.0)
            green = np.clip((NO_GREEN - damage) / (NO_GREEN - RED_FROM), 0.0, 1.0)
            picture[self.duos] = np.stack((red * shade, green * shade, np.zeros_like(shade)), axis=1)
        if len(self.switches):
            lit = picture[self.switches].max(axis=1) >= self.switch_from
            picture[self.switches] = lit[:, None]
        # a number that is none is dark
        steps = (np.fmin(np.fmax(picture, 0.0), 1.0) * 1023.0 + 0.5).astype(np.intp)
        drawn: NDArray[np.uint8] = LED_OF_BRIGHTNESS[steps]
        if len(self.plain):
            drawn[self.plain] = PLAIN[steps[self.plain]]
        return drawn


@dataclass(frozen=True)
class Faces:
    """What lights may show of each sphere, 0 to 1, and last of none.

    `lit`, `health` and `cracks` are float32[sphere + 1, 3]; `glow`, its brightness, `level`, that of its health's
    pattern, `sound`, its health, and `bright`, how much its cracks glow, float32[sphere + 1]; `cracked`, where it has
    cracks, float32[sphere + 1, BINS].
    """

    lit: Floats
    health: Floats
    cracks: Floats
    glow: Floats
    level: Floats
    sound: Floats
    bright: Floats
    cracked: Floats


@lru_cache(maxsize=1)
def faces(shine: Shine) -> Faces:
    """Worked out once for all surfaces that show the same."""
    hue, glow = appearance(shine)
    level = pulse(shine.state, shine.flicker, shine.now_s)
    amount = (1.0 - np.exp(shine.growth * np.float32(-1.0 / FULL_GROWTH_RAD))) * (shine.state != STATE["shattered"])
    amount = amount * (0.6 + 0.4 * (1.0 - shine.flicker))
    standing = (shine.state < STATE["shattered"])[:, None]
    return Faces(
        lit=_and_none(hue * glow[:, None]),
        health=_and_none(hue * level[:, None]),
        cracks=_and_none(amount[:, None] * SICK),
        glow=_and_none(glow),
        level=_and_none(level),
        sound=_and_none(shine.health),
        bright=_and_none(CRACK_LIT + (1.0 - CRACK_LIT) * (1.0 - shine.flicker)),
        cracked=_and_none(np.float32(CRACK) * shine.cracked * standing),
    )


def appearance(shine: Shine) -> tuple[Floats, Floats]:
    """(float32[sphere, 3] hue, float32[sphere] brightness) of each sphere, 0 to 1 in even steps for the eye."""
    colour = shine.colour / np.maximum(shine.colour.max(axis=1, keepdims=True), 1).astype(np.float32)
    dip = 1.0 - shine.flicker
    ill = np.clip(ILL * (1.0 - shine.health) * (ILL_LIT + (1.0 - ILL_LIT) * dip), 0.0, 1.0)[:, None]
    hue = colour + ill * (SICK - colour)
    floor = (REST + BEAT * shine.is_beat + HELD * shine.held + SOOTHED * shine.soothed) * shine.flicker
    glow = floor + shine.light * (1.0 - floor)
    if shine.soothed.any():
        hue += (WARMTH * shine.soothed)[:, None] * (WARM - hue)
    gone, gathering = shine.state == STATE["shattered"], shine.state == STATE["reforming"]
    if gone.any():
        hue[gone] = DULL
        glow = np.where(gone, DEBRIS * shine.debris, glow)
    if gathering.any():
        along = np.clip(shine.health / GATHERED_HEALTH, 0.0, 1.0)
        hue[gathering] = DULL + along[gathering, None] * (colour[gathering] - DULL)
        swell = pulse(shine.state, shine.flicker, shine.now_s)
        glow = np.where(gathering, swell * (DUST + (1.0 - DUST) * along), glow)
    return hue.astype(np.float32), glow.astype(np.float32)


def shown(spot: Spot) -> str:
    """What a light shows, as far as it can: one that has no sphere shows what its knob turns."""
    if spot.sphere is None and spot.show in ("light", "body", "health", "cracks"):
        return "value" if spot.place >= 0 else "dark"
    return spot.show


def is_turned(spot: Spot, laid: Laid) -> bool:
    """Whether a light's control turns something, and so may stand elsewhere than that."""
    if spot.place < 0:
        return False
    assignment = laid.assignments[spot.place]
    return assignment.control.message != "note" and bool(assignment.parameter or assignment.gesture)


def strip(spot: Spot) -> Floats:
    """float32[BINS]: how much a crack in each stretch of the sphere's height takes of this light."""
    low = np.arange(BINS) / BINS
    bottom = min(spot.height, 1.0 - spot.stretch)
    reaches = (low < bottom + spot.stretch) & (low + 1.0 / BINS > bottom)
    share = 1.0 - WHOLE_SPHERE * max(0.0, spot.stretch - 0.25) / 0.75
    return np.where(reaches, share, 0.0).astype(np.float32)


def _and_none(values: Floats) -> Floats:
    """The same, and zeros for lights that have no sphere."""
    return np.concatenate((values, np.zeros((1, *values.shape[1:]), values.dtype)))
