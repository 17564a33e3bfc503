"""A message's template: Jinja in a sandbox, of which only what a message needs is let through [S1.23].

Allowed are texts, `{{ variables }}`, `{% if %}`, `{% for %}` and a few filters. Names and kinds are checked
before anything runs, so a mistake is told by file and line; what runs is counted, so that it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from relui.documents.message_sandbox import LOOP, Meter, TooMuch, count_loops, sandbox
from relui.domain.text import clean, did_you_mean, one_line, quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from jinja2 import nodes

OUTPUT_LIMIT = 100_000
"""Characters of a rendered message."""
_DEPTH = 40
_SUBJECT = "Subject:"

Sort = Literal["text", "yes-no", "number", "texts", "rows", "row", "loop", "nothing"]


class Variable(Struct, frozen=True):
    """What a template may name: its words for the documents, its sort, and the fields of its rows."""

    words: str
    sort: Sort = "text"
    fields: tuple[str, ...] = ()


class Rendered(Struct, frozen=True):
    """What a template became."""

    subject: str
    text: str


class _Typed(Struct, frozen=True):
    """What is known of an expression before it runs."""

    sort: Sort
    fields: tuple[str, ...] = ()


FILTERS: Mapping[str, tuple[tuple[Sort, ...], Sort, str]] = {
    "upper": (("text",), "text", "in capitals"),
    "lower": (("text",), "text", "in small letters"),
    "capitalize": (("text",), "text", "with a capital at the beginning"),
    "trim": (("text",), "text", "without blanks around it"),
    "wrap": (("text",), "text", "in lines of at most so many characters: `wrap(72)`"),
    "indent": (("text",), "text", "with each further line moved in: `indent(2)`"),
    "join": (("texts",), "text", 'a list as one text: `join(", ")`'),
    "length": (("text", "texts", "rows"), "number", "how many there are"),
}
"""Filters: what they take, what they give, and what they do in words."""


class MessageTemplate:
    """One checked template. `shown` is its file as errors name it."""

    def __init__(self, text: str, shown: str, variables: Mapping[str, Variable]) -> None:
        """Raises BadInput by file and line for whatever a message's template may not hold."""
        self.shown = shown
        self._variables = variables
        first, _, rest = text.replace("\r\n", "\n").partition("\n")
        if not first.startswith(_SUBJECT):
            raise self._error(1, f"The first line must begin with '{_SUBJECT}'.")
        self._meter = Meter()
        self._environment = sandbox(self._meter)
        # The body keeps its place, so that lines are counted as in the file.
        self._subject = self._compiled(first.removeprefix(_SUBJECT))
        self._body = self._compiled("\n" + rest)

    def render(self, facts: Mapping[str, object]) -> Rendered:
        """The message with these facts. Raises BadInput when it grows or runs too long."""
        self._meter.begin()
        subject = one_line(self._run(self._subject, facts), what=f"{self.shown}: the subject", required=True)
        return Rendered(subject, _tidy(self._run(self._body, facts)))

    def _run(self, template: Any, facts: Mapping[str, object]) -> str:
        from jinja2 import TemplateError

        pieces: list[str] = []
        size = 0
        try:
            for piece in template.generate(**facts):
                size += len(piece)
                pieces.append(piece)
                if size > OUTPUT_LIMIT:
                    raise TooMuch(f"the message has more than {OUTPUT_LIMIT:,} characters")
        except TooMuch as error:
            raise BadInput(f"{self.shown}: {error}. Say less in it. Nothing was sent or recorded.") from None
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
            raise BadInput(f"{self.shown}: {_words(error)}. Nothing was sent or recorded.") from None
        return "".join(pieces)

    def _compiled(self, source: str) -> Any:
        from jinja2 import TemplateSyntaxError

        try:
            tree = self._environment.parse(source)
            _Checker(self, self._variables).check(tree)
            count_loops(tree)
            code = self._environment.compile(tree, filename=self.shown)
            return self._environment.template_class.from_code(self._environment, code, {})
        except TemplateSyntaxError as error:
            raise self._error(
                error.lineno, f"{(error.message or 'It cannot be read').rstrip('.')}."
            ) from None
        except (SyntaxError, RecursionError, MemoryError, ValueError):
            raise BadInput(f"{self.shown}: it is nested too deeply, or holds a number too long.") from None

    def _error(self, line: int, words: str) -> BadInput:
        return BadInput(f"{self.shown}:{line}: {clean(words)}")


