"""Initiatives with their stored figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from alignment.engine import Figures
from alignment.engine.parts import PARTS
from alignment.enums import FlagCode
from alignment.models import Flag, InitiativeFigures, Link, ProposalWork
from lib.db.arrays import AnyOf
from lib.db.folding import folded
from lib.db.search import Unindexed, is_indexed
from lib.db.triggers import subtree
from lib.paging.keyset import Page, keyset_page
from lib.services.keys import has_key
from strategy.models import Goal
from strategy.models.goal import goals_seen_by
from teams.enums import InitiativeStatus
from teams.models import Contributor, Initiative, Person, Team
from teams.selectors.initiatives import Work, initiatives

ORDERS = {
    "title": ("title__folded", "id"),
    "effort": ("figures__effort", "figures__initiative_id"),
    "orphaned": ("figures__orphaned", "figures__initiative_id"),
    "touched": ("touched_on", "id"),
}
ACTIVE_ONLY = ("effort", "orphaned")
"""Orders by stored figures, which only active work has."""

GOALS_SHOWN = 3


@dataclass(frozen=True)
class AlignedWork(Work):
    """Narrows `Work` to what has a link to `goal` or one below it (that `reader` may see), effort in `part`, a flag
    `flag` awake on day `on`."""

    goal: Goal | None = None
    part: str = ""
    flag: str = ""
    on: dt.date | None = None


def aligned_work(work: AlignedWork, reader: Person) -> QuerySet[Initiative]:
    rows = initiatives(work)
    if work.part:
        rows = rows.filter(**{f"figures__{work.part}__gt": 0})
    if work.flag:
        rows = rows.filter(
            pk__in=Flag.objects.awake(work.on).filter(code=work.flag, initiative__isnull=False).values("initiative")
        )
    if work.goal is not None:
        links = Link.objects.visible_to(reader).filter(subtree(work.goal.path, "goal__"))
        rows = rows.filter(pk__in=links.values("initiative"))
    return rows


def is_rare(work: AlignedWork) -> bool:
    """Whether few initiatives match, so that finding them first is quicker than walking all in order: searches, and
    flagged work that is not active, of which there should be none."""
    return is_indexed(work.search) or (bool(work.flag) and work.status != InitiativeStatus.ACTIVE)


def sortable(sort: str, status: str) -> bool:
    """Whether the list supports the order `sort` ("effort", "-effort") for initiatives of `status`."""
    name = sort.removeprefix("-")
    return name in ORDERS and (name not in ACTIVE_ONLY or status == InitiativeStatus.ACTIVE)


def initiative_page(
    rows: QuerySet[Initiative],
    reader: Person,
    *,
    sort: str = "title",
    gathered: bool = False,
    params: Mapping[str, str],
    size: int = 50,
    on: dt.date | None,
) -> Page[Initiative]:
    """A page of `rows` in the order `sort`, each with team, figures, `codes` of its flags awake on day `on`, and the
    first `goals` it is linked to (key, title, and whether `reader` sees it); one query. `gathered` finds `rows` before
    sorting them, where walking all initiatives in order would be slower."""
    name = sort.removeprefix("-")
    columns: tuple[str, ...] = ORDERS[name]
    if name in ACTIVE_ONLY:
        rows = rows.filter(figures__isnull=False)
    if gathered:
        columns = tuple(f"order_{at}" for at in range(len(ORDERS[name])))
        rows = rows.annotate(**{f"order_{at}": Unindexed(F(column)) for at, column in enumerate(ORDERS[name])})
    order = tuple(f"-{column}" if sort.startswith("-") else column for column in columns)
    codes = Flag.objects.awake(on).filter(initiative=OuterRef("pk")).order_by("id").values("code")
    links = _with_seen(Link.objects.filter(initiative=OuterRef("pk")), reader).order_by("id")
    goal = JSONObject(key="goal__key", title="goal__title", seen="seen")
    shown = rows.select_related("team", "figures").annotate(
        codes=ArraySubquery(codes), goals=ArraySubquery(links.values(row=goal)[: GOALS_SHOWN + 1])
    )
    return keyset_page(shown, order=order, params=params, size=size, ids_first=gathered)


def _with_seen(links: QuerySet[Link], reader: Person) -> QuerySet[Any]:
    """Adds `seen`: whether `reader` may see the goal."""
    return links.annotate(seen=ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField()))


def initiative_pages() -> QuerySet[Initiative]:
    """Initiatives for their own page: with team, owner and figures, `chain`, the team and all above it, from the root
    down, `people`, who contributes, by name (id and name), and whether it `is_evidence` for a proposed goal."""
    chain = Team.objects.filter(AnyOf(F("id"), OuterRef("team__path"))).order_by("path")
    rows = Initiative.objects.select_related("team", "owner", "figures")
    pairs = Contributor.objects.filter(initiative=OuterRef("pk")).order_by("person__name__folded", "person")
    return rows.annotate(
        chain=ArraySubquery(chain.values(row=JSONObject(key="key", name="name"))),
        people=ArraySubquery(pairs.values(row=JSONObject(id="person", name="person__name"))),
        is_evidence=Exists(ProposalWork.objects.filter(initiative=OuterRef("pk"))),
    )


def parts_of(initiative: Initiative) -> Figures | None:
    """The parts of its effort; None where it is not in the portfolio."""
    stored: InitiativeFigures | None = getattr(initiative, "figures", None)
    if stored is None:
        return None
    return Figures(**{name: getattr(stored, name) for name in PARTS}, initiatives=1, unsized=int(stored.unsized))


def initiative_flags(initiative: Initiative) -> list[Flag]:
    """Its open flags, snoozed ones too, in the order of the specification; each has `initiative` loaded."""
    order = list(FlagCode)
    flags = list(Flag.objects.open().filter(initiative=initiative).select_related("snoozed_by"))
    for flag in flags:
        flag.initiative = initiative
    return sorted(flags, key=lambda flag: order.index(FlagCode(flag.code)))


def goal_options(reader: Person, selected: str = "", limit: int = 100) -> list[Goal]:
    """Goals to choose from that `reader` may see: the company's top goals by title, and the one that has or had the
    key `selected` at any level."""
    seen = Goal.objects.visible_to(reader)
    top = seen.filter(parent=None, team=None).order_by("title__folded", "id")[:limit]
    wanted = seen.filter(has_key(Goal, selected))[:1]
    rows = {goal.pk: goal for goal in top.union(wanted, all=True)}
    return sorted(rows.values(), key=lambda goal: (folded(goal.title), goal.pk))
