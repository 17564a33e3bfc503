"""When a phase is due and which stage it belongs to, guessed from its heading in English or German [S0.2].

`48 h before`, `T-24h`, `1 Stunde vor Go-live`, `erste 30 Minuten` are read; what stays unknown is taken
from the neighbours, because checklists are written in the order of time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from relui.domain.checklist import Stage
from relui.domain.instants import parse_offset

_NUMBERS = {
    "one": "1", "a": "1", "an": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "fourteen": "14",
    "ein": "1", "eine": "1", "einen": "1", "einer": "1", "einem": "1", "zwei": "2", "drei": "3", "vier": "4",
    "fünf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9", "zehn": "10", "zwölf": "12",
    "vierzehn": "14",
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBERS)})\b(?= +(?:h|d|day|hour|min|week|st[du]|tag|woche))")
_UNIT = (
    r"(?P<unit>h(?:ours?|rs?)?\b|stunden?\b|std\b|d(?:ays?)?\b|tage?n?\b"
    r"|m(?:in(?:ute[sn]?|s)?)?\b|weeks?\b|wochen?\b)"
)
_AMOUNT = re.compile(
    rf"\b(?:(?P<low>\d{{1,4}})(?:-|–| to | bis ))?(?P<value>\d{{1,4}})(?P<half>[.,]5)?[ -]?{_UNIT}"
)
_T = re.compile(rf"\bt ?(?P<sign>[-–−+]) ?(?P<value>\d{{1,4}})(?P<half>[.,]5)? ?(?:{_UNIT})?")
_AFTER = re.compile(
    r"\b(?:after|post|first|within|next|following|nach|danach|erste[nrs]?|innerhalb|nächste[nr]?|später)\b"
)
_BEFORE = re.compile(
    r"\b(?:before|prior|pre|ahead|in advance|until|vor|vorher|zuvor|davor|voraus|bevor|vorab)\b"
    r"|[0-9hdm]vor(?:her)?\b"
)
_DAY_BEFORE = re.compile(r"\b(?:(?:the )?day before|eve of|(?:am )?vortag|tag (?:vorher|davor|zuvor|vor))\b")
_DAY_AFTER = re.compile(r"\b(?:(?:the )?(?:day after|next day)|folgetag|tag (?:danach|nach))\b")

_BEFORE_IT = (
    r"(?:before|prior to) (?:(?:the|a|an|any|each|every|you|we|making|doing|starting) )*"
    r"(?:releas\w*|tag\w*|publi\w*)|vor (?:der|einer|jeder) veröffentlichung"
)
_DUE_WORDS: tuple[tuple[str, str], ...] = (
    (r"\bpre[- ]?deploy|(?:before (?:the )?|unmittelbar vor|vor dem )(?:deploy|go-?live|rollout)", "T-1h"),
    (rf"\b(?:{_BEFORE_IT})", "T-48h"),
    (r"(?:\bpost[- ]?|after (?:the |a )?|nach dem )(?:deploy|release|releasing|go-?live)", "T+30m"),
    (r"\b(?:close|closing|close-?out|wrap[- ]?up|follow[- ]?up|retro\w*)\b", "T+24h"),
    (r"\b(?:abschlu(?:ss|ß)|abschließ\w*|nachbereitung|nacharbeit\w*)\b", "T+24h"),
    (r"\b(?:pre[- ]?release|vor dem release|vorbereitung\w*|preparation)\b", "T-48h"),
    (r"\b(?:deploy(?:ment|ing)?|go[- ]?live|roll[- ]?out|launch|cut-?over|livegang|inbetriebnahme)\b", "T"),
    (
        r"^\W*(?:(?:the|a|do|make|cut|publish|tag)(?:ing)? )*releas(?:e|ing)(?: day| itself)?\W*$",
        "T",
    ),
    (r"\b(?:after\w*|nach|danach)\b", "T+30m"),
)
_STAGE_WORDS: tuple[tuple[str, Stage], ...] = (
    (r"\b(?:clos\w+|wrap[- ]?up|follow[- ]?up|retro\w*|archiv\w*)", "close"),
    (r"\b(?:abschlu(?:ss|ß)|abschließ\w*|nachbereitung|nacharbeit\w*)", "close"),
    (rf"\b(?:{_BEFORE_IT})", "build"),
    (r"\b(?:pre[- ]?release|vor dem release|build\w*|packag\w*|merg\w+|code\w*|bau\w*)", "build"),
    (r"\b(?:plan\w*|prepar\w*|vorbereit\w*|kick-?off|scop\w+)", "plan"),
    (r"deploy|go-?live|roll-?out|launch|cut-?over|livegang|inbetriebnahme", "deploy"),
    (r"post[- ]?release|nach dem release|produktion|production", "deploy"),
    (r"\b(?:stag(?:e|ing)\w*|abnahme|acceptance|uat|communicat\w*|kommunikation|go[ /-]+no)", "stage"),
    (r"test|\b(?:qa|quality|verif\w*|qualität\w*|prüfung)", "test"),
)


class Timing(Struct, frozen=True):
    """A phase's due time (an offset such as T-48h) and its stage."""

    due: str
    stage: Stage


