"""The page for a tablet's browser: what to type into TouchOSC, and layouts to load into it. No script, nothing from
elsewhere, so that it works where there is no internet, and nothing but its own style may act in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

PAGE = "/tablet"
LAYOUT_SUFFIX = ".tosc"
_LAYOUT_PREFIX = "sonic-weaver-"

_STYLE = """
:root { color-scheme: dark; --night: #17102b; --deep: #07040f; --ink: #e9e2fb; --faint: #a79cc9; --gold: #f5c45e;
  --violet: #8a5cf0; --line: #3a2b66 }
* { box-sizing: border-box }
html { background: var(--deep) }
body { margin: 0; min-height: 100vh; color: var(--ink); font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI",
  Roboto, "Noto Sans", sans-serif; background: radial-gradient(95rem 62rem at 30% -16rem, #4b2c94 0, #26174d 34%,
  var(--night) 58%, var(--deep) 100%) no-repeat; -webkit-text-size-adjust: 100% }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
header { display: flex; align-items: center; gap: 1.25rem; margin-bottom: 2.25rem }
header svg { flex: none; width: 6.5rem; height: 6.5rem; filter: drop-shadow(0 0 1.6rem rgba(138, 92, 240, .55)) }
h1 { margin: 0; color: var(--gold); font-weight: 300; font-size: 2.6rem; line-height: 1.15; letter-spacing: .01em }
header p { margin: .2rem 0 0; color: var(--faint) }
ol { display: grid; gap: 1.25rem; margin: 0; padding: 0; list-style: none; counter-reset: step }
li { padding: 1.4rem 1.5rem 1.5rem; border: 1px solid var(--line); border-radius: 1.25rem; counter-increment: step;
  background: linear-gradient(160deg, rgba(138, 92, 240, .16), rgba(23, 16, 43, .55)) }
h2 { display: flex; align-items: center; gap: .8rem; margin: 0 0 .7rem; font-weight: 500; font-size: 1.3rem;
  line-height: 1.25 }
h2::before { content: counter(step); flex: none; width: 2.3rem; height: 2.3rem; border-radius: 50%; color: #2a1640;
  font-weight: 700; line-height: 2.3rem; text-align: center; background: radial-gradient(circle at 34% 28%, #fff3d2 0,
  var(--gold) 38%, #b9852b 100%); box-shadow: 0 0 1.4rem rgba(245, 196, 94, .35) }
p { margin: 0 0 .8rem }
li > :last-child { margin-bottom: 0 }
.layouts { display: grid; gap: .7rem; grid-template-columns: 1fr 1fr; margin: 0 0 1rem }
.layouts a { display: block; padding: .8rem 1.1rem; border-radius: .85rem; color: #fff; font-weight: 600;
  text-align: center; text-decoration: none; background: linear-gradient(#8f63f2, #6a3fd0);
  box-shadow: inset 0 1px rgba(255, 255, 255, .22), 0 .5rem 1.4rem rgba(74, 36, 160, .45) }
.layouts a:focus, .layouts a:hover { background: linear-gradient(#a17bf7, #7a4de0) }
table { width: 100%; margin: 0 0 .9rem; border-collapse: collapse }
th, td { padding: .55rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400 }
tr:last-child th, tr:last-child td { border: 0 }
th { width: 44%; color: var(--faint) }
td { color: var(--gold); font: 600 1.3rem/1.3 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  -webkit-user-select: all; user-select: all; overflow-wrap: anywhere }
kbd { display: inline-block; min-width: 1.7em; padding: 0 .4em; border: 1px solid var(--violet); border-radius: .4em;
  color: var(--gold); font: 600 1em/1.55 ui-monospace, Menlo, Consolas, monospace; text-align: center }
.faint { color: var(--faint); font-size: .95rem }
.alone { margin: 0 0 1.5rem; padding: 1rem 1.5rem; border: 1px solid var(--gold); border-radius: 1.25rem;
  background: rgba(245, 196, 94, .1) }
code { color: var(--gold) }
@media (min-width: 56rem) { main { padding-top: 3.5rem }
  ol { grid-template-columns: 1fr 1fr } li:last-child { grid-column: 1 / -1 } }
@media (max-width: 34rem) { .layouts { grid-template-columns: 1fr } }
@media (max-width: 30rem) { header svg { width: 4rem; height: 4rem } h1 { font-size: 1.85rem } main { padding-top:
  1.5rem } li { padding: 1.15rem 1.1rem 1.2rem } td { font-size: 1.15rem } }
"""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing is loaded, nothing is run, nothing is sent; the one style sheet is known by its hash."""

_SIGN = """<svg viewBox="0 0 96 96" aria-hidden="true"><defs>
<radialGradient id="g" cx=".35" cy=".3" r=".8"><stop offset="0" stop-color="#fff6df"/><stop offset=".35"
 stop-color="#f5c45e"/><stop offset="1" stop-color="#8a5a1c"/></radialGradient>
<radialGradient id="v" cx=".35" cy=".3" r=".8"><stop offset="0" stop-color="#efe6ff"/><stop offset=".4"
 stop-color="#8a5cf0"/><stop offset="1" stop-color="#35187a"/></radialGradient>
<radialGradient id="b" cx=".35" cy=".3" r=".8"><stop offset="0" stop-color="#e6f4ff"/><stop offset=".4"
 stop-color="#5a8cf0"/><stop offset="1" stop-color="#152a6b"/></radialGradient></defs>
<g fill="none" stroke="#f3dfae" stroke-opacity=".75" stroke-linecap="round">
<path d="M29 38 Q49 2 69 29"/><path d="M29 38 Q52 22 69 29"/>
<path d="M29 38 Q22 84 61 71"/><path d="M29 38 Q40 64 61 71"/><path d="M69 29 Q96 58 61 71"/></g>
<circle cx="29" cy="38" r="20" fill="url(#v)"/><circle cx="69" cy="29" r="13" fill="url(#g)"/>
<circle cx="61" cy="71" r="16" fill="url(#b)"/></svg>"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tablet reaches the instrument. `host` is the address by which it asked for this page, which works from
    where it stands; `others` are those by which it could reach it too; `is_open`, whether other machines are heard."""

    name: str
    host: str
    osc_port: int
    reply_port: int
    others: tuple[str, ...] = ()
    is_open: bool = True


def tablet_page(place: Place, layouts: Sequence[str]) -> bytes:
    """The page, for a place and the file names of the layouts that can be had under PAGE."""
    links = "".join(f'<a href="{PAGE}/{escape(name)}" download>{escape(_title(name))}</a>' for name in layouts)
    rows = (("Host", place.host), ("Send port", place.osc_port), ("Receive port", place.reply_port))
    table = "".join(f"<tr><th>{key}</th><td>{escape(str(value))}</td></tr>" for key, value in rows)
    others = ", ".join(map(escape, place.others))
    elsewhere = f'<p class="faint">This instrument is also at {others}.</p>' if place.others else ""
    alone = (
        ""
        if place.is_open
        else '<p class="alone">The instrument hears nobody but this machine. To play it from a tablet, start it with '
        "<code>--lan</code> and open this page on the tablet.</p>"
    )
    get = (
        f'<nav class="layouts">{links}</nav><p class="faint">Open the file with TouchOSC: share it to the app, or pick '
        "it in TouchOSC's own browser of layouts.</p>"
        if layouts
        else "<p>Ask whoever plays for a layout: <code>weaver touchosc</code> makes them.</p>"
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#17102b"><title>{escape(place.name)} on a tablet</title>
<style>{_STYLE}</style></head>
<body><main>
<header>{_SIGN}<div><h1>{escape(place.name)}</h1><p>Play the spheres from here, with TouchOSC.</p></div></header>
{alone}<ol>
<li><h2>Take a layout</h2>{get}</li>
<li><h2>Connect</h2><p>In TouchOSC: Connections, then OSC. Connection 1 by UDP:</p><table>{table}</table>
<p class="faint">Or tap Browse, and choose {escape(place.name)}.</p>{elsewhere}</li>
<li><h2>Play</h2><p>Start the layout, and touch a sphere. The first time, the instrument asks whether this tablet may
play: press <kbd>@</kbd> there to let it in, and <kbd>&amp;</kbd> to have it remembered.</p>
<p class="faint">Nothing happens? Both must be on the same network; a guest network may keep its devices apart, and a
firewall may close UDP port {place.osc_port}.</p></li>
</ol></main></body></html>
""".encode()


def _title(layout: str) -> str:
    words = layout.removesuffix(LAYOUT_SUFFIX).removeprefix(_LAYOUT_PREFIX).split("-")
    return ", ".join(words).capitalize()
