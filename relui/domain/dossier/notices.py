"""Communication [S1.23]: which messages a release owes to whom and by when, and which were sent.

Notice is counted in business days before the go-live day, in the release's zone. Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import State
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.decisions import final_outcome, rolled_back
from relui.domain.dossier.parts import Sent
from relui.domain.instants import from_wall, local_day
from relui.domain.organisation import Holidays
from relui.domain.outline import Outline
from relui.domain.release import NOTICE_DAYS, Impact, Release

AUDIENCES: Mapping[Impact, str] = {
    "high": "all users, leadership, partners",
    "medium": "affected users, support team",
    "low": "technical teams",
}
"""Who is told, by impact."""

MESSAGE_WORDS: Mapping[str, str] = {
    "planned-release": "Planned release",
    "deploy-starting": "Deploy starting",
    "deploy-complete": "Deploy complete",
    "release-successful": "Release successful",
    "release-failed": "Release failed or rolled back",
    "support-live": "Support is live",
    "customer-announcement": "Customer announcement",
}
"""The messages that there are, in the order in which they go out, with their titles."""

HOLIDAYS_AT_MOST = timedelta(days=28)
"""Public holidays never make a notice due earlier by more than this."""

FAILED = "release-failed"
"""What is told of a rollback: that it is under way, then that it is done."""

RESULT_WITHIN = timedelta(minutes=30)
"""From the completion until the result is to be told; support and customers hear within a day."""
LATER_WITHIN = timedelta(hours=24)


class Notice(Struct, frozen=True):
    """One message of a release: until when it is to go out (UTC; None: not yet known), to whom, and whether
    it did. `why` says what is wrong with it, such as a go-live that moved since. `ticked` is when its item
    was ticked, where that alone counts: on a release without criteria (UTC)."""

    message: str
    audience: str
    due: datetime | None
    sent: Sent | None = None
    why: str = ""
    ticked: datetime | None = None

    @property
    def said(self) -> bool:
        """It went out, as far as the release asks for proof of it."""
        return self.sent is not None or self.ticked is not None

    @property
    def in_time(self) -> bool:
        """It was said, for this go-live, not later than it was due."""
        return self.said and not self.why

    def overdue(self, now: datetime) -> bool:
        """It should have gone out before `now` and did not."""
        return not self.said and self.due is not None and now > self.due


def notice_day(release: Release, holidays: Holidays) -> date:
    """The last day on which the planned release can be announced in time, in the release's zone."""
    from relui.domain.calendar.holidays import business_days_before

    day = local_day(release.go_live, release.zone)
    return business_days_before(day, NOTICE_DAYS[release.impact], holidays)


def notices(release: Release, holidays: Holidays) -> tuple[Notice, ...]:
    """Every message that the release owes, or will owe, in the order in which they go out.

    Which result is told follows from the outcome; the customers' announcement is owed only when an open or
    done item of the checklist asks for it, on the date that stands there. Without criteria the checklist's
    ticks tell when the deployment started and ended, and a ticked item counts as said.
    """
    outline = Outline(release)
    started, completed = actual_window(release, outline)
    outcome = final_outcome(release)
    start = started or release.go_live
    due: dict[str, datetime | None] = {
        "planned-release": end_of_day(notice_day(release, holidays), release.zone),
        "deploy-starting": start,
    }
    if outcome != "rolled-back":
        due["deploy-complete"] = completed
        due["release-successful"] = completed + RESULT_WITHIN if completed else None
        due["support-live"] = completed + LATER_WITHIN if completed else None
        asked, day = _announcement(outline)
        if asked:
            due["customer-announcement"] = (
                end_of_day(day, release.zone) if day else completed + LATER_WITHIN if completed else None
            )
    else:
        due[FAILED] = _failure_due(release, start)
    if release.is_emergency:
        due["planned-release"] = start
    ticked = {} if release.criteria else _ticked(outline)
    return tuple(_notice(release, message, until, ticked.get(message)) for message, until in due.items())


def _failure_due(release: Release, start: datetime) -> datetime:
    """From the moment that the rollback was declared, and once more when it is completed."""
    if release.completed_at is not None:
        return release.completed_at + RESULT_WITHIN
    back = rolled_back(release)
    return back.at if back is not None else start + RESULT_WITHIN


def owed_notices(release: Release, holidays: Holidays) -> tuple[Notice, ...]:
    """The messages that a release answers for: all of them where it has to record them, else a rollback's."""
    found = notices(release, holidays)
    return found if asks_for_notice(release) else tuple(each for each in found if each.message == FAILED)