_HALF_HOUR = re.compile(r"\b(?:half an hour|(?:eine )?halbe stunde)\b")
_FORTNIGHT = re.compile(r"\b(?:(?:a|one) )?fortnight\b")
_OTHER_DAYS = re.compile(
    r"\b(?:business|working|work|calendar)[ -]?days?\b|\b(?:werk|arbeits)tage?n?\b|\bmonths?\b|\bmonate?n?\b"
    r"|\b(?:a )?(?:few|couple|some|several) (?:of )?(?:min|hour|day|week)"
)
_OTHER_START = re.compile(
    r"\b(?:before|after|prior to|vor|nach)(?: (?:the|a|dem|der|each|every))? (?:\w+ )?(?:freeze|candidate"
    r"|rc\d*|beta|merg\w*|prs?|pull requests?|branch\w*|build\w*|kick-?off|sprint|test\w*"
    r"|review\w*|approv\w*)\b"
)
_OTHER_PLACE = re.compile(
    r"\bdeploy\w* (?:to|on|in|onto|into|auf) (?:the |a |dem )?(?:staging|test\w*|qa|uat|dev\w*|pre-?prod\w*)"
)


def doubtful(heading: str) -> bool:
    """Whether a heading names a time that is no due time here: in days that are not counted, or not counted
    from the go-live."""
    folded = heading.lower()
    return bool(_OTHER_DAYS.search(folded) or _OTHER_START.search(folded))


def timings(headings: Sequence[tuple[str, str]]) -> list[Timing]:
    """Due time and stage of each phase, given its heading and the first words beneath it, in order."""
    dues = [
        explicit_due(heading) or explicit_due(below[:80]) or due_word(heading) for heading, below in headings
    ]
    stages: list[Stage | None] = [
        stage_word(heading, due) for (heading, _), due in zip(headings, dues, strict=True)
    ]
    return [
        Timing(
            _before(dues[due]) if due > at else dues[due] or _usual_due(stages[stage]),
            "build" if stage > at and stages[stage] in ("deploy", "close") else stages[stage] or "build",
        )
        for at, (due, stage) in enumerate(zip(_neighbours(dues), _neighbours(stages), strict=True))
    ]


def _before(due: str | None) -> str:
    """The due time of what comes before something: no later, and before the go-live."""
    return due if due is not None and due.startswith("T-") else "T-48h"


def explicit_due(text: str) -> str | None:
    """The due time that a text gives with a number: `48h vorher` is T-48h; None when it gives none."""
    if doubtful(text):
        return None
    folded = _FORTNIGHT.sub("14 days", _HALF_HOUR.sub("30 min", text.lower()))
    if found := _T.search(folded):
        return _offset(found, "+" if found["sign"] == "+" else "-", found["unit"] or "h")
    if _DAY_BEFORE.search(folded) and not re.search(r"\d", folded):
        return "T-1d"
    if _DAY_AFTER.search(folded) and not re.search(r"\d", folded):
        return "T+1d"
    found = _AMOUNT.search(_NUMBER_WORD.sub(lambda word: _NUMBERS[word[0]], folded))
    if found is None:
        return None
    near = _BEFORE.search(folded), _AFTER.search(folded)
    if near[0] is None and near[1] is None:
        return None
    before = near[1] is None or (near[0] is not None and _before_is_nearer(folded, found))
    return _offset(found, "-" if before else "+", found["unit"])


