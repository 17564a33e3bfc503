"""What a shell may complete: identifiers, item paths, names of templates. Trouble completes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from relui.cli.session import Session
from relui.errors import ReluiError

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

    from relui.domain.release import Release


def release_ids(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The active releases whose identifier holds what was typed, with their titles."""
    from click.shell_completion import CompletionItem

    session = context.find_object(Session)
    if session is None:
        return []
    try:
        releases = session.desk.journal.active().releases
    except ReluiError:
        return []
    wanted = incomplete.upper()
    return [
        CompletionItem(release.id, help=_plain(f"{release.service} {release.title}"))
        for release in releases
        if wanted in release.id
    ]


def item_paths(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The paths in the checklist of the release that was named before."""
    from click.shell_completion import CompletionItem

    session, release = context.find_object(Session), context.params.get("release")
    if session is None or not release:
        return []
    from relui.domain.outline import Outline

    try:
        outline = Outline(session.desk.journal.open(release).release)
    except ReluiError:
        return []
    return [
        CompletionItem(node.path, help=_plain(node.text))
        for node in outline
        if node.path.startswith(incomplete)
    ]


def part_ids(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The parts of the kind that the group is about, of the release that was named before."""
    group = context.parent.command.name if context.parent else None
    release = _opened(context)
    if release is None or not group:
        return []
    from relui.domain.dossier.editing import parts_of

    try:
        known = parts_of(release, group)
    except ReluiError:
        return []
    return _starting((part.id for part in known), incomplete)


def subjects(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """What can be signed."""
    from relui.domain.dossier.signoffs import SUBJECT_WORDS

    return _starting(SUBJECT_WORDS, incomplete, SUBJECT_WORDS)


def confirmed_points(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """What an approval of the subject that was named before confirms."""
    from relui.domain.dossier.signoffs import APPROVAL_POINTS

    named = {str(subject): points for subject, points in APPROVAL_POINTS.items()}
    points = named.get(_typed(context, "subject", 1) or str(context.command.name), {})
    return _starting(["all", *points], incomplete, points)


def checks(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """What can be confirmed: groups and single points."""
    from relui.domain.dossier.points import GROUPS, POINTS

    return _starting(
        [*GROUPS, *POINTS], incomplete, {**GROUPS, **{p.id: p.words for p in POINTS.values()}}
    )  # fmt: skip


def gate_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The gates that there are."""
    from relui.domain.dossier.criteria import GATES

    return _starting(GATES, incomplete)


def criteria(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The criteria of the release that was named before."""
    release = _opened(context)
    if release is None:
        return []
    from relui.domain.dossier.criteria import listed

    known = {criterion.id: criterion.words for criterion in listed(release)}
    return _starting(known, incomplete, known)


def decisions(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The decisions of the release that was named before."""
    release = _opened(context)
    found = release.dossier.decisions if release else ()
    return _starting((one.id for one in found), incomplete, {one.id: one.kind for one in found})


def places(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The services and regions of the release that was named before."""
    release = _opened(context)
    if release is None:
        return []
    from relui.domain.dossier.environments import places as known

    return _starting(["all", *known(release)], incomplete)


def _opened(context: Context) -> Release | None:
    session, release = context.find_object(Session), _typed(context, "release", 0)
    if session is None or not release:
        return None
    try:
        return session.desk.journal.open(release).release
    except ReluiError:
        return None


def _typed(context: Context, name: str, at: int) -> str:
    """An argument that was typed before: click has not named it yet while an option is completed."""
    found = context.params.get(name) or (context.args[at] if len(context.args) > at else "")
    return str(found or "")


def _starting(
    names: Iterable[str], incomplete: str, words: Mapping[Any, str] | None = None
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    told = words or {}
    return [
        CompletionItem(name, help=_plain(told.get(name, ""))) for name in names if name.startswith(incomplete)
    ]


def message_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The messages that there are; after `list` the releases."""
    from relui.domain.dossier.notices import MESSAGE_WORDS

    if _typed(context, "release", 0) == "list":
        return release_ids(context, parameter, incomplete)
    return _starting(MESSAGE_WORDS, incomplete, MESSAGE_WORDS)


def service_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The services that the organisation lists."""
    return _listed(context, incomplete, "services")


def person_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The people that the organisation lists."""
    return _listed(context, incomplete, "people")


def entry_ids(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """What stands in the organisation's calendar."""
    return _listed(context, incomplete, "entries")


def _listed(context: Context, incomplete: str, part: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    session = context.find_object(Session)
    if session is None:
        return []
    try:
        known = getattr(session.desk.organisation.read(), part)
    except ReluiError:
        return []
    return [CompletionItem(one.id, help=_plain(one.name)) for one in known if one.id.startswith(incomplete)]


def template_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Templates that a release can start from, or all of them for `template show`."""
    return _templates(context, incomplete, packs=context.command.name == "show", bases=True)


def pack_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The packs that can be added to a release."""
    return _templates(context, incomplete, packs=True, bases=False)


def _templates(context: Context, incomplete: str, *, packs: bool, bases: bool) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    session = context.find_object(Session)
    if session is None:
        return []
    try:
        entries = session.library.names()
    except ReluiError:
        return []
    return [
        CompletionItem(entry.name, help=_plain(entry.title))
        for entry in entries
        if entry.name.startswith(incomplete) and (packs if entry.kind == "pack" else bases)
    ]


def _plain(text: str) -> str:
    """A help text as the shells' protocols can carry it: one short line."""
    from relui.domain.text import clean

    return clean(text)[:60]
