"""The strict TOML reader: each kind of bad input gives its file, key, expected and found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from weaver.model.errors import ConfigError
from weaver.model.text_file import read_bytes
from weaver.model.toml_table import MAX_BYTES, Table, read_toml
from weaver.model.units import SILENCE_DB


def table_of(folder: Path, text: str) -> Table:
    path = folder / "x.toml"
    path.write_text("format = 1\n" + text, encoding="utf-8")
    return read_toml(path)


def check(caught: pytest.ExceptionInfo[ConfigError], where: str, expected: str, found: str) -> None:
    error = caught.value
    assert error.where.endswith(where)
    assert (error.expected, error.found) == (expected, found)
    assert str(error) == f"{error.where}: expected {expected}, found {found}"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("'left'", "'left'"),
        ("true", "true"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("-180.5", "-180.5"),
        ("[1]", "an array of 1"),
        ("{a = 1}", "a table"),
        ("1979-05-27", "1979-05-27"),
        ("0x" + "f" * 30, "an integer beyond 64 bits"),
        ("0x" + "f" * 9000, "an integer beyond 64 bits"),
        ("'" + "y" * 50 + "'", "'" + "y" * 40 + "'..."),
    ],
)
def test_number(tmp_path: Path, value: str, found: str) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, f"azimuth_deg = {value}").number("azimuth_deg", -180, 180)
    check(caught, "x.toml: azimuth_deg", "a number from -180 to 180", found)


@pytest.mark.parametrize(("value", "found"), [("3.0", "3.0"), ("65", "65"), ("false", "false"), ("'1'", "'1'")])
def test_integer(tmp_path: Path, value: str, found: str) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, f"modes = {value}").integer("modes", 1, 64)
    check(caught, "x.toml: modes", "a whole number from 1 to 64", found)


@pytest.mark.parametrize("value", ['""', '"  "', "7", '"a\\u0007b"', '"a\\u202eb"', '"' + "z" * 25 + '"', '"a\\nb"'])
def test_text(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="text of 1 to 24 printable characters") as caught:
        table_of(tmp_path, f"name = {value}").text("name", 24)
    assert caught.value.where.endswith("x.toml: name")


@pytest.mark.parametrize("value", ["'blue'", "'#12345'", "'#1234567'", "'#12345g'", "0x2fb8ff"])
def test_colour(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match='a colour such as "#2fb8ff"'):
        table_of(tmp_path, f"colour = {value}").colour("colour")


def test_values_that_are_right(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "a = 1\nb = -2.5\nc = ' hi '\nd = '#AABBCC'\ne = 'off'\nf = [1, 2.5]\ng = ['#000000']\nh = 'two'\ni = -3\n",
    )
    assert table.integer("a", 1, 1) == 1
    assert table.number("b", -3, 0) == -2.5
    assert table.text("c", 2) == "hi"
    assert table.colour("d") == "#aabbcc"
    assert table.level_db("e", -60, 0, -10) == SILENCE_DB
    assert table.level_db("i", -60, 0, -10) == -3.0
    assert table.level_db("absent", -60, 0, -10) == -10
    assert table.numbers("f", 0, 3, 2, 2) == (1.0, 2.5)
    assert table.colours("g", 1, 2) == ("#000000",)
    assert table.choice("h", ("one", "two")) == "two"
    assert table.number("absent", 0, 1, default=0.5) == 0.5
    assert table.tables("absent", 0, 3) == []
    table.finish()


def test_level_names_both_choices(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, "hum_db = 'loud'").level_db("hum_db", -90, 0, 0)
    check(caught, "x.toml: hum_db", 'a number from -90 to 0, or "off"', "'loud'")


def test_arrays_name_the_element(tmp_path: Path) -> None:
    table = table_of(tmp_path, "n = [1, 'two']\nc = ['#000000', 'red']\nt = ['a', 1]\ns = [1]\n")
    with pytest.raises(ConfigError) as caught:
        table.numbers("n", 0, 9, 2, 2)
    check(caught, "x.toml: n[1]", "a number from 0 to 9", "'two'")
    with pytest.raises(ConfigError) as caught:
        table.numbers("n", 0, 9, 3, 3)
    check(caught, "x.toml: n", "an array of 3 numbers from 0 to 9", "an array of 2")
    with pytest.raises(ConfigError) as caught:
        table.colours("c", 1, 9)
    check(caught, "x.toml: c[1]", 'a colour such as "#2fb8ff"', "'red'")
    with pytest.raises(ConfigError) as caught:
        table.texts("t", 1, 9)
    check(caught, "x.toml: t[1]", "text", "1")
    with pytest.raises(ConfigError) as caught:
        table.tables("s", 0, 64)
    check(caught, "x.toml: s[0]", "a table", "1")


def test_tables_inside_tables_say_their_path(tmp_path: Path) -> None:
    table = table_of(tmp_path, "[a.b]\nc = 1\n[[a.d]]\n[[a.d]]\ne = 2\n")
    inner = table.table("a")
    with pytest.raises(ConfigError) as caught:
        inner.table("b").number("c", 2, 3)
    check(caught, "x.toml: a.b.c", "a number from 2 to 3", "1")
    with pytest.raises(ConfigError) as caught:
        inner.tables("d", 1, 2)[1].number("e", 5, 6)
    check(caught, "x.toml: a.d[1].e", "a number from 5 to 6", "2")


def test_missing_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, "other = 1").number("f0_hz", 16, 8000)
    check(caught, "x.toml: f0_hz", "a number from 16 to 8000", "nothing")


def test_missing_key_with_a_misspelt_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, "color = '#000000'").colour("colour")
    check(caught, "x.toml: colour", 'a colour such as "#2fb8ff"', "nothing (but there is 'color')")


def test_unknown_key(tmp_path: Path) -> None:
    table = table_of(tmp_path, "levle_db = 1\n")
    table.number("level_db", -60, 12, default=0)
    with pytest.raises(ConfigError) as caught:
        table.finish()
    check(
        caught,
        "x.toml: levle_db",
        "level_db perhaps, or one of the keys format, level_db",
        "an unknown key",
    )


def test_unknown_key_with_strange_letters_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, '"\\u001b[2J" = 1').finish()
    assert caught.value.where.endswith("x.toml: '\\x1b[2J'")


@pytest.mark.parametrize(("text", "found"), [("", "nothing"), ("format = 2", "2"), ("format = '1'", "'1'")])
def test_format(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    check(caught, "x.toml: format", "a whole number from 1 to 1", found)


@pytest.mark.parametrize(
    ("text", "where", "expected", "found"),
    [
        ("a = 1\nb 2\n", "line 3, column 3", "'=' after a key in a key/value pair", "'2'"),
        ("a = \n", "line 2, column 5", "valid TOML (Invalid value)", "the end of the line"),
        ("a = [1,", "line 2", "valid TOML (Invalid value)", "the end of the file"),
        (
            "a = 1\na = 2\n",
            "line 3, column 6",
            "valid TOML (Cannot overwrite a value)",
            "the end of the line",
        ),
    ],
)
def test_broken_syntax(tmp_path: Path, text: str, where: str, expected: str, found: str) -> None:
    with pytest.raises(ConfigError) as caught:
        table_of(tmp_path, text)
    check(caught, f"x.toml: {where}", expected, found)


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "a = " + "9" * 20_000])
def test_depth_and_length_are_limited(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        table_of(tmp_path, text)


def test_a_byte_order_mark_and_windows_line_ends_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfformat = 1\r\na = 2\r\n")
    assert read_toml(path).integer("a", 0, 9) == 2


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"format = 1\n# caf\xe9\n")
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    check(caught, "x.toml: line 2", "UTF-8 text", "byte 0xe9")


def test_what_is_no_readable_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_toml(tmp_path / "none.toml")
    check(caught, "none.toml", "a file", "no such file")
    with pytest.raises(ConfigError) as caught:
        read_toml(tmp_path)
    check(caught, str(tmp_path), "a file", "a directory")
    with pytest.raises(ConfigError, match="a file name"):
        read_toml(tmp_path / "nu\0l.toml")
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ConfigError) as caught:
        read_toml(big)
    check(caught, "big.toml", "a file of at most 256 KiB", "a larger one")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are a thing of POSIX")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ConfigError) as caught:
        read_toml(tmp_path / "pipe.toml")
    check(caught, "pipe.toml", "a file", "a device or pipe")


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX permissions")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("format = 1\n")
    path.chmod(0)
    root = os.geteuid() == 0
    if root:  # root may read everything; be nobody for a moment
        os.seteuid(65534)
    try:
        with pytest.raises(ConfigError) as caught:
            read_bytes(path, 100)
    finally:
        if root:
            os.seteuid(0)
    check(caught, "x.toml", "a readable file", "permission denied")
