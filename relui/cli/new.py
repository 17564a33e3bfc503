"""`relui new`: a release from a template, or as a copy of an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relui.cli.completing import pack_names, release_ids, template_names
from relui.cli.options import global_options, pairs, pass_session
from relui.cli.session import Session
from relui.domain.release import IMPACTS, RELEASE_TYPES

if TYPE_CHECKING:
    from relui.desk.core import Done
    from relui.desk.lifecycle import Request


@click.command("new", help="Create a release and print its identifier.")
@click.option("--service", metavar="S", default="", help="What is released.")
@click.option("--version", metavar="V", default="", help="2.4.0, or 2026.11.21, or a number.")
@click.option("--template", metavar="NAME", default="", shell_complete=template_names,
              help="The checklist to start from; `standard` unless the settings say other.")  # fmt: skip
@click.option("--type", "type_", type=click.Choice(RELEASE_TYPES), help="minor when nothing is said.")
@click.option("--impact", type=click.Choice(IMPACTS), help="medium when nothing is said.")
@click.option("--owner", metavar="NAME", default="", help="The service's owner, or else you.")
@click.option(
    "--go-live",
    metavar="INSTANT",
    default="",
    help="2026-11-21T20:00; without, the next free slot that leaves three days, or what the template needs.",
)
@click.option("--duration", metavar="D", default="", help="2h when nothing is said; 90m, 1h30m.")
@click.option("--title", metavar="T", default="", help="`VERSION - Release - DATE` when nothing is said.")
@click.option("--rationale", metavar="T", default="", help="Why; an emergency must say it.")
@click.option("--criterion", metavar="T", default="", help="What makes it an emergency by policy.")
@click.option(
    "--pack", "packs", metavar="P", multiple=True, shell_complete=pack_names, help="Add a pack's items."
)
@click.option("--without", metavar="OPTION", multiple=True, help="Leave out what the template marks so.")
@click.option(
    "--set", "values", metavar="KEY=V,V", multiple=True, help="One line for each value: region=eu,us."
)
@click.option("--copy", "copy_of", metavar="ID", default="", shell_complete=release_ids,
              help="Take over checklist, service and team of this release.")  # fmt: skip
@click.option("--follows", metavar="ID", default="", shell_complete=release_ids,
              help="Take over what did not go out with this release, and link the two.")  # fmt: skip
@click.option("--book", is_flag=True, help="Book its slot too; when a rule forbids it, nothing is created.")
@global_options
@pass_session
def new_command(session: Session, /, book: bool, type_: str | None, impact: str | None,
                values: tuple[str, ...], **given: str | tuple[str, ...]) -> int:  # fmt: skip
    """Create a release."""
    request = _request(session, type_ or "", impact or "", values, given)
    done = session.desk.new(request, book=book)
    if session.json:
        from relui.cli.shapes import row_of_release

        row = row_of_release(done.release, session.clock.now())
        session.out.document({"release": row, "told": done.ruling.told})
        return 0
    session.out.line(done.release.id)
    _tell(session, request, done)
    return 0


def _request(
    session: Session,
    type_: str,
    impact: str,
    values: tuple[str, ...],
    given: dict[str, str | tuple[str, ...]],
) -> Request:
    from msgspec import convert

    from relui.desk.lifecycle import Request

    template = given.pop("template") or (
        "" if given["copy_of"] or given["follows"] else session.settings.default_template
    )
    chosen = {
        name: tuple(value.strip() for value in text.split(",") if value.strip())
        for name, text in pairs(values, "--set").items()
    }
    return convert(
        {**given, "template": template, "type": type_, "impact": impact, "values": chosen}, Request
    )


def _tell(session: Session, request: Request, done: Done) -> None:
    from relui.cli.wording import count, distance, moment
    from relui.domain.outline import Outline

    release, say = done.release, session.out.word
    say(f"Created {release.title} of {release.service} with {count(Outline(release).total, 'item')}.")
    away = distance(release.go_live - session.clock.now())
    at = f"{moment(release.go_live, release.zone)} {release.zone}, {away}"
    if release.booking is not None:
        say(f"Go-live {at}, booked.")
    elif request.go_live:
        say(f"Go-live {at}.")
    else:
        say(f"Go-live {at}, proposed. Change it with `relui edit {release.id} --set go-live=...`.")
    for word in done.ruling.told:
        say(word)
