"""What the message of a commit says: of itself, of the request that it merged, of what it takes back.

A commit says `type(scope)!: summary`; its reference (`CHG-2026-0892`, `PAY-17`, `#123`) is the change's id.
What only looks like a reference (`AES-256`), or is mentioned (`see #12`), is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from relui.domain.dossier.readers import SUMMARY_LIMIT
from relui.domain.text import clean

_HEADER = r"([A-Za-z][A-Za-z0-9-]{0,30})(?:\(([^()\r\n]{1,100})\))?(!)?:\s+(\S.*)"
_TYPES = frozenset(
    ("feat", "feature", "fix", "bugfix", "hotfix", "docs", "doc", "style", "refactor", "perf", "test",
     "tests", "build", "ci", "cd", "chore", "revert", "security", "sec", "deps", "dep", "i18n", "l10n", "ui",
     "ux", "wip", "release", "config", "infra", "ops", "types", "improvement", "improve", "add", "remove",
     "change", "deprecate")
)  # fmt: skip
"""Types that are known without a scope or a `!`: in `PAY-17: x` and `net: x` there is none."""
_BREAKING = r"^BREAKING[ -]CHANGE\s*:\s*\S"
_CHANGE_NUMBER = r"(?<![A-Za-z0-9-])(CHG-\d{4}-\d{1,8}|CHG-?\d{1,8})(?![\w-])"
_KEY = r"(?<![A-Za-z0-9-])([A-Z][A-Z0-9]{1,9}-\d{1,8})(?![\w-])"
_NO_TRACKER = frozenset(
    ("AES", "AWS", "ARM", "ASN", "BASE", "BIP", "BLAKE2", "CHACHA20", "COVID", "CP", "CRC", "CVE", "CWE",
     "DDR", "DES", "DIN", "DO", "EC", "ECMA", "EIP", "EN", "ERC", "ES", "FIPS", "GB", "GHSA", "GMT", "GPT",
     "HMAC", "HTML", "HTTP", "IEC", "IEEE", "IP", "IPV", "ISO", "ITU", "JAVA", "JEP", "JSR", "KOI8",
     "LATIN", "LOG4J", "MD", "MP", "MPEG", "MS", "NIST", "NODE", "OAUTH", "OS", "PBKDF2", "PEP", "PHP",
     "PKCS", "POSIX", "PSR", "PY", "PYTHON", "RC", "RFC", "RHEL", "RIPEMD", "RSA", "SAML", "SHA", "SHA2",
     "SHA3", "SOC", "SQL", "SSL", "SSLV", "TLS", "TLSV", "TOP", "UCS", "USB", "UTC", "UTF", "UUID", "VT",
     "WEB", "WINDOWS", "XEP")
)  # fmt: skip
"""Names of standards, ciphers and versions: `UTF-8` is no key, except as `[UTF-8]` or in a footer."""
_FOOTER = (
    r"^(?i:refs?|closes?|fix(?:es)?|resolves?|change|issue)(\s*:|\s)\s*((?:[#!]|[A-Z][A-Z0-9]{1,9}-)\d.*)$"
)
"""A line of a body that names references and begins with one: `Fix the PAY-17 screen` is a sentence."""
_HASH_NUMBER = r"(?<![\w&/])(#\d{1,8})(?!\w)"
_OWN_NUMBER = (
    r"\(([#!]\d{1,8})\)\s*$",
    r"[(\[]([#!]\d{1,8})[)\]]",
    r"^([#!]\d{1,8})(?!\w)",
    r"(?i:\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|implements?)):? (#\d{1,8})(?!\w)",
    r"(?<!\bsee )(?<!\bfor )(?<!\bof )(?<!\bto )(?<!\bin )(?<!\bby )(?<!\blike )"
    r"(?<!\bfrom )(?<!\bafter )(?<!\bsince )"
    r"(?<![\w&/,])(#\d{1,8})\s*$",
)
"""Where a number is a commit's own, the surest first; what is only mentioned is not."""
_TRAILING = r"\s*\([#!]\d{1,8}\)\s*$"
_REQUESTS = (
    r"Merge pull request (?P<number>#\d{1,8}) (?:from|in) (?P<branch>.+)",  # GitHub, Bitbucket's server
    r"Merge pull request ['\"](?P<title>.+)['\"] \((?P<number>#\d{1,8})\) from .+",  # Gitea, Forgejo
    r"Merged in (?P<branch>.+) \(pull request (?P<number>#\d{1,8})\)",  # Bitbucket
    r"Merged PR (?P<azure>\d{1,8}): (?P<title>.+)",
    r"(?:Auto|Rollup) merge of (?P<number>#\d{1,8}) - (?P<branch>.+)",  # bors
    r"Merge (?P<number>#\d{1,8})",
)
_SEE_REQUEST = r"^See merge request \S*?(!\d{1,8})\s*$"
_NO_TITLE = (
    r"(?:See merge request|Closes?\b|Approved-by|Squashed commit|\* commit |Merge (?:branch|remote)|#)"
)
_TEXT_LIMIT = 20_000
"""Characters of a message that are looked at: no commit needs more."""
_HASHES = r"((?:[0-9a-f]{7,64}[,;\s]*(?:and\s+)?)+)"


