"""The parts of a dossier: immutable, each with an id of its own, so that the log can name what changed.

Instants are UTC; durations are minutes. Rules about the parts stand in the modules beside this one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]

ChangeStatus = Literal["proposed", "approved", "rejected", "withdrawn"]
Category = Literal["application", "configuration", "deployment", "documentation"]
Presence = Literal["present", "missing", "not-needed"]
TestCategory = Literal[
    "smoke",
    "functional-changed",
    "functional-unchanged",
    "regression",
    "integration",
    "performance",
    "security",
    "fix",
]
Result = Literal["passed", "failed", "blocked", "planned"]
Severity = Literal["critical", "high", "medium", "low"]
DefectState = Literal["open", "fixed", "verified", "accepted", "rejected"]
FoundIn = Literal["build", "test", "staging", "post-deploy"]
Subject = Literal["definition", "test-plan", "acceptance", "readiness", "go", "exception"]
SignOffVerdict = Literal["approve", "reject", "withdraw"]
DecisionKind = Literal[
    "go",
    "no-go",
    "hold",
    "resume",
    "start",
    "complete",
    "rollback",
    "cancel",
    "decide",
    "claim",
    "hand-over",
    "delegate",
    "advance",
]


class Change(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A change that the release carries [S1.3]: its reference is its id.

    `ready_by` is who says that it is ready, where that is not its owner.
    """

    id: str
    summary: str
    status: ChangeStatus = "proposed"
    target: date | None = None
    owner: str = ""
    ready: bool = False
    ready_by: str = ""
    kind: str = ""
    breaking: bool = False
    origin: str = ""


