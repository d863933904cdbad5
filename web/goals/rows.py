"""Goals as rows of a tree and of the table of priorities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.urls import reverse

from alignment.enums import UncountedReason
from alignment.selectors.goals import Priorities, RootGoal, TreeGoal, figures_or_none
from lib.text.counts import counted
from lib.text.days import day
from lib.text.names import CONFIDENTIAL
from lib.text.numbers import number, percent
from strategy.enums import CLOSED, GoalStatus, Visibility
from strategy.models import Goal
from strategy.narrative import overview_text, progress_text
from strategy.progress import Progress, overview
from teams.models import Person
from web.figures.figures import Figure, goal_effort

UNFOLDED_ROWS = 25
OF_DATES = {UncountedReason.GOAL_NOT_STARTED, UncountedReason.GOAL_EXPIRED}
NOT_COMPUTED = "It came after the last computation."


@dataclass(frozen=True)
class Bar:
    """A goal's actual and wanted share of the effort on goals, as SVG lengths of a bar that is all of it; `mark` is ''
    where none is wanted. `share` and `wanted` are the same as numbers."""

    width: str
    mark: str
    text: str
    share: str
    wanted: str = ""


@dataclass(frozen=True)
class GoalNode:
    """A row of components/_tree.html drawn by goals/_goal_row.html. `progress` is what its own measures say."""

    label: str
    url: str
    owner: Person | None
    meta: str
    progress: str
    chips: list[tuple[str, str]]
    effort: Figure
    bar: Bar | None
    count: str
    teams: str
    below: str = ""
    more_url: str = ""
    more_label: str = ""
    open: bool = True
    children: list[GoalNode] = field(default_factory=list)


@dataclass(frozen=True)
class Scale:
    """The bars of a page: each is the whole effort that reaches company goals."""

    priorities: Priorities

    def of(self, node: TreeGoal) -> Bar | None:
        """None where links to the goal do not count."""
        total = sum(root.effort for root in self.priorities.roots)
        figures = figures_or_none(node.goal)
        if figures is None or not figures.anchored or total <= 0:
            return None
        return share_bar(node.effort / total, self.priorities.wanted.get(node.goal.pk))


def share_bar(actual: float, wanted: float | None = None) -> Bar:
    text = f"{percent(actual)} of the effort on goals"
    return Bar(
        width=f"{actual * 100:.2f}%",
        mark="" if wanted is None else f"{wanted * 100:.2f}%",
        text=text if wanted is None else f"{text}, {percent(wanted)} wanted",
        share=percent(actual),
        wanted="" if wanted is None else percent(wanted),
    )


def reason_sentence(reason: str) -> str:
    return f"Links to it do not count: {UncountedReason(reason).label}." if reason else ""


def effort_of(goal: Goal, effort: float, default_effort: Decimal) -> Figure:
    """The goal's effort with its formula; where links to it do not count, the reason."""
    figures = figures_or_none(goal)
    if figures is None:
        return Figure("Effort", None, "weeks", missing=NOT_COMPUTED)
    figure = goal_effort(
        effort,
        key=goal.key,
        anchored=figures.anchored,
        initiatives=figures.initiatives,
        unsized=figures.unsized,
        default_effort=default_effort,
    )
    return figure if figures.anchored else replace(figure, missing=reason_sentence(figures.reason))


def goal_chips(goal: Goal, *, in_draft: bool = False) -> list[tuple[str, str]]:
    """Chips for what is unusual; `in_draft` is whether the strategy is a draft, as its goals are then."""
    figures = figures_or_none(goal)
    usual = goal.status == GoalStatus.ACTIVE or (in_draft and goal.status == GoalStatus.DRAFT)
    chips = [] if usual else [(goal.status, GoalStatus(goal.status).label)]
    if goal.visibility == Visibility.LEADERS:
        chips.append(("leaders", "Leaders only"))
    if figures and figures.anchored and not figures.initiatives:
        chips.append(("plain", "Nobody works on it"))
    return chips


def goal_meta(goal: Goal) -> str:
    """Its end, and whether its own dates are why links to it do not count."""
    figures = figures_or_none(goal)
    why = f"does not count: {UncountedReason(figures.reason).label}" if figures and figures.reason in OF_DATES else ""
    ends = f"until {day(goal.ends_on)}" if goal.ends_on else ""
    return " · ".join(filter(None, [ends, why]))


