"""Whoever else wants to know what controllers say, and what their lights are told: a lesson, a monitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

News = TypeVar("News")


class Listeners(Generic[News]):
    """Is told in the order it came, on the thread of whoever tells. Anybody may come or go at any time."""

    def __init__(self) -> None:
        self._listeners: tuple[Callable[[News], None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self._listeners)

    def add(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Tell `listener` from now on; returns what ends it."""
        self._listeners = (*self._listeners, listener)

        def end() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return end

    def tell(self, news: News) -> None:
        """Tell everybody."""
        for listener in self._listeners:
            listener(news)
