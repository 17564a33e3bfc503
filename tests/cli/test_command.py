"""How commands are declared: what a signature says, what becomes help, and groups that list."""

from __future__ import annotations

import click
import pytest

from relui.cli.command import RELEASE, argument, choice, command, listing, option, switch
from relui.cli.root import COMMANDS, relui
from relui.cli.session import Session

GLOBAL = ["--data", "--as", "--zone", "--json", "--readonly"]


def session() -> Session:
    return Session(start=lambda opened, note: 0, command_keys=dict, env={})


def run(made: click.Command, *words: str) -> object:
    return made.main(list(words), obj=session(), standalone_mode=False)


def test_a_signature_declares_arguments_and_options_in_its_order() -> None:
    given: list[object] = []

    @command("show-off")
    def made(
        session: Session,
        release: str = RELEASE,
        names: tuple[str, ...] = argument("[NAME]..."),
        by_whom: str = option("Who.", "NAME"),
        kind: str | None = choice("Which.", ("a", "b"), "--of-kind"),
        loud: bool = switch("Aloud."),
    ) -> int:
        """Show off.

        This is for developers.
        """
        given.extend((release, names, by_whom, kind, loud))
        return 7

    assert [each.opts for each in made.params] == [
        ["release"], ["names"], ["--by-whom"], ["--of-kind"], ["--loud"], *([each] for each in GLOBAL),
    ]  # fmt: skip
    assert (made.name, made.help) == ("show-off", "Show off.")
    assert run(made, "REL-1") == 7
    assert given == ["REL-1", (), "", None, False]
    given.clear()
    run(made, "REL-1", "x", "y", "--by-whom", "ada", "--of-kind", "b", "--loud")
    assert given == ["REL-1", ("x", "y"), "ada", "b", True]


@pytest.mark.parametrize(("metavar", "needed"), [("NAME", True), ("[NAME]", False), ("NAME...", True)])
def test_brackets_say_that_an_argument_may_be_left_out(metavar: str, needed: bool) -> None:
    @command("take")
    def made(session: Session, name: object = argument(metavar)) -> None:
        """Take it."""

    assert made.params[0].required is needed


def test_a_listing_lists_alone_and_by_its_word_and_gives_way_to_other_words() -> None:
    said: list[str] = []

    @listing("things", "List things, count them.")
    def things(session: Session, everything: bool = switch("All.", "--all")) -> None:
        """List the things."""
        said.append("all" if everything else "some")

    @command("count", things)
    def count_things(session: Session) -> None:
        """Count the things."""
        said.append("counted")

    for words in ([], ["--all"], ["list"], ["list", "--all"], ["count"]):
        run(things, *words)
    assert said == ["some", "all", "some", "all", "counted"]
    assert things.help == "List things, count them."


def test_every_command_that_is_listed_is_there_under_its_name() -> None:
    names = [name for section in COMMANDS.values() for name in section]
    assert len(names) == len(set(names))
    for name in names:
        found = relui.get_command(click.Context(relui), name)
        assert found is not None
        assert found.name == name
