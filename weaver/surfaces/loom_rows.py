"""What a controller's controls do, as text: each group in its shape, and a line for every deed there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from weaver.mapping.loom import DEEDS, Assignment, Laid, Loom, Row
from weaver.mapping.profile import Bound, Control, Group, Profile
from weaver.model.errors import ConfigError
from weaver.model.gestures import gesture_named
from weaver.model.parameters import INDEX, PARAMETERS
from weaver.model.spheres import Sphere, SphereSet
from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK

NOTHING = "·"
WIDE_COLUMNS = 8
"""Of pads, from which there is no room for air between them on a page of 80 cells."""
BESIDE = "beside the pads: where they strike or rub, from 0 near the pole to 1 on the rim, and what their lights show"


def loom_rows(profile: Profile, laid: Laid, looms: Mapping[str, Loom], spheres: SphereSet) -> Iterator[RenderableType]:
    """The whole drawing, from top to bottom."""
    yield Text.assemble((profile.title, f"bold {GOLD}"), f"  {profile.name}  ", (f"evidence {profile.evidence}", FAINT))
    if profile.description:
        yield Text(profile.description, FAINT)
    yield Text(page_line(laid, spheres), INK)
    for group in profile.groups:
        yield Text()
        yield _heading(group, looms.get(group.name))
        yield _shape(group, laid, looms.get(group.name), spheres.spheres)
    if looms:
        yield Text(BESIDE, FAINT)
    if profile.controls:
        yield Text()
        yield Text("controls of their own", f"bold {INK}")
        for bound in profile.controls:
            yield Text.assemble("  ", _bound_line(bound, spheres.spheres))
    if used := words_used(laid):
        yield Text()
        yield _legend(used)


def page_line(laid: Laid, spheres: SphereSet) -> str:
    """Which spheres lie on this page."""
    last = min(laid.first + laid.span, len(spheres.spheres))
    return f"{spheres.title}, spheres {laid.first + 1} to {last}, page {laid.page + 1} of {laid.pages}"


def label(assignment: Assignment | None) -> str:
    """What a control does, in a word or two."""
    if assignment is None or assignment.deed == "none":
        return NOTHING
    if assignment.deed == "parameter":
        return assignment.parameter
    if assignment.deed == "gesture":
        return f"{assignment.gesture} {assignment.argument}"
    return assignment.deed


def one_sphere_a_column(group: Group, laid: Laid) -> list[int | None] | None:
    """The sphere of each column, if no column has two."""
    columns: list[int | None] = []
    for column in range(group.columns):
        found = {laid.of(control) for control in group.controls if control.column == column}
        spheres = {one.sphere for one in found if one is not None and one.sphere is not None}
        if len(spheres) > 1:
            return None
        columns.append(spheres.pop() if spheres else None)
    return columns


def words_used(laid: Laid) -> list[str]:
    """Deeds and parameters of a page, as DEEDS and the table of parameters have them in order."""
    deeds = {assignment.deed for assignment in laid.assignments} - {"none"}
    parameters = {assignment.parameter for assignment in laid.assignments}
    return [word for word in DEEDS if word in deeds] + [name for name in INDEX if name in parameters]


def help_of(word: str) -> str:
    """A deed or parameter in a few words."""
    return DEEDS[word] if word in DEEDS and word not in INDEX else PARAMETERS[INDEX[word]].help


def profile_table(profiles: Sequence[Profile]) -> Table:
    """All profiles there are, a line each."""
    table = Table(box=box.SIMPLE, header_style=FAINT, pad_edge=False)
    for heading in ("name", "what", "evidence", "lights", "whose"):
        table.add_column(heading, no_wrap=heading == "name", overflow="fold")
    for profile in profiles:
        table.add_row(
            Text(profile.name, f"bold {GOLD}"), profile.title, profile.evidence, lights_of(profile),
            Text(str(profile.path) if profile.is_own else "ours", FAINT),
        )  # fmt: skip
    return table


def lights_of(profile: Profile) -> str:
    """What of a controller has lights, and of what kind."""
    if profile.lights is None:
        return "none"
    lit: dict[str, list[str]] = {}
    for group in profile.groups:
        if group.led not in ("none", *lit.get(group.kind, ())):
            lit.setdefault(group.kind, []).append(group.led)
    return "; ".join(f"{kind} {', '.join(leds)}" for kind, leds in lit.items()) or "none"


def error_line(error: ConfigError) -> Text:
    """A file that could not be read, and why."""
    return Text.assemble(("broken  ", f"bold {ALARM}"), str(error))


def _heading(group: Group, loom: Loom | None) -> Text:
    """A group's name, shape and way of lying."""
    shape = f"{group.columns} {group.kind}" if group.rows == 1 else f"{group.columns}x{group.rows} {group.kind}"
    if group.columns == 1:
        shape = (
            f"{group.rows} {group.kind}, from the bottom up" if group.rows > 1 else f"1 {group.kind.removesuffix('s')}"
        )
    text = Text.assemble((group.name, f"bold {INK}"), (f"  {shape}", FAINT))
    if loom is not None:
        text.append(f"  {loom.title}", GOLD)
    return text


