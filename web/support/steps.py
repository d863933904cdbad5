"""What is shown of an ask, and what a reader may do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from lib.text.counts import counted
from lib.text.days import day
from teams.enums import AskTurn, SupportStatus
from teams.models import Person, Support

Action = tuple[str, str, int]
"""Label, address and version, for components/_actions.html."""


@dataclass(frozen=True)
class AskRow:
    """An ask with what the reader may do about it; `code` and `label` are its chip's, `waits` says for how long it is
    unanswered, `talk_url` leads to its conversation."""

    ask: Support
    code: str
    label: str
    waits: str
    actions: list[Action]
    talk_url: str


def ask_row(ask: Support, reader: Person, on: dt.date) -> AskRow:
    """No query."""
    label = ask_state(ask, on)
    days = (on - ask.asked_on).days if ask.turn == AskTurn.ASKED else 0
    waits = f"unanswered for {counted(days, 'day')}" if days > 0 else ""
    return AskRow(ask, ask.status, label, waits, steps_of(ask, reader), reverse("support_detail", args=[ask.pk]))


def ask_state(ask: Support, on: dt.date) -> str:
    """In a few words, as in "Pledged by 5 May 2026"."""
    if ask.status == SupportStatus.ASKED and ask.answer:
        return "Offered" if ask.offered else "Terms offered"
    if ask.status == SupportStatus.PLEDGED and ask.due_on:
        return f"{'Late: pledged' if ask.is_late(on) else 'Pledged'} by {day(ask.due_on)}"
    if ask.unconfirmed:
        return "Delivered, to be confirmed"
    return str(SupportStatus(ask.status).label)


def steps_of(ask: Support, reader: Person) -> list[Action]:
    """The likeliest first. No query, with the teams of the ask and of its work."""
    steps = list(_helping(ask)) if reader.has_perm("teams.answer_support", ask) else []
    asking = list(_asking(ask)) if reader.has_perm("teams.ask_support", ask) else []
    waits = ask.turn == AskTurn.ASKING
    steps = [*asking, *steps] if waits else [*steps, *asking]
    return list(dict.fromkeys(steps))


def _helping(ask: Support) -> Iterator[Action]:
    status = SupportStatus(ask.status)
    if ask.is_open_offer:
        yield _to("Change the offer", "support_answer", ask)
        yield _to("Take it back", "support_offer_end", ask)
    elif status == SupportStatus.ASKED:
        yield _to("Change the terms" if ask.answer else "Answer", "support_answer", ask)
    elif status in {SupportStatus.PLEDGED, SupportStatus.DECLINED}:
        if status == SupportStatus.PLEDGED:
            yield _by_button("It was delivered", "support_delivery", ask)
        yield _to("Change the answer", "support_answer", ask)


def _asking(ask: Support) -> Iterator[Action]:
    status = SupportStatus(ask.status)
    if status == SupportStatus.PLEDGED:
        yield _by_button("It was delivered", "support_delivery", ask)
    elif status == SupportStatus.ASKED:
        yield from _offered(ask) if ask.answer else iter([_to("Change it", "support_edit", ask)])
    elif status == SupportStatus.DECLINED:
        yield _to("Ask again", "support_edit", ask)
    else:
        yield from _delivered(ask)
    if status != SupportStatus.DELIVERED and not ask.is_open_offer:
        yield _by_button("Withdraw", "support_removal", ask)


def _offered(ask: Support) -> Iterator[Action]:
    yield _by_button("Accept it", "support_acceptance", ask)
    if ask.offered:
        yield _to("Decline it with thanks", "support_offer_end", ask)
    yield _to("Ask for something else" if ask.offered else "Answer their terms", "support_edit", ask)


def _delivered(ask: Support) -> Iterator[Action]:
    if ask.unconfirmed:
        yield _by_button("It is there", "support_confirmation", ask)
    yield _to("Change the thanks" if ask.thanks else "Thank them", "support_thanks", ask)
    yield _to("Say what is missing" if ask.unconfirmed else "Ask again", "support_edit", ask)


def _to(label: str, name: str, ask: Support) -> Action:
    return label, reverse(name, args=[ask.pk]), 0


def _by_button(label: str, name: str, ask: Support) -> Action:
    return label, reverse(name, args=[ask.pk]), ask.version
