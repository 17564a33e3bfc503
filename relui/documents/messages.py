"""The messages of a release, generated from it by templates that a team can change [S1.23]."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from relui.documents.facts import (
    IMPACT_WORDS,
    USER_ACTIONS,
    Paper,
    affected_services,
    clock_words,
    day_words,
    duration_words,
    whom_to_ask,
    zone_words,
)
from relui.documents.message_template import MessageTemplate, Variable
from relui.domain.deployment_times import actual_window
from relui.domain.dossier.changes import carried
from relui.domain.dossier.decisions import completion, final_outcome, rolled_back
from relui.domain.dossier.environments import progress_words
from relui.domain.dossier.notices import AUDIENCES, MESSAGE_WORDS, Notice, last_sent, notices
from relui.domain.dossier.testing import known_issues
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

ROWS = 50
"""Changes and known issues that a message tells at most; `more_changes` says how many are left."""

VARIABLES: Mapping[str, Variable] = {
    "message": Variable("the message's own title: Planned release"),
    "release": Variable("the identifier: REL-2026-11-003"),
    "title": Variable("the release's title"),
    "service": Variable("what people call the service"),
    "services": Variable("the affected services: this one and those that depend on it", "texts"),
    "version": Variable("the version"),
    "type": Variable("major, minor, patch or emergency"),
    "emergency": Variable("whether it is an emergency", "yes-no"),
    "environment": Variable("where it is deployed to: production"),
    "impact": Variable("high, medium or low"),
    "impact_words": Variable("what users notice, in words"),
    "date": Variable("the day of the go-live: Saturday 21 November 2026"),
    "time": Variable("its time in the release's zone: 20:00"),
    "zone": Variable("that zone: Europe/Berlin, UTC+01:00"),
    "end_date": Variable("the day on which the planned duration is over"),
    "end_time": Variable("the time at which it is over"),
    "duration": Variable("the planned duration: 2 hours"),
    "started_date": Variable("the day on which the deployment began; empty before"),
    "started_time": Variable("the time at which it began; empty before"),
    "completed_date": Variable("the day on which it was completed; empty before"),
    "completed_time": Variable("the time at which it was completed; empty before"),
    "took": Variable("how long it really took; empty before"),
    "now_date": Variable("the present day, in the release's zone"),
    "now_time": Variable("the present time, in the release's zone"),
    "user_action": Variable("what users must do (field user-action), else what its impact suggests"),
    "contact": Variable("whom to ask, with how to reach them: the contact support, else the owner"),
    "owner": Variable("the release owner"),
    "audience": Variable("to whom the message goes, by impact"),
    "send_date": Variable("the day until which the message is due; empty when that is not known yet"),
    "changes": Variable(
        f"the changes, {ROWS} at most", "rows", ("reference", "summary", "kind", "breaking")
    ),
    "more_changes": Variable("how many changes are left out, as a text; empty when none is"),
    "known_issues": Variable(
        f"the known issues, {ROWS} at most",
        "rows",
        ("reference", "summary", "severity", "risk", "workaround"),
    ),
    "notes_link": Variable("the link to the release notes; empty without one"),
    "outcome": Variable("successful, partial or rolled-back; empty before the completion"),
    "partial": Variable("whether it succeeded only partly", "yes-no"),
    "rolling_back": Variable("whether a rollback was declared and is not completed yet", "yes-no"),
    "rolled_back": Variable("whether it was rolled back, and that is completed", "yes-no"),
    "reason": Variable("why it was rolled back; empty otherwise"),
    "issues": Variable("issues and how they were resolved, as the completion says"),
    "actions": Variable("the actions that remain, as the completion says", "texts"),
    "progress": Variable("how far services or regions are, in words; empty where none is named"),
}  # fmt: skip
"""Every variable by name. `docs/documents.md` lists them, and a test compares the two."""


def message_facts(release: Release, notice: Notice, paper: Paper) -> dict[str, object]:
    """The value of each variable for one message of a release; times in the release's own zone."""
    zone = release.zone
    begins = release.booking.at if release.booking else release.go_live
    minutes = release.booking.duration if release.booking else release.duration
    ends = begins + timedelta(minutes=minutes)
    changes = [change for change in carried(release) if change.status != "rejected"]
    return {
        "message": MESSAGE_WORDS[notice.message],
        "release": release.id,
        "title": release.title,
        "service": paper.service(release),
        "services": list(affected_services(release, paper.organisation)),
        "version": release.version,
        "type": release.type,
        "emergency": release.is_emergency,
        "environment": release.environment,
        "impact": release.impact,
        "impact_words": IMPACT_WORDS[release.impact],
        "date": day_words(begins, zone),
        "time": clock_words(begins, zone),
        "zone": zone_words(begins, zone),
        "end_date": day_words(ends, zone),
        "end_time": clock_words(ends, zone),
        "duration": duration_words(minutes),
        "now_date": day_words(paper.now, zone),
        "now_time": clock_words(paper.now, zone),
        "user_action": release.dossier.user_action or USER_ACTIONS[release.impact],
        "contact": whom_to_ask(release, paper),
        "owner": paper.name(release.owner),
        "audience": notice.audience,
        "send_date": day_words(notice.due, zone) if notice.due else "",
        "changes": [
            {"reference": each.id, "summary": each.summary, "kind": each.kind,
             "breaking": "yes" if each.breaking else ""}
            for each in changes[:ROWS]
        ],
        "more_changes": str(len(changes) - ROWS) if len(changes) > ROWS else "",
        "known_issues": [
            {"reference": each.id, "summary": each.summary, "severity": each.severity, "risk": each.risk,
             "workaround": each.workaround}
            for each in known_issues(release)[:ROWS]
        ],
        "notes_link": release.notes_link,
        **_result(release),
    }  # fmt: skip