def _shape(group: Group, laid: Laid, loom: Loom | None, spheres: Sequence[Sphere]) -> Table:
    """A group as it lies before the player; a single column lies down. Beside rows of pads, what they are for."""
    padding = (0, 0 if loom is not None and group.columns >= WIDE_COLUMNS else 1)
    table = Table(box=box.SQUARE, show_header=False, show_lines=True, border_style=FAINT, padding=padding)
    rows = [controls_of_row(group, row) for row in range(group.rows)]
    if group.columns == 1:
        rows = [list(group.controls)]
    columns = one_sphere_a_column(group, laid) if group.rows > 1 and group.columns > 1 else None
    for _ in rows[0]:
        table.add_column(justify="center", overflow="fold")
    if loom is not None:
        table.add_column(no_wrap=True)
    if columns is not None and any(sphere is not None for sphere in columns):
        table.add_row(*(_sphere_name(sphere, spheres) for sphere in columns))
    for number in reversed(range(len(rows))):
        cells = [_cell(laid.of(control), spheres, columns is None) for control in rows[number]]
        table.add_row(*cells, *(() if loom is None else (_beside(loom.rows[number], group),)))
    return table


def _beside(row: Row, group: Group) -> Text:
    """Where a row strikes or rubs, and what its lights show if that is not the sphere's body."""
    words = [f"{row.position:.2g}".removeprefix("0")] if row.do in ("strike", "rub") else []
    if group.led != "none" and row.show not in ("body", "dark"):
        words.append(row.show)
    return Text(" ".join(words), FAINT)


def _cell(assignment: Assignment | None, spheres: Sequence[Sphere], is_named: bool) -> Text:
    text = Text(label(assignment))
    if is_named and assignment is not None and assignment.sphere is not None:
        text.append("\n").append_text(_sphere_name(assignment.sphere, spheres))
    return text


def _sphere_name(sphere: int | None, spheres: Sequence[Sphere]) -> Text:
    if sphere is None:
        return Text()
    return Text(spheres[sphere].name, spheres[sphere].colour, no_wrap=True, overflow="ellipsis")


def _bound_line(bound: Bound, spheres: Sequence[Sphere]) -> Text:
    sent = bound.message if bound.message == "bend" else f"{bound.message} {bound.number}"
    where = "any channel" if bound.channel is None else f"channel {bound.channel + 1}"
    if bound.parameter:
        unit = PARAMETERS[INDEX[bound.parameter]].unit
        what = f"{bound.parameter}, {bound.low:g} to {bound.high:g} {unit}".rstrip()
    elif bound.gesture:
        unit = next(one.unit for one in gesture_named(bound.gesture).arguments if one.name == bound.argument)
        what = f"{bound.gesture} {bound.argument}, {bound.low:g} to {bound.high:g} {unit}".rstrip()
    else:
        what = bound.do or bound.use
    if bound.sphere is not None:
        whose = spheres[bound.sphere].name if bound.sphere < len(spheres) else f"sphere {bound.sphere + 1}"
        what += f", {whose}"
    return Text.assemble((f"{sent}, {where}", FAINT), f"  {what}")


def _legend(words: Sequence[str]) -> Table:
    table = Table.grid(padding=(0, 2))
    for word in words:
        table.add_row(Text(word, INK), Text(help_of(word), FAINT))
    return table


def controls_of_row(group: Group, row: int) -> list[Control]:
    """From the left."""
    return [control for control in group.controls if control.row == row]
