"""`relui show`: a release with its slot and its whole checklist, in plain text that also prints well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from relui.cli.command import RELEASE, command, switch
from relui.cli.output import STATES, Lines, Piece, Styled, distance, moment, section
from relui.cli.session import Session
from relui.cli.shapes import Shape, answers_of, picked, row_of_release, slot_of_release
from relui.desk.act import Opened
from relui.domain.instants import format_duration
from relui.domain.outline import Node, Outline, due_at, due_offset
from relui.domain.progress import overdue, standing, with_late_notices
from relui.domain.release import HOLD_WORDS, Booking, Release, milestones, milestones_over
from relui.domain.slot_hold import exception_words, finished, hold_of

if TYPE_CHECKING:
    from relui.desk.evidence import EvidenceFile
    from relui.domain.calendar.slot import Finding


@command("show")
def show_command(
    session: Session,
    release: str = RELEASE,
    markdown: bool = switch("As a Markdown task list, for paper and for reading back."),
) -> None:
    """Show the release ID with its checklist: [ ] open, [~] partly done, [x] done,
    [-] not applicable, [!] failed.
    """
    desk, now = session.desk, session.clock.now()
    opened = desk.journal.open(release)
    if markdown and not session.json:
        session.out.line(desk.exchange.markdown(release).rstrip("\n"))
    else:
        shown, name = [opened.release], opened.release.id
        conflicts = () if opened.release.closed else desk.calendar.conflicts(shown).get(name, ())
        late = len(desk.documents.late_notices(shown).get(name, ()))
        files = desk.evidence.files(opened.record.state)
        if session.json:
            kept = [{"name": f.kept.name, "path": f.where, "there": f.there} for f in files]
            session.out.document({"release": whole_release(opened, now, conflicts, late), "evidence": kept})
        else:
            zone = desk.organisation.display_zone()
            session.out.lines(release_lines(opened, now, zone, conflicts, late, files))
    if opened.read_only:
        session.out.word(f"relui: {opened.read_only}")


def release_lines(
    opened: Opened,
    now: datetime,
    zone: str,
    conflicts: Sequence[Finding] = (),
    late: int = 0,
    files: Sequence[EvidenceFile] = (),
) -> Lines:
    """The lines of a release: what it is, its slot, where it stands, its checklist. Times are in `zone`."""
    release = opened.release
    outline = Outline(release)
    yield (Styled(f"{release.id}  {release.title}", "bold"),)
    yield (
        f"{release.service} {release.version}, {release.type}, impact {release.impact}, "
        f"{release.environment}, owner {release.owner}",
    )
    yield (f"Go-live {_go_live(release, now, zone)}, planned for {format_duration(release.duration)}",)
    yield from _standing(opened, outline, now, zone, late)
    yield from slot_lines(release, conflicts, now, zone)
    if _has_record(release):
        from relui.cli.record import record_lines

        yield from record_lines(release, zone)
    for phase in outline.phases:
        yield ("",)
        yield from _phase(release, phase, now, zone)
        for child in phase.children:
            for node in child.walk():
                yield from _item(release, outline, node, now, zone)
    kept = ((f"{each.kept.words}  {each.where if each.there else 'not here'}",) for each in files)
    yield from section("Files of evidence", kept)
    answers = answers_of(release.retrospective)
    yield from section("Retrospective", ((f"{name}: {text}",) for name, text in answers))


def _has_record(release: Release) -> bool:
    from relui.domain.dossier.parts import Dossier

    return release.dossier != Dossier()


def _go_live(release: Release, now: datetime, zone: str) -> str:
    text = f"{moment(release.go_live, zone)} {zone}"
    if release.zone != zone:
        text += f" ({moment(release.go_live, release.zone)} {release.zone})"
    return text if release.closed else f"{text}, {distance(release.go_live - now)}"


def _standing(opened: Opened, outline: Outline, now: datetime, zone: str, late: int) -> Lines:
    release = opened.release
    if release.closing is not None:
        closing = release.closing
        reason = f": {closing.reason}" if closing.reason else ""
        yield (f"Closed as {closing.outcome} by {closing.by}, {moment(closing.at, zone)}{reason}",)
    stands = with_late_notices(standing(release, now, outline), late)
    words = f"Stage {stands.stage}" + (f" ({stands.phase})" if stands.phase else "")
    troubles = [trouble.text for trouble in stands.troubles]
    alarm = (", ", Styled(", ".join(troubles), "alarm")) if troubles else ()
    yield (f"{words}, {stands.done} of {stands.total} done", *alarm)
    for name, text in (
        ("Rationale", release.rationale),
        ("Risk", release.risk),
        ("Rollback", release.rollback),
    ):
        if text:
            yield (f"{name}: {text}",)
    if release.notes_link:
        yield (f"Release notes: {release.notes_link}",)


def _phase(release: Release, node: Node, now: datetime, zone: str) -> Lines:
    due = moment(due_at(release, node.phase), zone)
    words = due_offset(release, node.phase).words()
    yield (
        Styled(f"{STATES[node.state]} {node.text}", "bold"),
        f"  ({node.path})  {node.done}/{node.total}, {words}: {due}",
        *_late(release, node, now),
    )


def _late(release: Release, node: Node, now: datetime) -> tuple[Piece, ...]:
    late = not release.closed and overdue(release, node, now)
    return ("  ", Styled("OVERDUE", "alarm")) if late else ()


def _item(release: Release, outline: Outline, node: Node, now: datetime, zone: str) -> Lines:
    indent = "    " * node.depth
    assert node.item is not None
    sign: Piece = Styled(STATES[node.state], "alarm") if node.state == "failed" else STATES[node.state]
    words = f" {node.text}  ({node.path})"
    if node.children:
        yield (indent, sign, f"{words}  {node.done}/{node.total}")
        return
    mark = node.mark
    if mark.at is not None:
        words += f"  {mark.by}, {moment(mark.at, zone)}{', late' if mark.late else ''}"
    elif node.item.optional:
        words += "  optional"
    yield (indent, sign, words, *_late(release, node, now))
    for detail in _details(outline, node):
        yield (f"{indent}    {detail}",)


def _details(outline: Outline, node: Node) -> Iterator[str]:
    mark, item = node.mark, node.item
    assert item is not None
    if mark.reason:
        yield f"reason: {mark.reason}"
    for number, line in enumerate(mark.note.splitlines()):
        yield f"{'note: ' if not number else '      '}{line}"
    labels = {field.id: field.label for field in item.fields}
    for name, value in mark.fields.items():
        yield f"{labels.get(name, name)}: {value}"
    asked = [] if node.state.resolved else [field for field in item.fields if field.id not in mark.fields]
    for field in asked:
        need = ", needed" if field.required else ""
        choices = f": {', '.join(field.choices)}" if field.choices else ""
        yield f"--field {field.id}=... {field.label} ({field.kind}{choices}{need})"
    for piece in mark.evidence:
        yield f"evidence: {piece}"
    if item.run is not None:
        yield f"command: {item.run.line}"
    for word, text in (("command", item.command), ("expected", item.expect)):
        for number, line in enumerate(text.splitlines()):
            yield f"{f'{word}: ' if not number else '    '}{line}"
    unmet = outline.unmet(node)
    if unmet and not node.state.resolved:
        yield "needs first: " + ", ".join(f"{needed.text} ({needed.path})" for needed in unmet)


def slot_lines(release: Release, conflicts: Sequence[Finding], now: datetime, zone: str) -> Lines:
    """The lines of a release's slot and its timeline; an archived one tells what it held. Times in `zone`."""
    held = release.booking
    if held is not None:
        yield _booked(release, held, now, zone)
        yield from _passed(release, held)
    elif not finished(release):
        yield ("Slot not booked",)
    for conflict in conflicts:
        yield (Styled("CONFLICT", "alarm"), f" {conflict.words} {conflict.way_out}".rstrip())
    if release.people:
        yield (f"People {', '.join(release.people)}",)
    if not release.closed:
        yield from _timeline(release, now)


