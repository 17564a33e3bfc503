"""What each criterion asks of a release: pure checks that name what is missing [S1.1 - S1.29].

All that they judge by beside the release itself is given in a context: nothing is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from relui.domain.calendar.slot import Verdict, unpassed
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.changes import Check, Earlier, carried, change_gaps
from relui.domain.dossier.decisions import completion, final_outcome, go_decision, on_hold, rolled_back
from relui.domain.dossier.notices import notices
from relui.domain.dossier.parts import Sent, Subject
from relui.domain.dossier.points import confirmation_gaps
from relui.domain.dossier.signers import confirmed_words, ready_words
from relui.domain.dossier.signing import unsigned_words
from relui.domain.dossier.signoffs import signed
from relui.domain.dossier.testing import CATEGORY_WORDS, coverage, latest_cases, present_runs
from relui.domain.instants import zone_named
from relui.domain.organisation import Organisation
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.ruling import Gap, sentence
from relui.domain.slot_hold import hold_of, slot_words
from relui.domain.summary import Summary


class Context(Struct, frozen=True, kw_only=True):
    """The surroundings of a release at `now` (UTC).

    `earlier` are the releases that went out with a change of this one (`changes.earlier_releases`),
    `verdict` is the calendar's about its slot, `needed` says of each release that must go first why it
    is not out (empty: it is), as `needed_releases` makes it.
    """

    organisation: Organisation
    now: datetime
    earlier: Earlier = {}
    verdict: Verdict | None = None
    needed: Mapping[str, str] = {}

    @property
    def lost(self) -> tuple[str, ...]:
        """The calendar's words for key people who are away during the slot."""
        if self.verdict is None:
            return ()
        return tuple(finding.words for finding in self.verdict.findings if finding.rule == "absence")


