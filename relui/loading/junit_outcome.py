"""What a test case of a JUnit report says of its result, by elements or attributes, in any dialect."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

BAD = ("failure", "error")
"""Elements that say that a case, or a whole suite, failed."""
NOT_RUN = ("skipped", "disabled", "ignored", "notrun", "inconclusive", "pending", "warning")
"""Elements that say that a case was not run; `warning` is PHPUnit's for a class without tests."""
_FLAKY = ("flakyFailure", "flakyError")
_AGAIN = (*_FLAKY, "rerunFailure", "rerunError")
KEPT = (*BAD, *NOT_RUN, *_AGAIN)
"""Elements of a case that are kept until it ends."""
_FAILED_WORDS = frozenset(
    ("fail", "failed", "failure", "error", "errored", "broken", "crashed", "timeout", "timedout", "aborted")
)
_NOT_RUN_WORDS = frozenset(
    ("notrun", "notexecuted", "skip", "skipped", "disabled", "ignored", "pending", "todo", "suppressed",
     "inconclusive", "blocked", "canceled", "cancelled", "excluded", "filtered")
)  # fmt: skip
"""What `status` and `result` of a case say, without blanks and dashes: gtest, CTest, NUnit and others."""
_PASSED_WORDS = frozenset(
    ("", "run", "completed", "complete", "pass", "passed", "success", "successful", "succeeded", "ok", "done",
     "executed", "expected", "fixed", "finished", "warning", "xpass")
)  # fmt: skip


def name_of(element: Element) -> str:
    """The name of an element, without its namespace."""
    return str(element.tag).rpartition("}")[2]


def outcome(element: Element) -> tuple[str, str, int]:
    """The result of a test case, a note, and how many failures stand in it.

    The note is the first failure's message, or why it was not run. Attributes can say either without an
    element; a word that nobody knows is no proof that the case passed.
    """
    children = {name_of(child): child for child in reversed(list(element))}
    counted = Counter(name_of(child) for child in element)
    marks = sum(counted[name] for name in BAD)
    for name in BAD:
        if name in children:
            return "failed", message(children[name]), marks
    words = _words(element)
    for word in words:
        if word in _FAILED_WORDS:
            return "failed", f"says {word}, without a message", 1
    for name in NOT_RUN:
        if name in children:
            why = message(children[name])
            return "blocked", f"not executed: {why}" if why else "not executed", 0
    for word in words:
        if word in _NOT_RUN_WORDS or not (word in _PASSED_WORDS or word.isdigit()):
            return "blocked", "not executed" if word == "notrun" else f"not executed: {word}", 0
    again = sum(counted[name] for name in _FLAKY)
    return "passed", f"passed after {again} failure{'' if again == 1 else 's'}" if again else "", 0


def repeated(element: Element) -> int:
    """How many failures stand in a test case of runs that it was given again."""
    return sum(name_of(child) in _AGAIN for child in element)


def _words(element: Element) -> list[str]:
    """What the attributes of a case say of its result, without blanks and dashes: gtest's `notrun`."""
    found = [re.sub(r"[\W_]+", "", element.get(name, "").lower()) for name in ("status", "result")]
    if element.get("executed", "").lower() in ("false", "no", "0"):
        found.append("notexecuted")
    if element.get("success", "").lower() in ("false", "no", "0"):
        found.append("failed")
    return found


def message(element: Element) -> str:
    """What an element says, in one line."""
    text = element.get("message") or (element.text or "").strip().partition("\n")[0]
    return re.sub(r"\s+", " ", (text or element.get("type") or "")[:2_000]).strip()