def _booked(release: Release, held: Booking, now: datetime, zone: str) -> tuple[Piece, ...]:
    ended = finished(release)
    if ended:
        return (f"Slot no longer needed: {HOLD_WORDS[ended]} (was booked by {held.booked_by})",)
    words = f"by {held.booked_by}, {moment(held.booked_at, zone)}, booking {held.counter}"
    if held.held == "to-be-moved":
        taken = f", lost to {held.displaced_by}" if held.displaced_by else ""
        why = f": {held.why}" if held.why else ""
        return ("Slot ", Styled("TO BE MOVED", "alarm"), f"{taken}{why} (was booked {words})")
    hold = hold_of(release, now)
    if hold == "missed":
        return ("Slot ", Styled("MISSED", "alarm"), f", it passed unused: book another (was booked {words})")
    if hold == "requested":
        return ("Slot ", Styled("REQUESTED", "alarm"), f" as an exception {words}")
    return (f"Slot booked {words}",)


def _passed(release: Release, held: Booking) -> Lines:
    if held.exception:
        yield (f"    exception, {exception_words(release)}: {held.exception}",)
    for words in held.passed:
        yield (f"    passed: {words}",)
    if held.displaced:
        yield (f"    in place of {', '.join(held.displaced)}",)


def _timeline(release: Release, now: datetime) -> Lines:
    planned = milestones(release.type, release.go_live, release.zone)
    over = milestones_over(planned, now, release.zone)
    days = [f"{one.name} {one.day:%a} {one.day}{' (past)' if one in over else ''}" for one in planned]
    if days:
        yield (f"Timeline: {', '.join(days)}",)