class Met(Struct, frozen=True):
    """Whether a criterion holds; if not, what is missing, each with where it is met.

    `notes` are what is to be known although it holds, such as who spoke for another.
    """

    holds: bool
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The first few gaps in one sentence; when it holds the notes, mostly none."""
        return "; ".join(self.notes) if self.holds else sentence(self.gaps)


def met(gaps: Iterable[Gap], notes: Iterable[str] = ()) -> Met:
    """Met when nothing is missing."""
    found = tuple(gaps)
    return Met(not found, found, tuple(notes))


def needed_releases(
    release: Release, archived: Iterable[Summary], active: Iterable[Release]
) -> dict[str, str]:
    """Of each release that has to go first [section 3]: why it is not out; empty when it is."""
    wanted = {name.casefold(): name for name in release.dossier.needs}
    found = dict.fromkeys(release.dossier.needs, "is not known here")
    if not wanted:
        return found
    for summary in archived:
        if (name := wanted.get(summary.id.casefold())) is not None:
            found[name] = _outcome_words(summary.outcome)
    for other in active:
        if (name := wanted.get(other.id.casefold())) is not None:
            outcome = final_outcome(other)
            found[name] = _outcome_words(outcome) if outcome else "is not out yet"
    return found


def _outcome_words(outcome: str | None) -> str:
    if outcome == "successful":
        return ""
    return {
        "partial": "went out only partly",
        "rolled-back": "was rolled back",
        "cancelled": "was cancelled",
    }.get(outcome or "", "is not out yet")


Condition = Callable[[Release, Context], Met]


def of_gaps(find: Callable[[Release], tuple[Gap, ...]]) -> Condition:
    """A condition that holds when a rule finds nothing missing."""
    return lambda release, context: met(find(release))


def confirmations(*groups: str) -> Condition:
    """Every point of the groups is confirmed; told is who spoke for a team that they are not of."""
    return lambda release, context: met(
        (gap for group in groups for gap in confirmation_gaps(release, group)),
        (
            f"said by {confirmed_words(given)}"
            for given in release.dossier.confirmations
            if given.acting_for and given.id.partition(".")[0] in groups
        ),
    )


def is_signed(subject: Subject) -> Condition:
    """The subject is signed by everybody who has to, and what was signed is as it was."""

    def check(release: Release, context: Context) -> Met:
        lost = context.lost if subject == "go" else ()
        why = unsigned_words(release, subject, context.organisation, lost)
        return met((Gap(why, "sign", subject),) if why else ())

    return check


def changes_verified(check: Check) -> Condition:
    """One of the four verifications holds for every change, and there is a change [S1.3]."""
    return lambda release, context: met(
        change_gaps(release, context.earlier, check)
        if release.dossier.changes
        else (Gap("the release has no changes", "change"),),
        [f"{each.id} {words}" for each in carried(release) if (words := ready_words(each))]
        if check == "ready"
        else (),
    )


def slot_booked(release: Release, context: Context) -> Met:
    """A slot is held that has not passed unused, and the calendar forbids it no more than when it was booked,
    or when an exception was approved for it."""
    booking, hold = release.booking, hold_of(release, context.now)
    if booking is None:
        return met((Gap("no slot is booked", "book"),))
    if hold == "to-be-moved":
        return met((Gap(f"the slot was lost to {booking.displaced_by}: book another", "book"),))
    if hold == "missed":
        words = slot_words(booking.at, booking.duration, release.zone)
        return met((Gap(f"the slot was missed ({words}): book another", "book"),))
    if hold == "requested":
        why = unsigned_words(release, "exception", context.organisation)
        return met((Gap(f"the slot is an exception that is not approved: {why}", "sign", "exception"),))
    blocks = unpassed(booking, context.verdict.blocks) if context.verdict else ()
    return met(Gap(f"the calendar forbids the slot now: {each.words}", "book", each.other) for each in blocks)


def incident_response(release: Release, context: Context) -> Met:
    """Incident response is named as a contact, with a way to reach it [S2.2]."""
    found = [each for each in release.dossier.contacts if each.id.casefold() == "incident-response"]
    if not found:
        return met((Gap("no contact is named for incident response", "contact", "incident-response"),))
    reach = found[0].reach or _reach(context, found[0].person)
    if not reach:
        text = f"nothing says how to reach {found[0].person}, who is incident response"
        return met((Gap(text, "contact", found[0].id),))
    return met(())


def _reach(context: Context, name: str) -> str:
    person = context.organisation.person(name)
    return person.contact if person else ""


def version_set(release: Release, context: Context) -> Met:
    """The version is known, and is no placeholder."""
    open_words = ("tbd", "tba", "unknown", "none", "?", "-", "next")
    if release.version.strip().casefold() in open_words:
        return met((Gap(f"the version is {release.version!r}", "edit", "version"),))
    return met(())


def cases_executed(release: Release, context: Context) -> Met:
    """Every planned case has a result; a release without any case proves nothing."""
    from relui.domain.dossier.testing import unexecuted_gaps

    if not latest_cases(release):
        return met((Gap(f"no test case was executed on build {release.dossier.iteration}", "test"),))
    return met(unexecuted_gaps(release))


def summary_proceeds(release: Release, context: Context) -> Met:
    """The test summary recommends to proceed [S1.17]."""
    from relui.domain.dossier.assessment import assess

    return met(Gap(f"the summary halts: {reason}", "test") for reason in assess(release).halts)


def smoke_and_fix(release: Release, context: Context) -> Met:
    """The smoke test ran and the fix is verified: an emergency's minimum [S1.36]. A failed case fails it."""
    return met(_smoke_and_fix_gaps(release))


def _smoke_and_fix_gaps(release: Release) -> Iterator[Gap]:
    rows = {row.category: row for row in coverage(release)}
    for category in ("smoke", "fix"):
        row = rows[category]
        words = CATEGORY_WORDS[category].lower()
        if not any(run.category == category for run in present_runs(release)) or not row.passed:
            yield Gap(f"{words}: no case has passed", "test", category)
        elif row.failed or row.blocked or row.planned:
            count = row.failed + row.blocked + row.planned
            yield Gap(f"{words}: {count} of its cases did not pass", "test", category)


