"""`relui new`: a release from a template, or as a copy of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from relui.cli.command import choice, command, option, pairs, switch
from relui.cli.completing import pack_names, release_ids, template_names
from relui.cli.session import Session
from relui.domain.release import IMPACTS, RELEASE_TYPES

if TYPE_CHECKING:
    from relui.desk.core import Done
    from relui.desk.lifecycle import Request


@command(
    "new",
    more={
        "service": option("What is released.", "S"),
        "version": option("2.4.0, or 2026.11.21, or a number.", "V"),
        "template": option(
            "The checklist to start from; `standard` unless the settings say other.",
            "NAME",
            completing=template_names,
        ),
        "type": choice("minor when nothing is said.", RELEASE_TYPES),
        "impact": choice("medium when nothing is said.", IMPACTS),
        "owner": option("The service's owner, or else you.", "NAME"),
        "go_live": option(
            "2026-11-21T20:00; without, the next free slot that leaves three days, or what the template "
            "needs.",
            "INSTANT",
        ),
        "duration": option("2h when nothing is said; 90m, 1h30m.", "D"),
        "title": option("`VERSION - Release - DATE` when nothing is said."),
        "rationale": option("Why; an emergency must say it."),
        "criterion": option("What makes it an emergency by policy."),
        "packs": option("Add a pack's items.", "P", "--pack", pack_names, multiple=True),
        "without": option("Leave out what the template marks so.", "OPTION", multiple=True),
        "values": option("One line for each value: region=eu,us.", "KEY=V,V", "--set", multiple=True),
        "copy_of": option(
            "Take over checklist, service and team of this release.", "ID", "--copy", release_ids
        ),
        "follows": option(
            "Take over what did not go out with this release, and link the two.", "ID", completing=release_ids
        ),
        "book": switch("Book its slot too; when a rule forbids it, nothing is created."),
    },
)
def new_command(session: Session, /, book: bool, **given: Any) -> None:
    """Create a release and print its identifier."""
    request = _request(session, given)
    done = session.desk.new(request, book=book)
    if session.json:
        from relui.cli.shapes import row_of_release

        row = row_of_release(done.release, session.clock.now())
        session.out.document({"release": row, "told": done.ruling.told})
        return
    session.out.line(done.release.id)
    _tell(session, request, done)


def _request(session: Session, given: Mapping[str, Any]) -> Request:
    from msgspec import convert

    from relui.desk.lifecycle import Request

    copied = given["copy_of"] or given["follows"]
    template = given["template"] or ("" if copied else session.settings.default_template)
    chosen = {
        name: tuple(value.strip() for value in text.split(",") if value.strip())
        for name, text in pairs(given["values"], "--set").items()
    }
    type_, impact = given["type"] or "", given["impact"] or ""
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