def whole_release(opened: Opened, now: datetime, conflicts: Sequence[Finding] = (), late: int = 0) -> Shape:
    """A release with its slot and its checklist, for `show`."""
    release = opened.release
    outline = Outline(release)
    closing = release.closing
    row = row_of_release(release, now, outline, conflict=bool(conflicts), late=late)
    return (
        row
        | slot_of_release(release, conflicts, now)
        | {
            "archived": opened.archived,
            "read_only": opened.read_only,
            **picked(
                release,
                "environment rationale emergency_criterion risk rollback notes_link packs without "
                "values criteria created_at created_by copied_from",
            ),
            "retrospective": picked(release.retrospective, "well hard next"),
            "closing": closing and picked(closing, "outcome at by reason left_open"),
            "dossier": _dossier(release),
            "phases": [_phase_shape(release, outline, node, now) for node in outline.phases],
        }
    )


def _dossier(release: Release) -> Shape | None:
    """The record beside the checklist; nothing for a release that has none."""
    if not release.criteria and not _has_record(release):
        return None
    from relui.cli.record import dossier

    return dossier(release)


def _phase_shape(release: Release, outline: Outline, node: Node, now: datetime) -> Shape:
    phase = node.phase
    return {
        "path": node.path,
        **picked(phase, "text=name stage due"),
        "due_at": due_at(release, phase),
        **picked(node, "state done total"),
        "overdue": overdue(release, node, now),
        **picked(phase, "optional owed"),
        "items": [_item_shape(release, outline, child, now) for child in node.children],
    }


def _item_shape(release: Release, outline: Outline, node: Node, now: datetime) -> Shape:
    item = node.item
    assert item is not None
    return {
        "path": node.path,
        **picked(item, "text help"),
        **picked(node, "state done total"),
        "overdue": overdue(release, node, now),
        "optional": node.optional,
        **picked(item, "role estimate_minutes=estimate"),
        "run": picked(item.run, "arguments=command line timeout_minutes=timeout") if item.run else None,
        **picked(item, "command expect ticks_itself=when_done"),
        "requires": node.requirements(),
        "unmet": [needed.path for needed in outline.unmet(node)],
        "asks": [picked(f, "id label kind required choices") for f in item.fields],
        **picked(node.mark, "by at reason note evidence fields late done_at"),
        "items": [_item_shape(release, outline, child, now) for child in node.children],
    }
