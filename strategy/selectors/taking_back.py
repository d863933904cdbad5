"""Whether an edition can be taken back, and what was done in the write that made it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from strategy.enums import EditionKind, GoalStatus
from strategy.models import Edition, EditionGoal, Goal, MissionGoal
from strategy.selectors.snapshots import said_last
from teams.models import LogEntry

WITHIN = dt.timedelta(days=1)
KINDS = frozenset({EditionKind.PUBLISHED, EditionKind.AMENDED})
INSTEAD = "Amend the strategy, or archive it."
OF_ANOTHER_KIND = (
    "Only what was published or amended is taken back. A goal that was closed is reopened on its own page."
)
FROM_ELSEWHERE = "It came with an import, which does not say how it came about. Amend the strategy instead."
TOO_LATE = f"It was published more than a day ago, so that people work by it. {INSTEAD}"
FOLLOWED = f"A later edition rests on it. {INSTEAD}"
IMPORTED = f"A company was imported since. {INSTEAD}"
CHANGED = f"What it changed was changed again since. {INSTEAD}"
LINKED = f"Somebody has linked work to what it published, or confirmed a link, since. {INSTEAD}"
SERVED = f"A team’s goal or mission rests on a goal that it added. {INSTEAD}"


@dataclass(frozen=True)
class Done:
    """What the write that made an edition did: `editions` are that one, and those that it made of other strategies;
    `goals` those that they changed, `came` those of them that were in no edition before; `entries` the oldest first."""

    editions: list[Edition]
    goals: set[int]
    came: set[int]
    entries: list[LogEntry]

    @property
    def activated(self) -> set[int]:
        return {entry.subject_id or 0 for entry in self.entries if entry.action == "goal.activated"} | {
            pk for entry in self.entries if entry.action == "strategy.published" for pk in entry.note["goals"]
        }

    @property
    def successors(self) -> set[int]:
        """The goals that its closings suggest to the work that was linked."""
        return {pk for entry in self.entries for pk in entry.changes.get("successors", [[], []])[1]}

    @property
    def meant_otherwise(self) -> set[int]:
        """The goals whose links it asks to be confirmed, but for what is below them."""
        return {entry.subject_id or 0 for entry in self.entries if "meaning_changed_at" in entry.changes}


def why_it_stays(edition: Edition, at: dt.datetime, *, followed: bool) -> str:
    """Why it cannot be taken back, as far as it says so itself; '' where nothing does. No query."""
    if edition.kind not in KINDS:
        return OF_ANOTHER_KIND
    if edition.entry_id is None:
        return FROM_ELSEWHERE
    if followed:
        return FOLLOWED
    return TOO_LATE if at - edition.at > WITHIN else ""


def what_was_done(edition: Edition) -> Done:
    """Four queries. Of an edition with an entry."""
    editions = list(Edition.objects.filter(entry=edition.entry_id).order_by("pk"))
    rows = list(EditionGoal.objects.filter(edition__in=editions))
    says = {(edition.strategy_id, row.goal_id): row.says for edition, row in _by_edition(editions, rows)}
    before = {
        (of, goal): row
        for each in editions
        for (of, goal), row in said_last(
            [each.strategy_id], [0, *(goal for _of, goal in says)], until=each.number - 1
        ).items()
        if row.says is not None
    }
    held = [*(each for each in says.values() if each), *(row.says for row in before.values() if row.says)]
    measures = {int(pk) for each in held for pk in each["measures"]}
    goals = {goal for _of, goal in says}
    subjects = {"strategy": {each.strategy_id for each in editions}, "goal": goals, "measure": measures}
    return Done(
        editions,
        goals,
        {goal for (of, goal), text in says.items() if text is not None and (of, goal) not in before},
        _entries(edition, subjects),
    )


def _by_edition(editions: Collection[Edition], rows: Collection[EditionGoal]) -> list[tuple[Edition, EditionGoal]]:
    by_pk = {edition.pk: edition for edition in editions}
    return [(by_pk[row.edition_id], row) for row in rows]


def _entries(edition: Edition, subjects: dict[str, set[int]]) -> list[LogEntry]:
    about = Q()
    for kind, ids in subjects.items():
        about |= Q(subject_kind=kind, subject_id__in=[0, *ids])
    return list(LogEntry.objects.filter(about, pk__gte=edition.entry_id).order_by("id"))


def what_rests_on(done: Done) -> str:
    """What others did with it since, because of which it stays; '' where there is nothing. Up to five queries."""
    first = done.editions[0]
    if LogEntry.objects.filter(pk__gt=first.entry_id, action="company.imported").exists():
        return IMPORTED
    if any(
        Edition.objects.filter(strategy=each.strategy_id, number__gt=each.number).exists() for each in done.editions
    ):
        return FOLLOWED
    meant = Goal.objects.filter(path__overlap=[0, *done.meant_otherwise]).order_by().values("pk")
    looked_at = Q(goal__in=[0, *done.came, *done.successors]) | Q(goal__in=meant)
    if _links().filter(looked_at, confirmed_at__gt=first.at).exists():
        return LINKED
    below = Goal.objects.filter(path__overlap=[0, *done.activated], status=GoalStatus.ACTIVE).exclude(team=None)
    if below.exists() or MissionGoal.objects.filter(goal__in=[0, *done.activated]).exists():
        return SERVED
    return ""


def _links() -> QuerySet[Any]:
    """Links are the next app's, which names goals."""
    relation: Any = Goal._meta.get_field("links")
    return QuerySet(relation.related_model)
