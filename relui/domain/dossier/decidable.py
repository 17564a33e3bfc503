"""What can be decided on a release, each declared once: command line, screen and documents are made from it.

A decision that is stored is in `decisions.py`; the rule behind each is named in `decision_rules.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.dossier.environments import STATES

AskKind = Literal["line", "text", "instant", "person", "many", "lines", "points", "choice"]
"""One line, a text of several, an instant, a person, names, lines, points to confirm, one of a few."""


class Ask(Struct, frozen=True):
    """One thing that a decision is made with.

    `name` is the parameter of the rule and of the desk. `option` is how the command line takes it: an option,
    or an argument's placeholder. A form asks only for what has a `label`.
    """

    name: str
    option: str
    about: str
    label: str = ""
    kind: AskKind = "line"
    needed: bool = False
    default: str = ""
    choices: Mapping[str, str] = {}
    """Each value with what it means."""
    hint: str = ""
    """What a form says of it, where that is not `about`."""


class Decidable(Struct, frozen=True):
    """One decision: its name, its title in a menu, what it does in a sentence and in few words, what is said
    of it afterwards, what it asks for.

    `knows` is what its rule is given beside the release. `gives_back`: it frees the slot, and the calendar is
    locked meanwhile. `final`: the release is archived with it, and this is asked before.
    """

    name: str
    title: str
    does: str
    words: str
    past: str
    asks: tuple[Ask, ...] = ()
    knows: Literal["", "context", "organisation"] = ""
    gives_back: bool = False
    final: str = ""


_REASON = Ask(
    "reason", "--reason", "Why; it stays in the record.", "Reason", "text", needed=True,
    hint="Why? It stays in the record.",
)  # fmt: skip
_FOR = Ask("acting_for", "--for", "Decide as the delegate of this person, named in advance.", kind="person")
OUTCOMES: Mapping[str, str] = {
    "successful": "everything that was planned is live",
    "partial": "some services or regions are live",
    "rolled-back": "the earlier version runs again",
}
"""How a deployment can be completed."""

DECIDABLE: Mapping[str, Decidable] = {each.name: each for each in (
    Decidable(
        "go", "Say go", "Say go for the release, on the day, when everything else is met.",
        "on the day, when everything else is met", "Go",
        (
            Ask("confirmed", "--confirm", "What may have come up late: open-issues, people, business; "
                "`all` is each.", "Confirmed", "points"),
            replace(_FOR, label="For"),
            Ask("comment", "--comment", "A comment.", "Comment"),
        ),
        knows="context",
    ),
    Decidable(
        "no-go", "Say no-go", "Say no-go for the release: its slot is given back.",
        "with a reason; the slot is given back", "No-go",
        (_REASON, _FOR),
        knows="organisation", gives_back=True,
    ),
    Decidable(
        "hold", "Hold", "Put the release on hold: nothing starts until it is resumed.",
        "nothing starts until it is resumed; the slot stays", "On hold",
        (_REASON,),
    ),
    Decidable(
        "resume", "Resume", "Go on with the release after a hold, or after a no-go with a new slot.",
        "after a hold, or after a no-go with a new slot", "Resumed",
        (Ask("reason", "--reason", "Why it can go on.", "Reason", "text",
             hint="What changed; may be empty."),),
    ),
    Decidable(
        "start", "Start deployment",
        "Record that the deployment of the release starts; its gates must be met.",
        "asks the gates, records the start", "Deployment started",
        (
            Ask("when", "--at", "When it started; now, when nothing is said.", "When", "instant"),
            Ask("override_reason", "--override",
                "Pass what is not met, and can be, for this reason: it is kept for ever.", "Anyway",
                hint="Why it starts although they are not met: it overrides them, and stays for ever."),
        ),
        knows="context",
    ),
    Decidable(
        "complete", "Complete", "Confirm how the deployment of the release ended.",
        "outcome, verification, issues, what remains", "Deployment completed",
        (
            Ask("outcome", "--outcome", "How it ended; successful when nothing is said.", "Outcome", "choice",
                default="successful", choices=OUTCOMES, hint="How it ended."),
            Ask("verification", "--verification",
                "What the verification found; needed for a release with criteria.", "Verification", "text"),
            Ask("issues", "--issues", "Issues, and how they were resolved.", "Issues", "text"),
            Ask("actions", "--action", "What remains to be done.", "Actions that remain", "lines"),
            Ask("when", "--at", "When it ended; now, when nothing is said.", "When", "instant"),
        ),
        knows="context",
    ),
    Decidable(
        "rollback", "Declare rollback", "Declare the rollback of the release.",
        "by the owner, with a reason", "Rollback declared",
        (_REASON,),
        knows="organisation",
    ),
    Decidable(
        "decide", "Record decision", "Record a decision about the release in your words.",
        "in your own words", "Decided",
        (
            Ask("words", "[WORDS]", "What was decided, and why.", "Decision", "text"),
            Ask("scope", "--for", "For this service or region only.", "Only for", "many",
                hint="Services or regions, separated by commas; empty: all of it."),
        ),
    ),
    Decidable(
        "progress", "Record progress",
        "Record how far the deployment of the release is in services or regions.",
        "how far services or regions are", "Progress recorded",
        (
            Ask("names", "[PLACE]...", "Services or regions; `all`: each of them.", "Where", "many",
                needed=True, hint="Services or regions, separated by commas; all."),
            Ask("state", "--state", "How far it is there.", "State", "choice",
                default="done", choices=STATES),
            Ask("reason", "--reason", "Why; needed for what failed, was rolled back or was left out.",
                "Reason"),
        ),
    ),
    Decidable(
        "claim", "Take the lead", "Lead the release from now on.", "you lead from now on", "Took the lead",
    ),
    Decidable(
        "hand-over", "Hand over", "Hand the lead of the release over to somebody, with what worries you.",
        "somebody else leads from now on", "Handed over",
        (
            Ask("to", "[PERSON]", "Who takes over.", "To", "person"),
            Ask("worries", "--worries", "What worries you.", "What worries", "text",
                hint="What the next one should know."),
        ),
    ),
    Decidable(
        "delegate", "Let my delegate sign",
        "Let your delegate sign for you on the release, though you are there.",
        "on this release, though you are there", "Delegate signs",
        (Ask("reason", "--reason", "Why your delegate signs.", "Reason", "text", hint="Why; may be empty."),),
        knows="organisation",
    ),
    Decidable(
        "cancel", "Cancel release",
        "Withdraw the release at any stage: it is closed as cancelled and archived.",
        "withdrawn for good, with a reason", "Cancelled",
        (_REASON,),
        gives_back=True,
        final="It is closed as cancelled, its slot is given back, and it moves to the archive.",
    ),
)}  # fmt: skip
"""Every decision by name, in the order in which they are offered."""
