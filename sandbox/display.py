"""The value of a last expression as a notebook shows it: like IPython's plain text, lines of at most 79 columns."""

import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any

WIDTH = 79
MOST_ITEMS = 1000


def display_text(value: object) -> str:
    """The text of the value; a container that does not fit a line gets one item per line."""
    page = Page()
    Layout(page).show(value)
    return page.text()


class Group:
    """One pair of brackets: its pending breaks all become line breaks as soon as the line grows too long."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.broken = False
        self.pending = 0


class Page:
    """Text laid out line by line: where a line grows too long, groups give way from the outermost inwards."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._column = 0
        self._buffer: list[str | tuple[Group, int]] = []
        self._buffered = 0
        self._groups = [Group(0)]
        self._whole: list[Group] = []  # groups that may still be broken
        self.indent = 0

    def open(self, indent: int, text: str = "") -> None:
        """Begin a group with the text; its line breaks are indented by `indent` more."""
        if text:
            self.write(text)
        self._groups.append(Group(len(self._groups)))
        self._whole.append(self._groups[-1])
        self.indent += indent

    def close(self, indent: int, text: str = "") -> None:
        """End the group, with the text."""
        self.indent -= indent
        group = self._groups.pop()
        self._settle(group)
        if text:
            self.write(text)

    def write(self, text: str) -> None:
        """Add text that is never broken."""
        if self._buffer:
            self._buffer.append(text)
            self._buffered += len(text)
            self._break_groups()
        else:
            self._done.append(text)
            self._column += len(text)

    def space(self) -> None:
        """Add a space that becomes a line break when its group is broken."""
        group = self._groups[-1]
        if group.broken:
            self.newline()
            return
        group.pending += 1
        self._buffer.append((group, self.indent))
        self._buffered += 1
        self._break_groups()

    def newline(self) -> None:
        """Add a line break."""
        self._flush()
        self._done.append("\n" + " " * self.indent)
        self._column = self.indent

    def text(self) -> str:
        """All of it."""
        self._flush()
        return "".join(self._done)

    def _flush(self) -> None:
        for item in self._buffer:
            self._emit(item)
        self._buffer.clear()
        self._buffered = 0

    def _emit(self, item: str | tuple[Group, int]) -> None:
        if isinstance(item, str):
            self._done.append(item)
            self._column += len(item)
            return
        group, indent = item
        group.pending -= 1
        self._settle(group)
        self._done.append("\n" + " " * indent if group.broken else " ")
        self._column = indent if group.broken else self._column + 1

    def _break_groups(self) -> None:
        while self._column + self._buffered > WIDTH and self._whole:
            group = min(self._whole, key=lambda whole: whole.depth)
            self._whole.remove(group)
            group.broken = True
            while group.pending:
                self._emit_first()
            while self._buffer and isinstance(self._buffer[0], str):
                self._emit_first()

    def _settle(self, group: Group) -> None:
        if not group.pending and group in self._whole:
            self._whole.remove(group)

    def _emit_first(self) -> None:
        item = self._buffer.pop(0)
        self._buffered -= len(item) if isinstance(item, str) else 1
        self._emit(item)


class Layout:
    """Writes values on a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._open: set[int] = set()  # containers being shown, to stop at a cycle

    def show(self, value: object) -> None:
        """Write the value, by its type."""
        shower = self._shower(value)
        if id(value) in self._open:
            self._page.write(_CYCLES.get(type(value), "..."))
            return
        self._open.add(id(value))
        shower(value)
        self._open.discard(id(value))

    def _shower(self, value: object) -> Callable[[Any], None]:
        kind = type(value)
        for base, representation, shower in self._showers():
            if issubclass(kind, base) and kind.__repr__ is representation:
                return shower
        if isinstance(value, types.FunctionType):
            return self._function
        return self._type if isinstance(value, type) and kind.__repr__ is type.__repr__ else self._lines

    def _showers(self) -> Iterable[tuple[type, object, Callable[[Any], None]]]:
        return (
            (list, list.__repr__, lambda value: self._items("[", value, "]")),
            (tuple, tuple.__repr__, lambda value: self._items("(", value, ",)" if len(value) == 1 else ")")),
            (set, set.__repr__, lambda value: self._set(value, "{", "}", "set()")),
            (frozenset, frozenset.__repr__, lambda value: self._set(value, "frozenset({", "})", "frozenset()")),
            (dict, dict.__repr__, self._dict),
            (Counter, Counter.__repr__, lambda value: self._call(value, dict(value.most_common()))),
            (OrderedDict, OrderedDict.__repr__, lambda value: self._call(value, dict(value))),
            (defaultdict, defaultdict.__repr__, lambda value: self._call(value, value.default_factory, dict(value))),
            (deque, deque.__repr__, lambda value: self._call(value, list(value))),
        )

    def _items(self, opening: str, items: Iterable[object], closing: str) -> None:
        self._page.open(len(opening), opening)
        for index, item in enumerate(items):
            if index:
                self._page.write(",")
                self._page.space()
            if index == MOST_ITEMS:
                self._page.write("...")
                break
            self.show(item)
        self._page.close(len(opening), closing)

    def _set(self, value: set[Any], opening: str, closing: str, empty: str) -> None:
        if not value:
            self._page.write(empty)
            return
        try:
            items: list[object] = sorted(value)
        except Exception:  # as a notebook does: unordered where the items have no order
            items = list(value)
        self._items(opening, items, closing)

    def _dict(self, value: dict[object, object]) -> None:
        self._page.open(1, "{")
        for index, (key, item) in enumerate(value.items()):
            if index:
                self._page.write(",")
                self._page.space()
            if index == MOST_ITEMS:
                self._page.write("...")
                break
            self.show(key)
            self._page.write(": ")
            self.show(item)
        self._page.close(1, "}")

    def _call(self, value: object, *arguments: object) -> None:
        self._items(f"{type(value).__name__}(", arguments, ")")

    def _function(self, value: types.FunctionType) -> None:
        self._page.write(f"<function {value.__module__}.{value.__qualname__}>")

    def _type(self, value: type) -> None:
        module = value.__module__
        self._page.write(
            value.__qualname__ if module in ("builtins", "exceptions") else f"{module}.{value.__qualname__}"
        )

    def _lines(self, value: object) -> None:
        self._page.open(0)
        for index, line in enumerate(repr(value).splitlines()):
            if index:
                self._page.newline()
            self._page.write(line)
        self._page.close(0)


_CYCLES: dict[type, str] = {list: "[...]", tuple: "(...)", dict: "{...}", set: "{...}", frozenset: "{...}"}