def _result(release: Release) -> dict[str, object]:
    """What is known once the deployment began and ended."""
    started, completed = actual_window(release, Outline(release))
    if release.completed_at is None:
        completed = None
    done, back = completion(release), rolled_back(release)
    outcome = final_outcome(release) if completed or release.closing else None
    return {
        **_moment("started", started, release.zone),
        **_moment("completed", completed, release.zone),
        "took": _took(started, completed),
        "outcome": outcome or "",
        "partial": outcome == "partial",
        "rolling_back": back is not None and outcome is None,
        "rolled_back": outcome == "rolled-back",
        "reason": back.words if back else "",
        "issues": done.issues if done else "",
        "actions": list(done.actions) if done else [],
        "progress": progress_words(release),
    }


def _moment(name: str, at: datetime | None, zone: str) -> dict[str, str]:
    return {
        f"{name}_date": day_words(at, zone) if at else "",
        f"{name}_time": clock_words(at, zone) if at else "",
    }


def _took(started: datetime | None, completed: datetime | None) -> str:
    if started is None or completed is None:
        return ""
    return duration_words(max(1, round((completed - started).total_seconds() / 60)))


class Message(Struct, frozen=True):
    """A message as it can be sent: its text, to whom it goes, and until when it is due (UTC, if known)."""

    name: str
    subject: str
    text: str
    audience: str
    due: datetime | None

    @property
    def whole(self) -> str:
        """Subject and text, as they are copied."""
        return f"{self.subject}\n\n{self.text}"


def checked_message(name: str) -> str:
    """The message of that name. Raises BadInput with the nearest."""
    if name in MESSAGE_WORDS:
        return name
    raise BadInput(f"There is no message {quoted(name)}.{did_you_mean(name, MESSAGE_WORDS)}")


def checked_template(text: str, shown: str) -> MessageTemplate:
    """A message's template, of the file `shown`. Raises BadInput by file and line."""
    return MessageTemplate(text, shown, VARIABLES)


def message(release: Release, name: str, paper: Paper, template: MessageTemplate) -> Message:
    """A message of a release by its template. Raises BadInput for an unknown one, or a broken template."""
    notice = notice_of(release, checked_message(name), paper)
    rendered = template.render(message_facts(release, notice, paper))
    return Message(name, rendered.subject, rendered.text, notice.audience, notice.due)


def notice_of(release: Release, name: str, paper: Paper) -> Notice:
    """What is known of a message: to whom and until when; also of one that the release does not owe."""
    owed = {each.message: each for each in notices(release, paper.organisation.holidays)}
    return owed.get(name) or Notice(name, _audience(release, name), None, last_sent(release, name))


def _audience(release: Release, name: str) -> str:
    others = {"support-live": "support team", "customer-announcement": "customers"}
    return others.get(name, AUDIENCES[release.impact])
