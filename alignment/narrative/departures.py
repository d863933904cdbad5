"""What somebody who leaves has, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from lib.text.counts import counted, plural
from teams.models import Person

WORDS = {
    "strategies": ("strategy", "strategies"),
    "goals": ("goal", "goals"),
    "measures": ("measure that they keep", "measures that they keep"),
    "initiatives": ("initiative", "initiatives"),
    "decisions": ("decision", "decisions"),
    "context_pages": ("page of the business context", "pages of the business context"),
    "teams": ("team that they lead alone", "teams that they lead alone"),
}
"""By part of `alignment.selectors.people.held`."""


def departure(person: Person, moved: Mapping[str, int], to: Mapping[str, Person | None]) -> str:
    """As in "Ada is no longer active here. Bea has 3 goals and 1 initiative of theirs now."."""
    sentences = [f"{person} is no longer active here."]
    receivers = {receiver.pk: receiver for receiver in to.values() if receiver is not None}
    for receiver in receivers.values():
        had = [_part(part, count) for part, count in moved.items() if to.get(part) == receiver]
        if had:
            sentences.append(f"{receiver} has {_listed(had)} of theirs now.")
    lost = {part: count for part, count in moved.items() if to.get(part) is None}
    if lost:
        has = plural(sum(lost.values()), "has", "have")
        nobody = "keeper" if [*lost] == ["measures"] else "owner"
        sentences.append(f"{_listed([_part(part, count) for part, count in lost.items()])} {has} no {nobody} now.")
    return " ".join(sentences)


def waiting(links: int, asks: int) -> str:
    """What goes with a person's goals and teams; '' for nothing."""
    waits = []
    if links:
        waits.append(f"{counted(links, 'link waits', 'links wait')} for their judgement")
    if asks:
        waits.append(
            f"{counted(asks, 'ask')} for support {plural(asks, 'waits', 'wait')} for teams that they lead alone"
        )
    return f"{_listed(waits)}: that goes with the goals and the teams." if waits else ""


def _part(part: str, count: int) -> str:
    words = {"teams": ("team", "teams"), "measures": ("measure", "measures")}.get(part, WORDS[part])
    return counted(count, *words)


def _listed(texts: list[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
