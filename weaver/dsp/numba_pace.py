"""Numba, quicker: compiling is nearly all Python, of which two habits spare much. They change no machine code."""

from __future__ import annotations

from typing import Any

from numba.core import types

_describe_record = types.Record.__repr__
_described: dict[int, str] = {}
_kept: list[types.Record] = []


def _describe_once(record: types.Record) -> str:
    """What a record type prints as: the state has hundreds of fields, and Numba asks at every call.

    A quarter of all compiling went into that.
    """
    if (description := _described.get(id(record))) is None:
        description = _described[id(record)] = _describe_record(record)
        _kept.append(record)  # so that no other takes its place in memory
    return description


types.Record.__repr__ = _describe_once  # type: ignore[assignment]


def widened(dispatcher: Any) -> Any:
    """Let a kernel be compiled once for all widths of integers it is called with, and for all constants.

    One in six would else be compiled twice or more, as callers count in int32 or int64.
    """
    if not hasattr(dispatcher, "get_call_template"):  # Numba's compiler is disabled
        return dispatcher
    resolve = dispatcher.get_call_template

    def resolve_widened(args: Any, kws: dict[str, Any]) -> Any:
        return resolve(tuple(map(_widen, args)), {name: _widen(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = resolve_widened
    return dispatcher


def _widen(kind: types.Type) -> types.Type:
    kind = types.misc.unliteral(kind)
    return types.int64 if kind in (types.int8, types.int16, types.int32) else kind
