"""Rules as the desk applies them: each with what follows from it for bound items."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import ParamSpec

from relui.domain import booking_rules, closing, editing, marking
from relui.domain.binding import derived
from relui.domain.dossier import deployment, sending, signing, stages
from relui.domain.ruling import Ruling

P = ParamSpec("P")


def following(rule: Callable[P, Ruling]) -> Callable[P, Ruling]:
    """`rule`, and then bound items settled at the instant that it was given."""
    parameters = signature(rule)

    @wraps(rule)
    def applied(*args: P.args, **named: P.kwargs) -> Ruling:
        given = parameters.bind(*args, **named).arguments
        return derived(rule(*args, **named), given["at"])

    return applied


tick, untick = following(marking.tick), following(marking.untick)
skip, fail, annotate = following(marking.not_applicable), following(marking.fail), following(marking.annotate)
close, write_retrospective = following(closing.close), following(closing.write_retrospective)
edit = following(editing.edit)
book, give_back = following(booking_rules.book), following(booking_rules.give_back)
record_sent, withdraw_sent = following(sending.record_sent), following(sending.withdraw_sent)
confirm, unconfirm, sign = following(signing.confirm), following(signing.unconfirm), following(signing.sign)
start, complete = following(deployment.start), following(deployment.complete)
cancel, roll_back = following(deployment.cancel), following(deployment.roll_back)
say_go, hold, no_go, resume = map(following, (stages.say_go, stages.hold, stages.no_go, stages.resume))
