"""The line of sight: initiative → goal → … → company goal → strategy, and the effort of each link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef

from alignment import rules
from alignment.engine.model import MILLION
from alignment.engine.parts import split
from alignment.enums import UncountedReason
from alignment.models import GoalFigures, Link
from alignment.selectors.citations import with_link_citations
from lib.paging.keyset import Page, keyset_page
from strategy.models import Goal, Strategy
from strategy.models.goal import goals_seen_by
from strategy.selectors.measures import last_points
from teams.models import Initiative, Person

LINKS = "links_after"


@dataclass(frozen=True)
class Step:
    """A goal of a line; `goal` is None where the reader may not see it, `live` before figures were computed."""

    goal: Goal | None
    company: bool
    live: bool | None


@dataclass(frozen=True)
class Sight:
    """One link with its line. Readers who do not see its goal get the shares, and whether it counts: `link` and
    `reason` are None, and the line is one confidential goal, so that its place in the tree stays hidden. The link's
    measure may be of a goal below its own: `measure_seen` is whether the reader may see that one.

    `share` is its part of the initiative's effort (0..1), `brings` the person-weeks that count; `steps` go up from the
    goal. `strategy` is None where the line ends at a team's own goal, or the reader may not see it (`strategy_hidden`).
    """

    link: Link | None
    share: float
    brings: float
    counts: bool
    reason: UncountedReason | None
    measure_seen: bool
    steps: list[Step]
    strategy: Strategy | None
    strategy_hidden: bool


@dataclass(frozen=True)
class Sights:
    """A page of an initiative's links. `count` is the number of all of them, `page` has the addresses of the others."""

    rows: list[Sight]
    page: Page[Link]
    count: int


def lines_of_sight(
    initiative: Initiative, reader: Person, *, effort: float, params: Mapping[str, str] | None = None
) -> Sights:
    """One for each link of `initiative`, whose effort is `effort` (0 where it is not active), in the order they were
    made; two queries, and a third where there is more than a page. Each link has its initiative loaded, and the
    check-ins of its measure as `point_rows`."""
    links = Link.objects.filter(initiative=initiative)
    related = with_link_citations(links.select_related("goal__figures", "goal__team", "measure", "judged_by"))
    related = related.annotate(point_rows=last_points("measure"))
    page = keyset_page(related, order=("id",), params=params or {}, parameter=LINKS)
    for link in page.rows:
        link.initiative = initiative
    whole = not (page.next_url or page.first_url)
    given = [(link.pk, link.share) for link in page.rows] if whole else list(links.values_list("pk", "share"))
    shares, goals = _shares(given), _goals(page.rows, reader)
    return Sights([_sight(link, shares[link.pk], effort, goals) for link in page.rows], page, len(given))


def _shares(given: Sequence[tuple[int, Decimal | None]]) -> dict[int, float]:
    """The share of each of an initiative's links, by id; those without one divide what the others leave."""
    in_order = sorted(given, key=lambda pair: pair[0])
    millionths = [-1 if share is None else round(share * MILLION) for _pk, share in in_order]
    shares = split(np.zeros(len(in_order), dtype=np.int64), np.array(millionths, dtype=np.int64), 1)
    return {pk: float(share) for (pk, _share), share in zip(in_order, shares, strict=True)}


def counting_links(initiative: Initiative, reader: Person, sights: Sights) -> list[Link]:
    """Those of the initiative's links that count and `reader` sees; a query where there is more than a page."""
    if len(sights.rows) == sights.count:
        return [sight.link for sight in sights.rows if sight.counts and sight.link is not None]
    links = Link.objects.visible_to(reader).filter(initiative=initiative).select_related("goal__figures", "goal__team")
    found = [link for link in links.order_by("id") if rules.reason_of(link) is None]
    for link in found:
        link.initiative = initiative
    return found


def _goals(links: list[Link], reader: Person) -> dict[int, Any]:
    """The goals of the links and all above them, and those of the links' measures, each with whether the reader sees it
    (`seen`) and its strategy (`strategy_seen`)."""
    wanted = {row for link in links for row in link.goal.path}
    wanted |= {link.measure.goal_id for link in links if link.measure is not None}
    strategies = Strategy.objects.visible_to(reader).filter(pk=OuterRef("strategy_id"))
    rows = Goal.objects.filter(pk__in=[0, *wanted]).select_related("figures", "strategy")
    seen = ExpressionWrapper(goals_seen_by(reader), BooleanField())
    return dict(rows.annotate(seen=seen, strategy_seen=Exists(strategies)).in_bulk())


def _sight(link: Link, share: float, effort: float, goals: dict[int, Any]) -> Sight:
    chain = [goals[row] for row in reversed(link.goal.path)]
    root, reason = chain[-1], rules.reason_of(link)
    brings = share * effort if reason is None else 0.0
    if not chain[0].seen:
        hidden = [Step(None, company=False, live=None)]
        return Sight(
            link=None,
            share=share,
            brings=brings,
            counts=reason is None,
            reason=None,
            measure_seen=False,
            steps=hidden,
            strategy=None,
            strategy_hidden=False,
        )
    return Sight(
        link=link,
        share=share,
        brings=brings,
        counts=reason is None,
        reason=reason,
        measure_seen=link.measure is not None and goals[link.measure.goal_id].seen,
        steps=[_step(goal) for goal in chain],
        strategy=root.strategy if root.strategy_seen else None,
        strategy_hidden=root.strategy_id is not None and not root.strategy_seen,
    )


def _step(goal: Any) -> Step:
    figures: GoalFigures | None = getattr(goal, "figures", None)
    return Step(
        goal if goal.seen else None, goal.parent_id is None and goal.team_id is None, figures.live if figures else None
    )
