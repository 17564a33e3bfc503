"""What a shell may complete: identifiers, item paths, names of templates. Trouble completes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from relui.cli.session import Session
from relui.errors import BadInput, ReluiError

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

    from relui.domain.release import Release

Completion = Callable[["Context", "Parameter", str], "list[CompletionItem]"]


def completes(
    known: Callable[[Session, Context], Mapping[str, str]],
    fits: Callable[[str, str], bool] = str.startswith,
) -> Completion:
    """A completion from what is known: each name that fits, with the words that a shell shows beside it."""

    def complete(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from relui.domain.text import clean

        session = context.find_object(Session)
        try:
            names = known(session, context) if session is not None else {}
        except ReluiError:
            return []
        named = [name for name in names if fits(name, incomplete)]
        return [CompletionItem(name, help=clean(names[name])[:60]) for name in named]

    return complete


def _releases(session: Session, context: Context) -> Mapping[str, str]:
    """The active releases with their titles."""
    releases = session.desk.journal.active().releases
    return {release.id: f"{release.service} {release.title}" for release in releases}


release_ids = completes(_releases, lambda name, typed: typed.upper() in name)


@completes
def item_paths(session: Session, context: Context) -> Mapping[str, str]:
    """The paths in the checklist of the release that was named before."""
    from relui.domain.outline import Outline

    return {node.path: node.text for node in Outline(_opened(session, context))}


@completes
def part_ids(session: Session, context: Context) -> Mapping[str, str]:
    """The parts of the kind that the group is about, of the release that was named before."""
    from relui.domain.dossier.editing import parts_of

    group = context.parent.command.name if context.parent else None
    return {part.id: "" for part in parts_of(_opened(session, context), group or "")}


@completes
def subjects(session: Session, context: Context) -> Mapping[str, str]:
    """What can be signed."""
    from relui.domain.dossier.signoffs import SUBJECT_WORDS

    return {str(subject): words for subject, words in SUBJECT_WORDS.items()}


@completes
def confirmed_points(session: Session, context: Context) -> Mapping[str, str]:
    """What an approval of the subject that was named before confirms."""
    from relui.domain.dossier.signoffs import APPROVAL_POINTS

    named = {str(subject): points for subject, points in APPROVAL_POINTS.items()}
    return {"all": "", **named.get(_typed(context, "subject", 1) or str(context.command.name), {})}


@completes
def checks(session: Session, context: Context) -> Mapping[str, str]:
    """What can be confirmed: groups and single points."""
    from relui.domain.dossier.points import GROUPS, POINTS

    return {**GROUPS, **{point.id: point.words for point in POINTS.values()}}


@completes
def gate_names(session: Session, context: Context) -> Mapping[str, str]:
    """The gates that there are."""
    from relui.domain.dossier.criteria import GATES

    return dict.fromkeys(GATES, "")


@completes
def criteria(session: Session, context: Context) -> Mapping[str, str]:
    """The criteria of the release that was named before."""
    from relui.domain.dossier.criteria import listed

    return {criterion.id: criterion.words for criterion in listed(_opened(session, context))}


@completes
def decisions(session: Session, context: Context) -> Mapping[str, str]:
    """The decisions of the release that was named before."""
    return {one.id: one.kind for one in _opened(session, context).dossier.decisions}


@completes
def places(session: Session, context: Context) -> Mapping[str, str]:
    """The services and regions of the release that was named before."""
    from relui.domain.dossier.environments import places as known

    return dict.fromkeys(["all", *known(_opened(session, context))], "")


@completes
def _messages(session: Session, context: Context) -> Mapping[str, str]:
    from relui.domain.dossier.notices import MESSAGE_WORDS

    return {str(name): words for name, words in MESSAGE_WORDS.items()}


def message_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The messages that there are; after `list` the releases."""
    known = release_ids if _typed(context, "release", 0) == "list" else _messages
    return known(context, parameter, incomplete)


@completes
def service_names(session: Session, context: Context) -> Mapping[str, str]:
    """The services that the organisation lists."""
    return {each.id: each.name for each in session.desk.organisation.read().services}


@completes
def person_names(session: Session, context: Context) -> Mapping[str, str]:
    """The people that the organisation lists."""
    return {each.id: each.name for each in session.desk.organisation.read().people}


@completes
def entry_ids(session: Session, context: Context) -> Mapping[str, str]:
    """What stands in the organisation's calendar."""
    return {each.id: each.name for each in session.desk.organisation.read().entries}


@completes
def template_names(session: Session, context: Context) -> Mapping[str, str]:
    """Templates that a release can start from, or all of them for `template show`."""
    packs = context.command.name == "show"
    return {each.name: each.title for each in session.library.names() if packs or each.kind != "pack"}


@completes
def pack_names(session: Session, context: Context) -> Mapping[str, str]:
    """The packs that can be added to a release."""
    return {each.name: each.title for each in session.library.names() if each.kind == "pack"}


def _opened(session: Session, context: Context) -> Release:
    """The release that was named before. Raises BadInput when none was."""
    release = _typed(context, "release", 0)
    if not release:
        raise BadInput("No release was named.")
    return session.release(release)


def _typed(context: Context, name: str, at: int) -> str:
    """An argument that was typed before: click has not named it yet while an option is completed."""
    typed = context.params.get(name) or (context.args[at] if len(context.args) > at else "")
    return str(typed or "")
