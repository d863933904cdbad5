"""What somebody who bets on a goal should know of it, in a few lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lib.text.isolation import isolated
from lib.text.markdown import excerpt
from lib.text.names import several_words
from lib.text.spans import Span
from strategy.models import Goal, Measure
from strategy.narrative import attainment_text
from strategy.selectors.briefs import Brief, briefs

WHY_WORDS, MEASURES_TOLD = 30, 3


@dataclass(frozen=True)
class BriefText:
    """`why` begins its reason, `measures` say where it stands, `about` names whom it is for and what it cites; each may
    be ''.
    """

    why: str
    measures: str
    about: str

    def lines(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.why, self.measures, self.about)))


def brief_texts(goals: Collection[Goal]) -> dict[int, BriefText]:
    """By goal. Two queries, none without goals."""
    found = briefs(goals)
    return {goal.pk: _text(goal, found[goal.pk]) for goal in goals if goal.pk in found}


def _text(goal: Goal, brief: Brief) -> BriefText:
    return BriefText(
        why=isolated(excerpt(goal.why, WHY_WORDS)) if goal.why else "",
        measures=_measures(brief.measures),
        about=" ".join(filter(None, (_named("For", brief.personas), _named("See", brief.pages)))),
    )


def _measures(measures: list[Measure]) -> str:
    told = [f"{isolated(row.title)}: {attainment_text(row)}" for row in measures[:MEASURES_TOLD]]
    more = len(measures) - MEASURES_TOLD
    return " ".join([*told, f"And {more} more."] if more > 0 else told)


def _named(word: str, names: Collection[str]) -> str:
    return f"{word} {several_words([Span(isolated(name)) for name in names])}." if names else ""
