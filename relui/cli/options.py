"""The options that every command takes, the arguments that many take, and `NAME=VALUE` pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from relui.cli.completing import item_paths, release_ids
from relui.cli.session import Session
from relui.errors import BadInput

Function = TypeVar("Function", bound=Callable[..., Any])

pass_session = click.make_pass_decorator(Session)

release_argument = click.argument("release", metavar="ID", shell_complete=release_ids)
"""The release that a command is about, which may be shortened."""

items_argument = click.argument(
    "items", metavar="ITEM...", nargs=-1, required=True, shell_complete=item_paths
)
"""The items that a command is about, by path."""


def _remember(context: click.Context, parameter: click.Parameter, value: str | bool | None) -> None:
    session = context.find_object(Session)
    if session is not None and parameter.name is not None:
        session.choose(parameter.name, value)


def _global(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    return click.option(*names, expose_value=False, callback=_remember, **attributes)


def global_options(function: Function) -> Function:
    """Give a command the global options: they may stand before it or after it."""
    for option in (
        _global("--readonly", is_flag=True, help="Change nothing in the data."),
        _global("--json", is_flag=True, help="Print one JSON document (docs/cli.md)."),
        _global("--zone", metavar="ZONE", help="Show times in this zone, such as Europe/London."),
        _global("--as", "acting_as", metavar="NAME", help="Who acts."),
        _global("--data", metavar="DIR", type=click.Path(), help="The folder that holds the releases."),
    ):
        function = option(function)
    return function


def once(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> str | None:
    """The one value of an option that is read as `multiple`: given twice, the first would be passed over."""
    if len(value) > 1:
        raise click.UsageError(
            f"{parameter.opts[0]} is given {len(value)} times. Do it once for each.", context
        )
    return value[0] if value else None


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` texts as a mapping. Raises BadInput for one without `=`, or a name given twice."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise BadInput(f"{option}: '{text[:80]}' is not NAME=VALUE.")
        if name in found:
            raise BadInput(f"{option}: '{name}' is given twice. Nothing was changed.")
        found[name] = value
    return found
