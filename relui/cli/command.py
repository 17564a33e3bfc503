"""How a command is declared: a function that gets the session, with what else it takes in its signature.

`def drop(session: Session, release: str = RELEASE, reason: str = option("Why.")) -> None` takes the argument
ID and the option `--reason`. The first paragraph of its docstring is the help. It may return an exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import cleandoc, signature
from typing import Any, NamedTuple

import click

from relui.cli.completing import Completion, item_paths, release_ids
from relui.cli.session import Session
from relui.errors import BadInput

Function = Callable[..., Any]

pass_session = click.make_pass_decorator(Session)


class Given(NamedTuple):
    """An argument or an option of a command: what click makes it with, its flag, what else click is told."""

    make: Callable[..., Callable[[Function], Function]]
    flag: str
    more: Mapping[str, Any]

    def to(self, function: Function, name: str) -> Function:
        """The function with this parameter, under its name in the signature."""
        names = (name,) if self.make is click.argument else (self.flag or f"--{name.replace('_', '-')}", name)
        return self.make(*names, **self.more)(function)


def argument(metavar: str, completing: Completion | None = None, **more: Any) -> Any:
    """An argument, by its placeholder: `[X]` may be left out, `X...` are one or more."""
    optional = metavar.startswith("[")
    if metavar.endswith("..."):
        more = {"nargs": -1, "required": not optional} | more
    elif optional:
        more = {"required": False, "default": ""} | more
    return Given(click.argument, "", {"metavar": metavar, "shell_complete": completing, **more})


def option(
    words: str, metavar: str | None = "T", flag: str = "", completing: Completion | None = None, **more: Any
) -> Any:
    """An option with a value: a text, empty when it is not given, unless it is `multiple` or has a `type`.

    Its flag is its name in the signature unless said.
    """
    if not more.keys() & {"required", "multiple", "type"}:
        more.setdefault("default", "")
    return Given(
        click.option, flag, {"metavar": metavar, "help": words, "shell_complete": completing, **more}
    )


def choice(words: str, values: Iterable[str], flag: str = "", **more: Any) -> Any:
    """An option with one of a few values; None when it is not given."""
    return option(words, None, flag, type=click.Choice(tuple(values)), **more)


def switch(words: str, flag: str = "") -> Any:
    """An option without a value."""
    return Given(click.option, flag, {"is_flag": True, "help": words})


RELEASE: Any = argument("ID", release_ids)
"""The release that a command is about, which may be shortened."""
PLACES: Any = option("Places; negative is up.", "N", "--by", type=int, required=True)
"""How far something is moved among its siblings."""
ITEM: Any = argument("ITEM", item_paths)
ITEMS: Any = argument("ITEM...", item_paths)
"""The item or the items that a command is about, by path."""


def declared(function: Function, more: Mapping[str, Given] | None = None) -> Function:
    """The function with the parameters of its signature, `more` ones by name, and the global options."""
    named = {
        name: each.default
        for name, each in signature(function).parameters.items()
        if isinstance(each.default, Given)
    }
    taken = global_options(pass_session(function))
    for name, given in reversed({**named, **(more or {})}.items()):
        taken = given.to(taken, name)
    return taken


def command(
    name: str, of: click.Group | None = None, *, words: str = "", more: Mapping[str, Given] | None = None
) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of a function, `of` a group when one is given.

    `words` is the help where it is made up, `more` what the function takes beside its signature.
    """

    def made(function: Callable[..., int | None]) -> click.Command:
        about = words or cleandoc(function.__doc__ or "").partition("\n\n")[0]
        added = click.command(name, help=about)(declared(function, more))
        if of is not None:
            of.add_command(added)
        return added

    return made


def group(
    name: str, words: str, of: click.Group | None = None, cls: type[click.Group] = click.Group
) -> click.Group:
    """A group of commands."""
    made: click.Group = click.group(name, cls=cls, help=words)(global_options(lambda: None))
    if of is not None:
        of.add_command(made)
    return made


def listing(name: str, words: str) -> Callable[[Callable[..., int | None]], click.Group]:
    """A group made of the function that prints its list: called alone, it does that, and so does `list`."""

    def made(function: Callable[..., int | None]) -> click.Group:
        @wraps(function)
        def alone(session: Session, /, **given: Any) -> int | None:
            return None if click.get_current_context().invoked_subcommand else function(session, **given)

        group: click.Group = click.group(name, help=words, invoke_without_command=True)(declared(alone))
        command("list", group)(function)
        return group

    return made


def _remember(context: click.Context, parameter: click.Parameter, value: str | bool | None) -> None:
    session = context.find_object(Session)
    if session is not None and parameter.name is not None:
        session.choose(parameter.name, value)


def _global(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    return click.option(*names, expose_value=False, callback=_remember, **attributes)


def global_options(function: Function) -> Function:
    """Give a command the global options: they may stand before it or after it."""
    for each in (
        _global("--readonly", is_flag=True, help="Change nothing in the data."),
        _global("--json", is_flag=True, help="Print one JSON document (docs/cli.md)."),
        _global("--zone", metavar="ZONE", help="Show times in this zone, such as Europe/London."),
        _global("--as", "acting_as", metavar="NAME", help="Who acts."),
        _global("--data", metavar="DIR", type=click.Path(), help="The folder that holds the releases."),
    ):
        function = each(function)
    return function


FILE = click.Path()
"""The type of what names a file or a folder: a shell completes it."""


def once(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> str | None:
    """The one value of an option that is read as `multiple`: given twice, the first would be passed over."""
    if len(value) > 1:
        raise click.UsageError(
            f"{parameter.opts[0]} is given {len(value)} times. Do it once for each.", context
        )
    return value[0] if value else None


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` texts as a mapping. Raises BadInput for one without `=`, or a name given twice."""
    values: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise BadInput(f"{option}: '{text[:80]}' is not NAME=VALUE.")
        if name in values:
            raise BadInput(f"{option}: '{name}' is given twice. Nothing was changed.")
        values[name] = value
    return values