def emergency_cab(release: Release, context: Context) -> Met:
    """The emergency CAB approved the definition or said go."""
    if signed(release, "definition") or signed(release, "go", context.lost):
        return met(())
    why = unsigned_words(release, "go", context.organisation, context.lost)
    return met((Gap(why, "sign", "go"),))


def notices_sent(release: Release, context: Context) -> Met:
    """The notice of the planned release went out in time, for this very go-live [S1.23]."""
    notice = notices(release, context.organisation.holidays)[0]
    if notice.in_time:
        return met(())
    due = ""
    if notice.due is not None:
        due = f"{notice.due.astimezone(zone_named(release.zone)):%a %Y-%m-%d}"
    why = notice.why or f"not sent; due until {due} to {notice.audience}"
    text, way = f"the notice of the planned release: {why}", None
    if notice.due is not None and notice.due < context.now:
        text += "; it can no longer be in time, an override passes it"
        way = Gap("", "override", "notices-sent")
    return met((Gap(text, "message", notice.message, way=way),))


def readiness(release: Release, context: Context) -> Met:
    """The six points of the readiness review hold, and it is signed off [S1.24]."""
    return met((*confirmation_gaps(release, "readiness"), *is_signed("readiness")(release, context).gaps))


def go_decided(release: Release, context: Context) -> Met:
    """Go was said for this slot, still stands, and nothing is on hold [S1.25]."""
    if on_hold(release) is not None:
        return met((Gap("the release is on hold", "resume"),))
    if go_decision(release) is None:
        return met((Gap("go was not said", "go"),))
    return is_signed("go")(release, context)


def needed_out(release: Release, context: Context) -> Met:
    """The releases that have to go first are out."""
    return met(
        Gap(f"{name}, which goes first, {why}", "edit", "needs")
        for name in release.dossier.needs
        if (why := context.needed.get(name, "is not known here"))
    )


def completion_confirmed(release: Release, context: Context) -> Met:
    """The completion is confirmed, with its outcome and what was verified [S1.28]."""
    return met(() if completion(release) else (Gap("the completion is not confirmed", "complete"),))


def stakeholders_told(release: Release, context: Context) -> Met:
    """The result went out to those who were told of the release, and support knows [S1.29].

    What was sent before there was a result does not count: before the completion, or the rollback.
    """
    result = (
        ("release-failed",)
        if final_outcome(release) == "rolled-back"
        else ("release-successful", "support-live")
    )
    owed = {notice.message: notice for notice in notices(release, context.organisation.holidays)}
    back = rolled_back(release)
    since = back.at if back is not None else actual_window(release, Outline(release))[1]
    return met(
        Gap(f"not sent: {message}", "message", message)
        for message in result
        if message not in owed or not owed[message].said or _before(owed[message].sent, since)
    )


def _before(sent: Sent | None, since: datetime | None) -> bool:
    return sent is not None and since is not None and sent.at < since


def metrics_recorded(release: Release, context: Context) -> Met:
    """The actual start and end are known, and how it ended [S1.29, S1.34]."""
    started, completed = actual_window(release, Outline(release))
    lacking = (
        ("when the deployment started", "edit", "started", started is None),
        ("when the deployment ended", "edit", "completed", completed is None),
        ("how it ended", "complete", "", final_outcome(release) is None),
    )
    return met(Gap(f"not recorded: {text}", at, name) for text, at, name, missing in lacking if missing)


def retrospective_written(release: Release, context: Context) -> Met:
    """All three questions of the retrospective are answered [S0.9, S1.29]."""
    if release.retrospective.written:
        return met(())
    return met((Gap("the retrospective is not written", "retrospective"),))


def points_confirmed(*names: str) -> Condition:
    """Some single points are confirmed."""
    return lambda release, context: met(
        gap
        for group in dict.fromkeys(name.partition(".")[0] for name in names)
        for gap in confirmation_gaps(release, group)
        if gap.name in names
    )
