"""MIDI modes as files: those that ship do what players expect, and every bad one says where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weaver.engine.controls import EXPRESSION, SUSTAIN, TIMBRE, TO_PARAMETER, UNUSED, VOLUME
from weaver.engine.zones import BY_CHANNEL, KEYS, MPE, PADS
from weaver.mapping.modes import compile_mode, load_mode, unit_of
from weaver.mapping.profile import Profile
from weaver.mapping.profile_file import MAX_DESCRIPTION_CHARS, MODE_NOTES, load_profiles
from weaver.mapping.tuning import standard_tuning
from weaver.model.configs import list_configs, shipped_folder
from weaver.model.errors import ConfigError
from weaver.model.midi_out import CHANNEL_CONTROLS
from weaver.model.parameters import INDEX

SHIPPED = sorted(path.stem for path in (shipped_folder() / "controllers").glob("*.toml"))

HEAD = 'format = 1\ntitle = "Test"\nnotes = "keys"\n'


def write(folder: Path, controls: str, head: str = HEAD) -> Path:
    path = folder / "test.toml"
    path.write_text(head + controls)
    return path


def compiled(mode: Profile) -> np.record:
    return compile_mode(mode, standard_tuning())


def test_four_ship() -> None:
    assert SHIPPED == list_configs("controllers")
    modes = [profile for profile in load_profiles()[0] if profile.notes in MODE_NOTES]
    numbers = {"pads": PADS, "keys": KEYS, "mpe": MPE, "channels": BY_CHANNEL}
    assert {mode.name: int(compiled(mode).mode) for mode in modes} == numbers


def test_where_a_channel_is_a_sphere_pan_is_its_own() -> None:
    assert compiled(load_mode("channels")).cc_kind[CHANNEL_CONTROLS["pan"]] == UNUSED


@pytest.mark.parametrize("name", ["keys", "mpe", "pads"])
def test_shipped_modes_do_what_players_expect(name: str) -> None:
    mode = load_mode(name)
    table = compiled(mode)
    assert mode.name == name and len(mode.description) > 20
    for cc, kind in {7: VOLUME, 11: EXPRESSION, 64: SUSTAIN, 74: TIMBRE, 0: UNUSED, 2: UNUSED}.items():
        assert table.cc_kind[cc] == kind
    for cc, (parameter, low, high) in {
        1: ("vibrato_cents", 0, 60),
        10: ("turn_deg", -90, 90),
        73: ("hardness", 1, 0),
        91: ("wet_db", -60, 0),
    }.items():
        assert table.cc_kind[cc] == TO_PARAMETER
        assert (table.cc_parameter[cc], table.cc_low[cc], table.cc_high[cc]) == (INDEX[parameter], low, high)
        assert not table.cc_exponential[cc]
    assert (table.cc_low[74], table.cc_high[74]) == (-6, 6)
    assert table.cc_exponential[76] == 1


def test_the_tuning_is_in_the_table() -> None:
    table = compiled(load_mode("keys"))
    assert table.note_hz[69] == 440.0
    assert (np.diff(table.note_hz) > 0).all()


def test_what_is_not_given_is_the_parameters_own(tmp_path: Path) -> None:
    mode = load_mode(write(tmp_path, '[[controls]]\ncc = 20\nparameter = "room_t60_s"\n'))
    (control,) = mode.controls
    assert (control.low, control.high, control.curve, unit_of(control)) == (0.2, 20, "exponential", "s")
    assert mode.name == "test" and mode.description == ""


def test_a_players_own_file_takes_the_place_of_ours(no_own_configs: Path) -> None:
    (no_own_configs / "controllers").mkdir()
    write(no_own_configs / "controllers", "", HEAD).rename(no_own_configs / "controllers" / "pads.toml")
    assert load_mode("pads").controls == ()
    assert load_mode("keys").controls != ()


GOOD = '[[controls]]\ncc = 20\nparameter = "wet_db"\n'

BAD = [
    ('[[controls]]\ncc = 20\nparameter = "wetness"\n', "controls[0].parameter"),
    ('[[controls]]\ncc = 20\nuse = "hold"\n', "controls[0].use"),
    ('[[controls]]\ncc = 20\nuse = "parameter"\n', "controls[0].use"),
    ('[[controls]]\ncc = 120\nuse = "sustain"\n', "controls[0].cc"),
    ('[[controls]]\ncc = -1\nuse = "sustain"\n', "controls[0].cc"),
    ('[[controls]]\ncc = 1.5\nuse = "sustain"\n', "controls[0].cc"),
    ('[[controls]]\nuse = "sustain"\n', "controls[0].cc"),
    ('[[controls]]\ncc = 6\nuse = "sustain"\n', "controls[0].cc"),
    ('[[controls]]\ncc = 100\nuse = "sustain"\n', "controls[0].cc"),
    ("[[controls]]\ncc = 20\n", "controls[0]"),
    (GOOD + 'use = "sustain"\n', "controls[0]"),
    (GOOD + "low = -61\n", "controls[0].low"),
    (GOOD + "high = nan\n", "controls[0].high"),
    (GOOD + 'high = "loud"\n', "controls[0].high"),
    (GOOD + 'curve = "steep"\n', "controls[0].curve"),
    (GOOD + 'curve = "exponential"\n', "controls[0].curve"),
    (GOOD + "step = 1\n", "controls[0].step"),
    (GOOD + GOOD, "controls[1].cc"),
    ('[[controls]]\ncc = 64\nuse = "sustain"\nlow = 0\n', "controls[0].low"),
    ('[[controls]]\ncc = 74\nuse = "timbre"\n', "controls[0].low"),
    ('[[controls]]\ncc = 74\nuse = "timbre"\nlow = -6\nhigh = 13\n', "controls[0].high"),
    ("controls = 3\n", "controls"),
    ("[controls]\ncc = 1\n", "controls"),
]


@pytest.mark.parametrize(("controls", "where"), BAD)
def test_bad_controls_say_where(tmp_path: Path, controls: str, where: str) -> None:
    path = write(tmp_path, controls)
    with pytest.raises(ConfigError) as caught:
        load_mode(path)
    assert caught.value.where == f"{path}: {where}"


@pytest.mark.parametrize(
    ("head", "where"),
    [
        ('format = 1\ntitle = "Test"\nevidence = "low"\n', "notes"),
        ('format = 1\ntitle = "Test"\nevidence = "low"\nnotes = "mode"\n', "notes"),
        ('format = 1\ntitle = "Test"\nnotes = "drums"\n', "notes"),
        ('format = 1\nnotes = "keys"\n', "title"),
        ('title = "Test"\nnotes = "keys"\n', "format"),
        (HEAD + "mode = 3\n", "mode"),
        (HEAD + '[ports]\ninput = ["x"]\n', "ports"),
        (HEAD + f'description = "{"x" * (MAX_DESCRIPTION_CHARS + 1)}"\n', "description"),
    ],
)
def test_bad_heads_say_where(tmp_path: Path, head: str, where: str) -> None:
    path = write(tmp_path, "", head)
    with pytest.raises(ConfigError) as caught:
        load_mode(path)
    assert caught.value.where == f"{path}: {where}"


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(ConfigError, match="one of the modes channels, keys, mpe, pads, found 'drums'"):
        load_mode("drums")


def test_a_controller_is_no_mode_and_is_told_what_is(tmp_path: Path) -> None:
    path = write(tmp_path, "", 'format = 1\ntitle = "Test"\nevidence = "low"\nnotes = "mode"\n')
    with pytest.raises(ConfigError, match="keys, mpe, pads"):
        load_mode(path)


@pytest.mark.parametrize("key", ["note = 3", "bend = true", "channel = 1", 'encoding = "absolute"', 'do = "hush"'])
def test_what_a_mode_has_no_tables_for_is_refused(tmp_path: Path, key: str) -> None:
    entry = f"[[controls]]\n{'cc = 20' if '=' in key and key[0] not in 'nb' else ''}\n{key}\nparameter = 'wet_db'\n"
    with pytest.raises(ConfigError) as caught:
        load_mode(write(tmp_path, entry))
    assert caught.value.where.startswith(f"{tmp_path / 'test.toml'}: controls[0]")