class Component(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing in the package [S1.9]: its name is its id; `kind` is one of its category's four.

    `iteration` is the build that location and checksum were said for.
    """

    id: str
    category: Category
    kind: str
    location: str = ""
    checksum: str = ""
    version: str = ""
    presence: Presence = "missing"
    why_not: str = ""
    iteration: int = 1


class Environment(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A step of the promotion schedule [S1.18]: when it is planned, and what was recorded.

    `baseline` is what comparing it with its documented configuration found. `iteration` is the build that
    was promoted last, 0 for none.
    """

    id: str
    planned: Moment | None = None
    promoted: Moment | None = None
    by: str = ""
    access_verified: bool = False
    baseline: str = ""
    iteration: int = 0


class Case(Struct, frozen=True, omit_defaults=True):
    """One test case; `planned` until it was executed."""

    id: str
    result: Result
    note: str = ""


class Run(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One test run [S1.14]: its cases, when, by whom, on what evidence, and of which build iteration.

    `scope` is how far it went (`critical paths`, `full suite`): one of the matrix's words for its category.
    """

    id: str
    category: TestCategory
    cases: tuple[Case, ...] = ()
    started: Moment | None = None
    ended: Moment | None = None
    by: str = ""
    evidence: str = ""
    iteration: int = 1
    scope: str = ""


class Defect(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A defect [S1.15]: its reference is its id. `iterations` counts its fixes, `case` is what found it.

    `risk` is what a known issue means for those who live with it. `build` is the build that it was seen in,
    `fixed_in` the one that has its fix, 0 where nobody said.
    """

    id: str
    summary: str
    severity: Severity
    state: DefectState = "open"
    found: FoundIn = "test"
    iterations: int = 0
    workaround: str = ""
    known_issue: bool = False
    risk: str = ""
    case: str = ""
    build: int = 1
    fixed_in: int = 0


class ConfigItem(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A configuration item that the release changes [S1.29, S1.33]."""

    id: str
    old: str = ""
    new: str = ""
    relationships: str = ""
    attributes: str = ""
    updated: bool = False


class Confirmation(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Somebody's word for one named check (`build.configuration`, `window.operations`), with its grounds.

    `iteration` is the build that it was given for: those of `build.*` count for that build alone. `basis` is
    what else it rests on, as with a sign-off: what differs now makes it count no more. `acting_for` is the
    team whose word it is, where somebody else gave it.
    """

    id: str
    at: Moment
    by: str
    acting_for: str = ""
    note: str = ""
    evidence: str = ""
    iteration: int = 1
    basis: dict[str, str] = {}


class SignOff(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A person's decision on a subject. `acting_for` is whom a delegate stands for.

    `roles` are those that it counts for, of the `needs` that the subject had then. `basis` is a digest of
    every ground that the subject rests on, as it was: what differs now makes it stale.
    """

    id: str
    subject: Subject
    verdict: SignOffVerdict
    by: str
    acting_for: str = ""
    at: Moment
    comment: str = ""
    confirmed: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    basis: dict[str, str] = {}


class Decision(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was decided on the way, with time, name and reason; withdrawn by a later one, never removed.

    A completion has its `outcome`, what the verification found, issues and how they were resolved, and the
    `actions` that remain. `to` is who takes over at a hand-over, or signs as a delegate.
    """

    id: str
    kind: DecisionKind
    at: Moment
    by: str
    words: str = ""
    scope: tuple[str, ...] = ()
    withdraws: str = ""
    outcome: str = ""
    verification: str = ""
    issues: str = ""
    actions: tuple[str, ...] = ()
    to: str = ""


class Override(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An unmet criterion that a named person passed, for a reason that stays: the criterion is its id.

    `iteration` is the build that it was given for, 0 where an older record does not say. A criterion passed
    again, for a later build, has that build in its id (`cases-executed@2`).
    """

    id: str
    at: Moment
    by: str
    reason: str
    iteration: int = 0

    @property
    def criterion(self) -> str:
        """The criterion that it passes."""
        return self.id.partition("@")[0]


class Sent(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A message that was sent [S1.23]: which, when, by whom, to whom, and its text as it was.

    `go_live` is the instant that it told. An entry that `withdraws` an earlier one says why in `text`.
    """

    id: str
    message: str
    at: Moment
    by: str
    to: str
    text: str = ""
    go_live: Moment | None = None
    withdraws: str = ""


class Contact(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A named party of this release (`incident-response`, `on-call`) and how to reach it [S2.2]."""

    id: str
    person: str
    reach: str = ""


class Rehearsed(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How a step of the runbook went in staging [S1.19]: its path is its id, `took` is in minutes.

    `deviation` is what differed from the step as it was written, empty when nothing did. `iteration` is the
    build that was rehearsed.
    """

    id: str
    took: int
    at: Moment
    by: str
    deviation: str = ""
    iteration: int = 1


class PastBuild(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was recorded for a build that another one followed: its number is its id, `why` begins the next.

    `checksums` by component, `promoted` by environment, with `confirmations` of the points about a build.
    Test runs and sign-offs stay where they are, and keep their build themselves.
    """

    id: str
    ended: Moment
    why: str
    tag: str = ""
    logs: str = ""
    checksums: dict[str, str] = {}
    promoted: dict[str, Moment] = {}
    confirmations: tuple[Confirmation, ...] = ()


class Dossier(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Everything beside the checklist. Empty for a release that takes the light way.

    `iteration` counts builds: a fix of a critical or high defect starts the next. `built_at` is when the
    present one was made, `tag_build` and `logs_build` the builds that tag and logs were said for,
    `past_builds` the former ones. `rollback_minutes` is the
    rollback's estimated duration, `rollback_limit` minutes from completion until which it is possible,
    `rollback_triggers` what it is declared for.
    `deployed_version` is what was found running afterwards; `progress` how far each service or region is.
    `stage` is where a release with criteria stands; empty means its first. `user_action` is what users must
    do: messages say it [S1.23].
    """

    stage: str = ""
    iteration: int = 1
    resources: str = ""
    needs: tuple[str, ...] = ()
    follows: str = ""
    rollback_minutes: int = 0
    rollback_limit: int = 0
    rollback_triggers: str = ""
    package_at: str = ""
    package_access: str = ""
    package_tag: str = ""
    build_logs: str = ""
    tag_build: int = 1
    logs_build: int = 1
    built_at: Moment | None = None
    past_builds: tuple[PastBuild, ...] = ()
    deployed_version: str = ""
    schema_versions: str = ""
    api_versions: str = ""
    user_action: str = ""
    changes: tuple[Change, ...] = ()
    components: tuple[Component, ...] = ()
    environments: tuple[Environment, ...] = ()
    test_plan: str = ""
    runs: tuple[Run, ...] = ()
    defects: tuple[Defect, ...] = ()
    config_items: tuple[ConfigItem, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    signoffs: tuple[SignOff, ...] = ()
    decisions: tuple[Decision, ...] = ()
    overrides: tuple[Override, ...] = ()
    sent: tuple[Sent, ...] = ()
    contacts: tuple[Contact, ...] = ()
    rehearsed: tuple[Rehearsed, ...] = ()
    progress: dict[str, str] = {}