def _ticked(outline: Outline) -> dict[str, datetime]:
    """When the items that say a message were ticked: message -> the first tick."""
    found: dict[str, datetime] = {}
    for leaf in outline.leaves():
        if leaf.message and leaf.state is State.DONE and leaf.mark.at:
            at = found.get(leaf.message)
            found[leaf.message] = min(at, leaf.mark.at) if at else leaf.mark.at
    return found


def _notice(release: Release, message: str, due: datetime | None, ticked: datetime | None) -> Notice:
    audience = AUDIENCES[release.impact]
    if message == "support-live":
        audience = "support team"
    elif message == "customer-announcement":
        audience = "customers"
    sent = last_sent(release, message)
    why = ""
    over = release.completed_at
    if sent is not None and message == FAILED and over is not None and sent.at < over:
        why = "what was sent said that it was being rolled back"
        sent = None
    if sent is not None and message == "planned-release":
        if sent.go_live is not None and sent.go_live != release.go_live:
            why = "the go-live moved since it was sent"
            sent = None
        elif due is not None and sent.at > due:
            late, until = moment_words(sent.at, release.zone), moment_words(due, release.zone)
            why = f"was sent on {late}, and was due until {until}"
    if sent is not None or why:
        return Notice(message, audience, due, sent, why)
    if message == "planned-release" and ticked is not None and due is not None and ticked > due:
        late, until = moment_words(ticked, release.zone), moment_words(due, release.zone)
        why = f"its item was ticked on {late}, and it was due until {until}"
    return Notice(message, audience, due, None, why, ticked)


def end_of_day(day: date, zone: str) -> datetime:
    """The end of a day in a zone (UTC)."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return from_wall(midnight, zone).at - timedelta(seconds=1)


def _announcement(outline: Outline) -> tuple[bool, date | None]:
    """Whether the checklist asks for the customers' announcement, and the date that it names for it."""
    leaves = [
        leaf for leaf in outline.leaves() if leaf.state is not State.NOT_APPLICABLE and not leaf.phase.owed
    ]
    asked = any(leaf.message == "customer-announcement" for leaf in leaves)
    for leaf in leaves:
        text = leaf.mark.fields.get("send-date", "")
        if text:
            try:
                return asked, date.fromisoformat(text)
            except ValueError:
                continue
    return asked, None


def last_sent(release: Release, message: str) -> Sent | None:
    """The last time that a message was sent, those withdrawn left out."""
    withdrawn = {each.withdraws for each in release.dossier.sent if each.withdraws}
    for each in reversed(release.dossier.sent):
        if each.message == message and not each.withdraws and each.id not in withdrawn:
            return each
    return None


def overdue_notices(release: Release, holidays: Holidays, now: datetime) -> tuple[Notice, ...]:
    """The messages that should have gone out before `now`."""
    return tuple(notice for notice in owed_notices(release, holidays) if notice.overdue(now))


def asks_for_notice(release: Release) -> bool:
    """The criterion `notices-sent` exists for it, asked without loading every criterion: lists are quick."""
    names = release.criteria
    return "notices-sent" in names or ("all" in names and not release.is_emergency)


def years_that_matter(release: Release, own: Holidays, now: datetime) -> tuple[int, ...]:
    """The years whose public holidays decide whether the notice is late at `now`; mostly none.

    `own` are the organisation's dates alone. Public holidays make the notice due earlier still, but not by
    more than HOLIDAYS_AT_MOST, and by own dates that it meets on the way.
    """
    if release.is_emergency or notices(release, own)[0].sent is not None:
        return ()
    latest, today = notice_day(release, own), local_day(now, release.zone)
    first = latest - HOLIDAYS_AT_MOST - timedelta(days=len(own.dates))
    if not first <= today <= latest:
        return ()
    return tuple(range(first.year, local_day(release.go_live, release.zone).year + 1))


RESULTS = ("deploy-complete", "release-successful", "release-failed", "support-live")
"""Messages that tell a result: there is none before the deployment."""


def too_early(release: Release, message: str) -> str:
    """Why a result cannot have been told yet, with the way out; empty when it can.

    With criteria the completion, or the rollback, is recorded first; the light way has at least begun.
    """
    if message not in RESULTS or release.closing is not None:
        return ""
    started, completed = actual_window(release, Outline(release))
    words = MESSAGE_WORDS[message]
    if started is None:
        return f"'{words}' tells a result, and the deployment of {release.id} has not begun: start it first."
    if release.criteria and completed is None and final_outcome(release) is None:
        return f"'{words}' tells a result, and {release.id} is not completed: relui complete {release.id}."
    return ""
