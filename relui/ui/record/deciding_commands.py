"""Commands that decide about a release: sign-offs, gates, and what is said on the day."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from relui.ui.kit.command import CommandClass, Commands, declared

if TYPE_CHECKING:
    from relui.ui.record.screen import RecordScreen


class OnRecord(CommandClass):
    """Looks at the record."""

    section = "Record"


class ChangesRecord(OnRecord):
    """Changes the release: refused, with the reason, where nothing can be changed."""

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        return screen.why_unchangeable()


class ChangesLine(ChangesRecord):
    """Changes what the line under the cursor is about."""

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        return screen.why_unchangeable() or ("" if screen.row else "There is no line here.")


class SignOff(ChangesRecord):
    """Approve or reject, with what is confirmed: the subject under the cursor, else one that is chosen."""

    id, title, keys, rank = "record-sign", "Sign", ("S",), 5

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.signing.sign_here()


class Advance(ChangesRecord):
    """Leave the present stage for the next, when its gate is met; else say what is missing."""

    id, title, keys, rank = "record-advance", "Advance", ("a", "greater_than_sign"), 6

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.deciding.advance()


class AdvanceAnyway(ChangesRecord):
    """Leave the present stage although its gate is not met, with a reason that stays for ever."""

    id, title = "record-advance-anyway", "Advance anyway"

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.deciding.advance_anyway()


class Override(ChangesLine):
    """Pass the unmet criterion under the cursor (in an emergency every one), with a reason that stays."""

    id, title, keys = "record-override", "Override", ("O",)

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None] | None:
        return screen.deciding.override()


class Decide(ChangesRecord):
    """Everything that can be decided now: go, no-go, hold, start, complete, rollback, cancel and more."""

    id, title, keys, rank = "record-decide", "Decide", ("D",), 7

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.deciding.choose()


class _Decision(ChangesRecord):
    act: ClassVar[str] = ""

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.deciding.decide(cls.act)


class SayGo(_Decision):
    """Say go, on the day, confirming what may have come up late."""

    id, title, act = "record-go", "Say go", "go"


class SayNoGo(_Decision):
    """Say no-go with a reason; the slot is given back."""

    id, title, act = "record-no-go", "Say no-go", "no-go"


class Hold(_Decision):
    """Put the release on hold, with a reason; the slot stays."""

    id, title, act = "record-hold", "Hold", "hold"


class Resume(_Decision):
    """Go on after a hold, or after a no-go once a new slot is booked."""

    id, title, act = "record-resume", "Resume", "resume"


class Start(_Decision):
    """Start the deployment; its gate is asked."""

    id, title, act = "record-start", "Start deployment", "start"


class Complete(_Decision):
    """Confirm the completion: outcome, verification, issues, what remains."""

    id, title, act = "record-complete", "Complete", "complete"


class RollBack(_Decision):
    """Declare the rollback, with a reason."""

    id, title, act = "record-rollback", "Declare rollback", "rollback"


class Cancel(_Decision):
    """Cancel the release for good, with a reason; its slot is given back."""

    id, title, act = "record-cancel", "Cancel release", "cancel"


class DecideWords(_Decision):
    """Record a decision in your own words."""

    id, title, act = "record-decision", "Record decision", "decide"


class Claim(_Decision):
    """Lead the release from now on."""

    id, title, act = "record-claim", "Take the lead", "claim"


class HandOver(_Decision):
    """Hand the lead over to somebody, with what worries you."""

    id, title, act = "record-hand-over", "Hand over", "hand-over"


class LetDelegateSign(_Decision):
    """Let your delegate sign for you on this release, though you are there."""

    id, title, act = "record-delegate", "Let my delegate sign", "delegate"


class Progress(_Decision):
    """Record how far services or regions are."""

    id, title, act = "record-progress", "Record progress", "progress"


class FollowUp(OnRecord):
    """Create the release that follows a rolled-back, partial or cancelled one, with its changes."""

    id, title = "record-follow-up", "Follow-up release"

    @classmethod
    def refusal(cls, screen: RecordScreen) -> str:
        if screen.opened is None:
            return "This release cannot be read."
        return "relui was opened read-only (--readonly)." if screen.desk.read_only else ""

    @classmethod
    def run(cls, screen: RecordScreen) -> Awaitable[None]:
        return screen.deciding.follow_up()


DECIDING: Commands = declared(
    SignOff,
    Advance,
    AdvanceAnyway,
    Override,
    Decide,
    SayGo,
    SayNoGo,
    Hold,
    Resume,
    Start,
    Complete,
    RollBack,
    Cancel,
    DecideWords,
    Claim,
    HandOver,
    LetDelegateSign,
    Progress,
    FollowUp,
)