def _words(error: Exception) -> str:
    return clean(str(error) or type(error).__name__)[:200].rstrip(".")


def _tidy(text: str) -> str:
    """Without blanks at the ends of lines and without gaps of several lines, as conditions leave them."""
    import re

    lines = [line.rstrip() for line in clean(text, multiline=True).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


class _Checker:
    """Walks a template's tree, and refuses what is not allowed, unknown, or of the wrong sort."""

    def __init__(self, template: MessageTemplate, variables: Mapping[str, Variable]) -> None:
        self._template = template
        self._known = {name: _Typed(each.sort, each.fields) for name, each in variables.items()}

    def check(self, node: nodes.Node, depth: int = 0) -> None:
        """Check a statement. Raises BadInput."""
        from jinja2 import nodes

        if depth > _DEPTH:
            raise self._error(node, f"This is nested more than {_DEPTH} deep.")
        if isinstance(node, nodes.For):
            self._loop(node, depth)
        elif isinstance(node, nodes.If):
            self.typed(node.test, depth + 1)
            for each in (*node.body, *node.elif_, *node.else_):
                self.check(each, depth + 1)
        elif isinstance(node, nodes.Template):
            for each in node.body:
                self.check(each, depth + 1)
        elif isinstance(node, nodes.Output):
            for piece in node.nodes:
                self._written(piece, depth)
        else:
            raise self._error(node, f"A message has no {_tag(node)}: only if, for, variables and filters.")

    def _written(self, node: nodes.Expr, depth: int) -> None:
        from jinja2 import nodes

        if isinstance(node, nodes.TemplateData):
            return
        found = self.typed(node, depth + 1)
        if found.sort in ("text", "number"):
            return
        ways = {
            "texts": 'Write it as one text with |join(", ").',
            "rows": "Go through it with {% for %}.",
            "row": f"Name one of its fields: {', '.join(found.fields)}.",
            "yes-no": "Ask for it with {% if %}.",
        }
        raise self._error(node, f"This is no text. {ways.get(found.sort, '')}".rstrip())

    def _loop(self, node: nodes.For, depth: int) -> None:
        from jinja2 import nodes

        over = self.typed(node.iter, depth + 1)
        if over.sort not in ("texts", "rows"):
            raise self._error(node, "A loop goes over a list, and this is none.")
        if not isinstance(node.target, nodes.Name) or node.recursive:
            raise self._error(node, "A loop is written {% for one in list %}.")
        if node.target.name in ("loop", *self._known):
            raise self._error(node, f"{quoted(node.target.name)} has a meaning already. Choose another name.")
        outside = self._known
        one = _Typed("row", over.fields) if over.sort == "rows" else _Typed("text")
        self._known = {**outside, node.target.name: one}
        if node.test is not None:
            self.typed(node.test, depth + 1)
        self._known["loop"] = _Typed("loop", LOOP)
        for each in node.body:
            self.check(each, depth + 1)
        self._known = outside
        for each in node.else_:
            self.check(each, depth + 1)

    def typed(self, node: nodes.Node, depth: int) -> _Typed:
        """What an expression gives. Raises BadInput for what is not allowed."""
        from jinja2 import nodes

        if depth > _DEPTH:
            raise self._error(node, f"This is nested more than {_DEPTH} deep.")
        if isinstance(node, nodes.Name):
            return self._named(node)
        if isinstance(node, nodes.Const):
            return _Typed("text" if isinstance(node.value, str) else "number")
        if isinstance(node, nodes.Getattr):
            return self._field(node, depth)
        if isinstance(node, nodes.Filter):
            return self._filtered(node, depth)
        if isinstance(node, nodes.CondExpr):
            if node.expr2 is None:
                raise self._error(node, "An if within {{ }} needs its else.")
            self.typed(node.test, depth + 1)
            return _either(self.typed(node.expr1, depth + 1), self.typed(node.expr2, depth + 1))
        if isinstance(node, nodes.And | nodes.Or):
            return _either(self.typed(node.left, depth + 1), self.typed(node.right, depth + 1))
        if isinstance(node, nodes.Not):
            self.typed(node.node, depth + 1)
            return _Typed("yes-no")
        if isinstance(node, nodes.Compare):
            self._compared(node, depth)
            return _Typed("yes-no")
        raise self._error(node, f"A message has no {_tag(node)}: only if, for, variables and filters.")

    def _named(self, node: nodes.Name) -> _Typed:
        found = self._known.get(node.name)
        if found is None:
            words = f"There is no variable {quoted(node.name)}.{did_you_mean(node.name, self._known)}"
            raise self._error(node, words)
        return found

    def _field(self, node: nodes.Getattr, depth: int) -> _Typed:
        base = self.typed(node.node, depth + 1)
        if base.sort not in ("row", "loop"):
            words = f"{quoted('.' + node.attr)} cannot be asked for here: only rows of a list have fields."
            raise self._error(node, words)
        if node.attr not in base.fields:
            words = f"There is no field {quoted(node.attr)} here.{did_you_mean(node.attr, base.fields)}"
            raise self._error(node, words)
        if base.sort == "loop":
            return _Typed("yes-no" if node.attr in ("first", "last") else "number")
        return _Typed("text")

    def _filtered(self, node: nodes.Filter, depth: int) -> _Typed:
        if node.name not in FILTERS:
            raise self._error(
                node, f"There is no filter {quoted(node.name)}.{did_you_mean(node.name, FILTERS)}"
            )
        takes, gives, _ = FILTERS[node.name]
        if node.node is None or self.typed(node.node, depth + 1).sort not in takes:
            raise self._error(node, f"The filter {node.name} takes {' or '.join(takes)}, and this is none.")
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise self._error(node, f"Write the filter's value alone: {node.name}(...).")
        self._values(node)
        return _Typed(gives)

    def _values(self, node: nodes.Filter) -> None:
        """Filters take constant values within bounds: a width of a million would fill the memory."""
        from jinja2 import nodes

        values = [each.value if isinstance(each, nodes.Const) else None for each in node.args]
        fits = {
            "wrap": lambda value: type(value) is int and 20 <= value <= 200,
            "indent": lambda value: type(value) is int and 0 <= value <= 40,
            "join": lambda value: isinstance(value, str) and len(value) <= 40,
        }.get(node.name)
        if not values:
            return
        if fits is None or len(values) > 1 or not fits(values[0]):
            ranges = {"wrap": "20 to 200", "indent": "0 to 40", "join": "a text of up to 40 characters"}
            takes = ranges.get(node.name, "no value")
            raise self._error(node, f"The filter {node.name} takes {takes}.")

    def _compared(self, node: nodes.Compare, depth: int) -> None:
        from jinja2 import nodes

        self._comparable(self.typed(node.expr, depth + 1), node)
        for operand in node.ops:
            if isinstance(operand.expr, nodes.List | nodes.Tuple):
                if not all(isinstance(each, nodes.Const) for each in operand.expr.items):
                    raise self._error(node, 'A list is written with texts alone: ["major", "minor"].')
                continue
            self._comparable(self.typed(operand.expr, depth + 1), node, operand.op)

    def _comparable(self, found: _Typed, node: nodes.Node, op: str = "eq") -> None:
        lists = ("texts",) if op in ("in", "notin") else ()
        if found.sort not in ("text", "number", *lists):
            raise self._error(node, "Only texts and numbers can be compared.")

    def _error(self, node: nodes.Node, words: str) -> BadInput:
        return self._template._error(node.lineno, words)


def _either(one: _Typed, other: _Typed) -> _Typed:
    """What gives the one or the other: what both are, else nothing that can be written."""
    if one == other:
        return one
    plain = {"text", "number"}
    return _Typed("text" if {one.sort, other.sort} <= plain else "yes-no")


def _tag(node: nodes.Node) -> str:
    """What is not allowed, as its writer knows it."""
    words = {
        "Call": "calls", "Include": "include", "Import": "import", "FromImport": "import",
        "Extends": "extends", "Macro": "macro", "Assign": "set", "AssignBlock": "set", "Block": "block",
        "CallBlock": "call", "FilterBlock": "filter block", "With": "with", "Getitem": "[...]",
        "Test": "'is' tests", "Concat": "'~'", "List": "lists of its own", "Dict": "tables of its own",
    }  # fmt: skip
    return words.get(type(node).__name__, "arithmetic" if hasattr(node, "operator") else "such thing")