@dataclass(frozen=True)
class Drawn:
    """How the rows of a page are drawn: with bars where there is a `scale`, and the number of teams otherwise; `going`
    is what the own measures of each goal say, by its id. `in_draft` is whether the strategy is a draft.
    """

    scale: Scale | None
    default_effort: Decimal
    going: Mapping[int, Progress]
    in_draft: bool = False


def goal_node(node: TreeGoal, drawn: Drawn, *, unfolded: bool) -> GoalNode:
    goal, figures = node.goal, figures_or_none(node.goal)
    counts = figures is not None and figures.anchored
    url = reverse("goal_detail", args=[goal.key])
    below = node.more + sum(child.more + 1 for child in node.children)
    return GoalNode(
        label=goal.title,
        url=url,
        owner=goal.owner,
        meta=goal_meta(goal),
        progress=progress_text(drawn.going.get(goal.pk, Progress())),
        chips=goal_chips(goal, in_draft=drawn.in_draft),
        effort=effort_of(goal, node.effort, drawn.default_effort),
        bar=drawn.scale.of(node) if drawn.scale else None,
        count=counted(figures.initiatives, "initiative") if figures and counts else "",
        teams=counted(figures.teams, "team") if figures and counts and not drawn.scale else "",
        below=counted(below, "goal"),
        more_url=f"{url}#below" if node.more else "",
        more_label=f"{number(node.more)} more below" if node.children else f"{counted(node.more, 'goal')} below",
        open=unfolded and bool(node.children),
        children=[goal_node(child, drawn, unfolded=unfolded) for child in node.children],
    )


def goal_nodes(trees: Sequence[TreeGoal], drawn: Drawn) -> list[GoalNode]:
    """Shows only the roots where there are more than UNFOLDED_ROWS rows."""
    unfolded = sum(map(_rows, trees)) <= UNFOLDED_ROWS
    return [goal_node(node, drawn, unfolded=unfolded) for node in trees]


def ids_of(trees: Iterable[TreeGoal]) -> list[int]:
    """Of all goals in them."""
    return [pk for node in trees for pk in (node.goal.pk, *ids_of(node.children))]


def top_goals_text(trees: Iterable[TreeGoal], going: Mapping[int, Progress]) -> str:
    """What the own measures of the goals at the top that are not closed say, side by side; '' without any."""
    roots = [node.goal.pk for node in trees if node.goal.status not in CLOSED]
    return overview_text(overview([going.get(pk, Progress()) for pk in roots]))


def _rows(node: TreeGoal) -> int:
    return 1 + sum(map(_rows, node.children))


@dataclass(frozen=True)
class Priority:
    """A company root goal in the table of priorities, with shares of 1; `url` is '' where the goal is confidential."""

    label: str
    url: str
    wanted: float
    actual: Figure
    bar: Bar


NO_EFFORT, PRIORITIES_SHOWN = "No effort reaches a company goal yet.", 60


def priority_rows(priorities: Priorities, strategy_id: int) -> list[Priority]:
    """The root goals of one strategy with their shares, and one row for all others, so that shares add up to 1."""
    here = priorities.of(strategy_id)[:PRIORITIES_SHOWN]
    rows = [_priority(root, priorities) for root in here]
    others = [root for root in priorities.roots if root not in here]
    if others:
        wanted = sum(priorities.wanted[root.id] for root in others)
        actual = sum(priorities.actual.get(root.id, 0.0) for root in others)
        figure = _share(actual if priorities.actual else None)
        rows.append(Priority(counted(len(others), "other company goal"), "", wanted, figure, share_bar(actual, wanted)))
    return rows


def _priority(root: RootGoal, priorities: Priorities) -> Priority:
    wanted, actual = priorities.wanted[root.id], priorities.actual.get(root.id)
    return Priority(
        label=root.title or CONFIDENTIAL,
        url=reverse("goal_detail", args=[root.key]) if root.key else "",
        wanted=wanted,
        actual=_share(actual),
        bar=share_bar(actual or 0.0, wanted),
    )


def _share(actual: float | None) -> Figure:
    return Figure("Actual share", actual, "percent", missing=NO_EFFORT)
