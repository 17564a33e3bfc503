"""The demo's governed release: led at the desk, as a person would, until only readiness and go are open.

What the desk refuses from a person it refuses here too, so nothing in this release's record is made up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.dossier.package import KINDS_OF_COMPONENTS
from relui.domain.identifiers import semantic
from relui.domain.log import Actor
from relui.domain.marking import Details

if TYPE_CHECKING:
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary

SERVICE = "notifications"
OWNER, DEVELOPER, APPROVER = "mara", "priya", "ingrid"
OPERATOR, TESTER, SUPPORT = "tomasz", "aiko", "sofia"
NOTICE = timedelta(hours=30)
"""How soon the deployment may be: far enough to look around first, near enough that go is what is next."""
CHECKSUM = "9f2c41d07b3e8a65" * 4
FIELDS = {
    "risk": "Low: senders fall back to the previous queue when the new one does not answer.",
    "rollback": "Switch routing back to the previous image, which stays deployed for seven days.",
    "rollback-minutes": "20m",
    "rollback-limit": "4h",
    "rollback-triggers": "More than 2 % of messages fail within five minutes",
    "resources": "Two people from operations, one from development on call",
    "test-plan": "The whole matrix on test, smoke tests again on staging",
}
CHANGES = (
    ("NOTIF-412", "Messages are batched for each recipient", "feat"),
    ("NOTIF-431", "A push token that expired no longer stops the queue", "fix"),
    ("NOTIF-440", "Quiet hours follow the recipient's time zone", "feat"),
)
RUNS = (
    ("smoke", "", "start, send, receive"),
    ("functional-changed", "", "batching, quiet hours, expired token"),
    ("functional-unchanged", "", "send by mail, send by push, unsubscribe"),
    ("regression", "full suite", "suite A, suite B, suite C"),
    ("integration", "all interfaces", "identity, message bus"),
    ("performance", "baseline comparison", "10 000 messages a minute"),
    ("security", "vulnerability scan", "image scan"),
)
STEPS = (
    ("Stop the senders", "operations", "senderctl drain --wait", "0 messages in flight", "5m", "4"),
    ("Deploy the new image", "operations", "kubectl rollout status deploy/notify", "rolled out", "10m", "14"),
    ("Start the senders", "operations", "senderctl start", "the queue is shorter each minute", "5m", "5"),
    ("Send a test message", "qa", "notify test --to qa@example.org", "it arrives within a minute", "5m", "3"),
)


class Course:
    """A desk for whoever acts, at the time of the act."""

    def __init__(
        self,
        data: Path,
        now: datetime,
        library: Callable[[], TemplateLibrary],
        messages: Callable[[], MessageLibrary],
        host_zone: Callable[[], str],
    ) -> None:
        self._data, self._now, self._library = data, now, library
        self._messages, self._host_zone = messages, host_zone

    def at(self, who: str, **ago: float) -> Desk:
        """The desk of a person, that long ago (as of `timedelta`)."""
        return Desk(
            self._data,
            clock=Clock(self._now - timedelta(**ago), frozen=True),
            actor=Actor(who, who),
            library=self._library,
            host_zone=self._host_zone,
            messages=self._messages,
        )


def lead_governed(course: Course) -> str:
    """Lead one governed release up to the go decision; returns its identifier."""
    release = _planned(course)
    _built(course, release)
    _tested(course, release)
    _staged(course, release)
    return release


def _planned(course: Course) -> str:
    desk = course.at(OWNER, days=12)
    plan = Request(
        service=SERVICE,
        version=_next_version(desk),
        title="Quieter notifications",
        template="governed",
        owner=OWNER,
        duration="90m",
        rationale="Two enhancements and a correction; nothing that callers see changes",
    )
    release = desk.releases.new(plan).release.id
    earliest = course.at(OWNER).clock.now() + NOTICE
    slot = desk.calendar.free_slots(release, earliest, 1).found[0].slot
    desk.releases.edit(release, {"go-live": slot.start.isoformat(), **FIELDS})
    target = (slot.start + timedelta(days=7)).date().isoformat()
    for name, summary, kind in CHANGES:
        given = {"id": name, "summary": summary, "kind": kind, "status": "approved"}
        desk.record.add_part(release, "change", {**given, "target": target, "owner": DEVELOPER})
    for name, days in (("test", 8), ("staging", 3)):
        planned = course.at(OWNER, days=days).clock.now().isoformat()
        desk.record.add_part(release, "environment", {"id": name, "planned": planned})
    desk.record.add_part(release, "environment", {"id": "production", "planned": slot.start.isoformat()})
    desk.record.add_part(
        release, "contact", {"id": "incident-response", "person": "emre", "reach": "extension 4200"}
    )
    desk.record.confirm(release, ["prerequisite"], note="the service catalogue")
    desk.calendar.book(release)
    developer = course.at(DEVELOPER, days=11, hours=22)
    for name, *_ in CHANGES:
        developer.record.edit_part(release, "change", name, {"ready": "yes"})
    course.at(APPROVER, days=11, hours=20).record.sign(release, "definition", comment="Fine with me.")
    _leave(course.at(OWNER, days=11, hours=19), release, "planning")
    return release


def _next_version(desk: Desk) -> str:
    """One minor version beyond what the service has released; its next major comes later."""
    versions = [each.version for each in desk.files.archived() if each.service == SERVICE]
    known = [numbers for version in versions if (numbers := semantic(version)) is not None]
    major, minor, _ = max(known, default=(1, 0, 0))
    return f"{major}.{minor + 1}.0"


def _built(course: Course, release: str) -> None:
    desk = course.at(OWNER, days=9)
    desk.releases.edit(
        release,
        {
            "package-at": "registry.example.org/notifications",
            "package-access": "Operations",
            "package-tag": f"{release}_{desk.journal.open(release).release.version}",
            "build-logs": "https://ci.example.org/notifications/812",
        },
    )
    given = {"id": "notifications-image", "kind": "image", "location": "registry.example.org/notifications"}
    desk.record.add_part(release, "component", {**given, "presence": "present", "checksum": CHECKSUM})
    rest = [kind for kind in KINDS_OF_COMPONENTS if kind != "image"]
    desk.record.declare_not_needed(release, rest, "The service is a single image.")
    desk.record.confirm(release, ["build", "notes"], note="checked against the changes")
    desk.record.edit_part(release, "environment", "test", {"baseline": "as documented"})
    desk.record.promote(release, "test", access_verified=True)
    course.at(APPROVER, days=8, hours=22).record.sign(release, "test-plan")
    desk = course.at(OWNER, days=8, hours=21)
    desk.documents.record_sent(release, "planned-release", "#releases, customers by mail")
    _leave(desk, release, "pre-release")


def _tested(course: Course, release: str) -> None:
    desk = course.at(TESTER, days=6)
    for category, scope, cases in RUNS:
        passed = "; ".join(f"passed {name}" for name in cases.split(", "))
        given = {"category": category, "cases": passed, "scope": scope, "by": TESTER}
        desk.record.add_part(release, "test", {name: text for name, text in given.items() if text})
    _leave(course.at(OWNER, days=5, hours=22), release, "staging-test")


def _staged(course: Course, release: str) -> None:
    desk = course.at(OPERATOR, days=3)
    desk.record.promote(release, "staging", access_verified=True)
    names = ("text", "owner", "command", "expect", "time")
    desk.items.add_steps(release, [dict(zip(names, step, strict=False)) for step in STEPS])
    for step, (*_, took) in zip(_steps(desk, release), STEPS, strict=True):
        late = "The old pods took four minutes to leave." if took == "14" else ""
        desk.items.rehearse_step(release, step, f"{took}m", late)
    desk.items.edit_step(release, _steps(desk, release)[1], {"time": "15m"})
    desk.record.confirm(release, ["runbook"], note="the image needs 15 minutes, not 10: corrected")
    desk = course.at(APPROVER, days=2)
    desk.record.confirm(release, ["acceptance"], note="four users, by telephone")
    desk.record.sign(release, "acceptance", confirmed=["all"], comment="Accepted.")
    support = course.at(SUPPORT, days=1, hours=22)
    support.record.confirm(release, ["window.support"], note="briefed, with the notes")
    go_live = support.journal.open(release).release.go_live.date().isoformat()
    support.items.tick(release, ["communication.announcement"], Details(fields={"send-date": go_live}))
    _leave(course.at(OWNER, hours=20), release, "communication")


def _leave(desk: Desk, release: str, phase: str) -> None:
    """Tick what is still open of a phase, and leave its stage."""
    desk.items.tick(release, [phase])
    desk.record.advance(release)


def _steps(desk: Desk, release: str) -> list[str]:
    from relui.domain.outline import Outline
    from relui.domain.runbook import steps

    return [step.path for step in steps(Outline(desk.journal.open(release).release))]
