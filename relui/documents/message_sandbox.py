"""The sandbox that messages are rendered in: nothing of Python is reached, and everything is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

STEP_LIMIT = 50_000
"""Rounds of loops, and hundreds of characters written, of one rendering."""
LOOP = ("index", "first", "last", "length")
"""What a template may ask of `loop`."""
_COUNTED = "counted by relui"  # no template can write this name


class TooMuch(Exception):
    """A rendering that is stopped."""


class Meter:
    """Counts what a rendering does."""

    def __init__(self) -> None:
        self._left = STEP_LIMIT

    def begin(self) -> None:
        """A new rendering."""
        self._left = STEP_LIMIT

    def charge(self, steps: int) -> None:
        """Raises TooMuch when the rendering has done enough."""
        self._left -= steps
        if self._left < 0:
            raise TooMuch(f"it takes more than {STEP_LIMIT:,} steps: a loop in a loop goes on too long")


def sandbox(meter: Meter) -> Environment:
    """An environment that knows no globals, no tests, and no filters but those of messages."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """Rows are looked into by key alone: no attribute of a Python object is ever reached."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            if isinstance(obj, dict) and attribute in obj:
                return obj[attribute]
            if type(obj).__name__ == "LoopContext" and attribute in LOOP:
                return super().getattr(obj, attribute)
            return self.undefined(obj=obj, name=attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            return self.undefined(obj=obj, name=str(argument))

        def is_safe_callable(self, obj: Any) -> bool:
            return False

    def finalize(value: Any) -> str:
        text = str(value)
        meter.charge(1 + len(text) // 100)
        return text

    made = Sandbox(
        undefined=StrictUndefined, autoescape=False, loader=None, cache_size=0, trim_blocks=True,
        lstrip_blocks=True, finalize=finalize,
    )  # fmt: skip
    made.globals = {}
    made.tests = {}
    made.filters = _filters(meter)
    return made


def _filters(meter: Meter) -> dict[str, Callable[..., Any]]:
    import textwrap

    def charged(function: Callable[..., str]) -> Callable[..., str]:
        def run(text: str, *more: Any) -> str:
            meter.charge(1 + len(text) // 100)
            return function(text, *more)

        return run

    def wrap(text: str, width: int = 72) -> str:
        return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))

    def indent(text: str, width: int = 2) -> str:
        return text.replace("\n", "\n" + " " * width)

    def join(texts: Iterable[str], between: str = "") -> str:
        found = list(texts)
        meter.charge(1 + (sum(map(len, found)) + len(found) * len(between)) // 100)
        return between.join(found)

    def counted(values: Iterable[Any]) -> list[Any]:
        found = list(values)
        meter.charge(1 + len(found))
        return found

    return {
        "upper": charged(str.upper),
        "lower": charged(str.lower),
        "capitalize": charged(lambda text: text[:1].upper() + text[1:]),
        "trim": charged(str.strip),
        "wrap": charged(wrap),
        "indent": charged(indent),
        "join": join,
        "length": len,
        _COUNTED: counted,
    }


def count_loops(tree: nodes.Template) -> None:
    """Every loop goes over what the meter has counted."""
    from jinja2 import nodes

    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno)