_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]")
_BEHIND = re.compile(r"\s*(?:,|:|\s[–—-])\s+([^,:–—]{2,40})$")
_AHEAD = re.compile(r"([^,:]{2,30}?)\s*(?:,|:|\s[–—-])\s+(?=\S)")


def without_due(heading: str) -> str:
    """A heading without the words that say no more than its due time: it has that beside it.

    `Staging (24 h before)`, `Staging, 24h before` and `T-24h: Staging` are all `Staging`.
    """
    due = explicit_due(heading)
    if due is None:
        return heading
    for pattern in (_IN_BRACKETS, _BEHIND):
        for found in pattern.finditer(heading):
            rest = f"{heading[: found.start()]}{heading[found.end() :]}".strip()
            if _is_due(found[1], due) and any(map(str.isalpha, rest)):
                return rest
    ahead = _AHEAD.match(heading)
    if ahead and _is_due(ahead[1], due):
        return heading[ahead.end() :].strip()
    return heading


def _is_due(words: str, due: str) -> bool:
    """Whether a few words are a due time and nothing else."""
    return len(words.split()) <= 5 and explicit_due(words) == due


def _before_is_nearer(folded: str, amount: re.Match[str]) -> bool:
    """Of `Pre-deploy, first 30 min`, which names both: whether "before" is nearer to the amount."""

    def distance(pattern: re.Pattern[str]) -> int:
        return min(
            max(found.start() - amount.end(), amount.start() - found.end())
            for found in pattern.finditer(folded)
        )

    return distance(_BEFORE) < distance(_AFTER)


def _offset(found: re.Match[str], sign: str, unit: str) -> str:
    """The offset of an amount; of a range the end that is nearer to go-live before it, and later after it."""
    low = found.groupdict().get("low")
    value = int(low) if low and sign == "-" and int(low) < int(found["value"]) else int(found["value"])
    if unit.startswith("w"):
        return f"T{sign}{value * 7}d"
    letter = "d" if unit.startswith(("d", "t")) else "m" if unit.startswith("m") else "h"
    if found["half"] and value == int(found["value"]):
        smaller = {"h": (60, "m"), "d": (24, "h")}.get(letter)
        if smaller:
            return f"T{sign}{value * smaller[0] + smaller[0] // 2}{smaller[1]}"
    return f"T{sign}{value}{letter}" if value else "T"


def due_word(text: str) -> str | None:
    """The usual due time of a phase that is named like this, or None."""
    folded = text.lower()
    if doubtful(text) or _OTHER_PLACE.search(folded):
        return None
    return next((due for pattern, due in _DUE_WORDS if re.search(pattern, folded)), None)


def stage_word(heading: str, due: str | None) -> Stage | None:
    """The stage that a heading names; without one, what is due after go-live deploys, or closes."""
    folded = heading.lower()
    minutes = parse_offset(due).rough_minutes if due else None
    if minutes is not None and minutes >= 12 * 60:
        return "close"
    if found := _OTHER_PLACE.search(folded):
        return "test" if re.search("test|qa|dev", found[0]) else "stage"
    for pattern, stage in _STAGE_WORDS:
        if re.search(pattern, folded):
            return (
                "deploy" if stage in ("plan", "build") and minutes is not None and minutes > -120 else stage
            )
    return "deploy" if minutes is not None and minutes > -120 else None


def _neighbours(known: Sequence[object | None]) -> list[int]:
    """For each place the nearest one before it where something is known, else the first such one at all."""
    places: list[int] = []
    last = next((at for at, one in enumerate(known) if one is not None), 0)
    for at, one in enumerate(known):
        last = last if one is None else at
        places.append(last)
    return places


def _usual_due(stage: Stage | None) -> str:
    """Where nothing at all is said: before go-live, or when the stage's name tells more."""
    usual: dict[Stage | None, str] = {"deploy": "T", "close": "T+24h", "test": "T-24h", "stage": "T-24h"}
    return usual.get(stage, "T-48h")