class Parsed(Struct, frozen=True):
    """What a commit's message says. `kind` is empty when it is no conventional commit."""

    kind: str
    scope: str
    breaking: bool
    summary: str
    reference: str


class Request(Struct, frozen=True):
    """A pull or merge request that a commit merged: its number (`#12`, `!12`) and its title."""

    number: str
    title: str


class TakenBack(Struct, frozen=True):
    """What a commit says that it reverts: hashes, or the number of a request, or a subject.

    `whole` is False where it says more than that: the list of a squashed branch.
    """

    hashes: tuple[str, ...] = ()
    number: str = ""
    subject: str = ""
    whole: bool = True


def parse_commit(message: str, types: Collection[str] = ()) -> Parsed:
    """What a commit's message says: type, scope, breaking, summary and reference; more types can be known."""
    subject, body = subject_and_body(message)
    return _parsed(subject, body, types)


def parse_request(request: Request, message: str, types: Collection[str] = ()) -> Parsed:
    """What a merged request says, by its title; its number is its reference where it names no other."""
    _, body = subject_and_body(message)
    found = _parsed(request.title, body, types)
    named = "" if found.reference.startswith(("#", "!")) else found.reference
    return Parsed(found.kind, found.scope, found.breaking, found.summary, named or request.number)


def _parsed(subject: str, body: str, types: Collection[str]) -> Parsed:
    breaking = re.search(_BREAKING, body, re.MULTILINE) is not None
    reference = _reference(subject, body)
    found = re.fullmatch(_HEADER, subject)
    if found is not None:
        kind, scope, bang, words = found.groups(default="")
        key = re.fullmatch(_KEY, kind.upper()) is not None
        if not key and (scope or bang or kind.lower() in _TYPES or kind.lower() in types):
            return Parsed(kind.lower(), scope.strip(), bool(bang) or breaking, _summary(words), reference)
    return Parsed("", "", breaking, _summary(subject), reference)


def subject_and_body(message: str) -> tuple[str, str]:
    """The first line in single blanks, and what follows it; cleaned, and cut where no commit needs more."""
    lines = clean(message[:_TEXT_LIMIT], multiline=True).strip().split("\n")
    return " ".join(lines[0].split()), "\n".join(lines[1:])


def _summary(words: str) -> str:
    bare = bare_subject(words) or words.strip()
    return bare if len(bare) <= SUMMARY_LIMIT else bare[: SUMMARY_LIMIT - 3] + "..."


def bare_subject(subject: str) -> str:
    """A subject without the number of the request that was squashed into it."""
    return re.sub(_TRAILING, "", subject).strip()


def _reference(subject: str, body: str) -> str:
    """The change that it names: a change's number, a tracker's key, its own number, or an issue's."""
    found = re.findall(_FOOTER, body, re.MULTILINE)
    footers = "\n".join(words for _, words in found)
    for text in (subject, footers):
        if number := re.search(_CHANGE_NUMBER, text):
            return str(number[1])
    if key := next(_keys(subject, found), ""):
        return re.sub(r"^GH-", "#", key)  # GitHub's other way to write its numbers
    return own_number(subject) or next(iter(re.findall(_HASH_NUMBER, footers)), "")


