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
from strategy.selectors.citations import with_citations

WHY_WORDS, MEASURES_TOLD = 30, 3


@dataclass(frozen=True)
class Brief:
    """`why` begins its reason, `measures` say where it stands, `about` names the personas it is for and the pages it
    cites; each may be ''.
    """

    why: str
    measures: str
    about: str

    def lines(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.why, self.measures, self.about)))


def briefs(goals: Collection[Goal]) -> dict[int, Brief]:
    """By goal. Two queries, none without goals."""
    if not goals:
        return {}
    ids = [goal.pk for goal in goals]
    measures: dict[int, list[Measure]] = {}
    for measure in Measure.objects.filter(goal__in=ids).order_by("id"):
        measures.setdefault(measure.goal_id, []).append(measure)
    cited = {row.pk: row for row in with_citations(Goal.objects.filter(pk__in=ids).only("pk"))}
    return {
        goal.pk: Brief(
            why=isolated(excerpt(goal.why, WHY_WORDS)) if goal.why else "",
            measures=_measures(measures.get(goal.pk, [])),
            about=_about(*((cited[goal.pk].customers, cited[goal.pk].cited) if goal.pk in cited else ((), ()))),
        )
        for goal in goals
    }


def _measures(measures: list[Measure]) -> str:
    told = [f"{isolated(row.title)}: {attainment_text(row)}" for row in measures[:MEASURES_TOLD]]
    more = len(measures) - MEASURES_TOLD
    return " ".join([*told, f"And {more} more."] if more > 0 else told)


def _about(personas: Collection[dict[str, str]], pages: Collection[dict[str, str]]) -> str:
    parts = [("For", personas), ("See", pages)]
    return " ".join(
        f"{word} {several_words([Span(isolated(row['name'])) for row in rows])}." for word, rows in parts if rows
    )
