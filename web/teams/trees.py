"""Teams as rows of a tree, each with the effort and coverage of its subtree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from alignment.engine import Figures
from alignment.selectors.company import CompanyNow
from alignment.selectors.teams import stance_in_force, subtree
from lib.text.counts import count_text
from lib.text.numbers import number
from teams.enums import Stance
from teams.models import Team
from web.figures.figures import Explained, Figure

NOT_HERE = "Not here yet"
OPEN_AT_MOST = 30
"""A tree of at most this many rows is open."""


@dataclass
class TeamNode:
    """What components/_tree.html and _tree_row.html show of a team."""

    label: str
    url: str
    teams: int
    parts: Figures | None
    figure: Figure
    count: str
    meta: str = ""
    chips: list[tuple[str, str]] = field(default_factory=list)
    children: list[TeamNode] = field(default_factory=list)
    open: bool = False
    more_url: str = ""
    more_label: str = ""

    @property
    def below(self) -> str:
        return count_text(self.teams - 1, "team", "teams")


def team_node(team: Any, now: CompanyNow, *, meta: str = "") -> TeamNode:
    """`team` comes with its sums."""
    all_below = subtree(team)
    figures = all_below.figures
    stance = stance_in_force(team, now.as_of)
    return TeamNode(
        label=team.name,
        url=reverse("team_detail", args=[team.key]),
        teams=all_below.teams,
        parts=figures if figures.initiatives else None,
        figure=Explained(figures, {"team": team.key}, now.company.default_effort).coverage,
        count=f"{number(figures.initiatives)} active" if figures.initiatives else "none active",
        meta=meta,
        chips=[
            *([] if stance == Stance.CORE else [(stance.value, str(stance.label))]),
            *([("plain", NOT_HERE)] if team.away else []),
        ],
    )


def nested(teams: list[Team], now: CompanyNow) -> list[TeamNode]:
    """The roots with their children; `teams` has parents before children. Where some are missing, their parent gets a
    link."""
    nodes = {team.pk: team_node(team, now) for team in teams}
    roots = []
    for team in teams:
        nodes[team.pk].open = len(teams) <= OPEN_AT_MOST
        above = nodes.get(team.parent_id or 0)
        if above is None:
            roots.append(nodes[team.pk])
        else:
            above.children.append(nodes[team.pk])
    for node in nodes.values():
        missing = node.teams - 1 - sum(child.teams for child in node.children)
        if missing > 0:
            node.more_url = node.url
            node.more_label = f"All {node.below} below {node.label}"
    return roots