def _keys(subject: str, footers: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The keys of a tracker in a subject, then in its footers; one behind a colon is one whatever it is."""
    for key in re.findall(_KEY, subject):
        if key.partition("-")[0] not in _NO_TRACKER or f"[{key}]" in subject:
            yield key
    for mark, words in footers:
        for key in re.findall(_KEY, words):
            if mark.strip() or key.partition("-")[0] not in _NO_TRACKER:
                yield key


def own_number(subject: str) -> str:
    """The number that a subject has for its own: of the request squashed into it, or of what it closes."""
    for pattern in _OWN_NUMBER:
        if found := re.findall(pattern, subject):
            return str(found[-1])
    return ""


def squashed_number(subject: str) -> str:
    """`#12` of a subject that ends in `(#12)`."""
    found = re.search(_OWN_NUMBER[0], subject)
    return found[1] if found else ""


def request_in(message: str, *, merge: bool) -> Request | None:
    """The request that a commit merged, by GitHub, GitLab, Bitbucket, Azure, Gitea or bors.

    A commit that was squashed bears the number in its subject and says no more: it is a request for a `merge`
    alone, because there the title is the request's as well.
    """
    subject, body = subject_and_body(message)
    for pattern in _REQUESTS:
        if found := re.fullmatch(pattern, subject):
            parts = found.groupdict()
            number = parts.get("number") or f"!{parts['azure']}"
            return Request(number, parts.get("title") or _title(body) or parts.get("branch") or subject)
    if seen := re.findall(_SEE_REQUEST, body, re.MULTILINE):
        branch = re.match(r"Merge branch\b", subject)
        return Request(seen[-1], (_title(body) or subject) if branch else subject)
    if merge and (number := squashed_number(subject)):
        return Request(number, bare_subject(subject))
    return None


def _title(body: str) -> str:
    """The first line of a body that is no note of the tool that merged."""
    for line in body.split("\n"):
        words = " ".join(line.split())
        if words and not re.match(_NO_TITLE, words):
            return re.sub(r"^\d{1,8}: (.+?)(?: r=\S+.*)?$", r"\1", words)
    return ""


def taken_back(message: str) -> TakenBack | None:
    """What a commit says that it reverts, by git, GitHub, GitLab, Azure or by hand; None for any other."""
    subject, body = subject_and_body(message)
    bare = bare_subject(subject)
    said = re.fullmatch(r"Revert:? [\"'\u201c](.+)[\"'\u201d]", bare)
    again = re.fullmatch(r"Reapply [\"'\u201c](.+)[\"'\u201d]", bare)
    typed = re.fullmatch(r"revert(?:\([^()]*\))?!?:\s+(.+)", bare, re.IGNORECASE)
    numbered = re.fullmatch(r"(?i:revert) (?:(?i:pr|mr|pull request|merge request) )?([#!]\d{1,8})", bare)
    named = said[1] if said else typed[1].strip("\"'") if typed else ""
    if again:
        named = f'Revert "{again[1]}"'
    stated = re.findall(rf"^\s*(?:This )?reverts commits?:?\s+{_HASHES}", body, re.MULTILINE | re.IGNORECASE)
    if typed and not stated:
        stated = re.findall(rf"^Refs:?\s+{_HASHES}", body, re.MULTILINE)
    hashes = tuple(re.findall(r"[0-9a-f]{7,64}", " ".join(stated)))
    number = numbered[1] if numbered else squashed_number(named)
    mentioned = re.search(
        r"^\s*(?:This )?reverts (?:(?:merge|pull) request )?(?:[\w.-]+/[\w./-]+)?([#!]\d{1,8})\b",
        body, re.MULTILINE | re.IGNORECASE,
    )  # fmt: skip
    number = number or (mentioned[1] if mentioned else "")
    if not (hashes or number or named):
        return None
    listed = len(re.findall(r"^\* \S", body, re.MULTILINE)) > 1
    return TakenBack(hashes, number, named, bool(named or numbered) or not listed)


def copied_from(message: str) -> str:
    """The hash of the commit that this one was picked from, where git noted it."""
    _, body = subject_and_body(message)
    found = re.findall(r"^\(cherry picked from commit ([0-9a-f]{40,64})\)\s*$", body, re.MULTILINE)
    return str(found[-1]) if found else ""
