"""Writes editions: the step at the end of every write that changed what an edition holds of a published strategy.

No service calls it. It reads from the log which strategies a write was about, and compares what they say now with their
last edition, goal by goal; so a service that is new writes editions too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from lib.db.fields import LINES_LIMIT
from lib.db.locks import Lock, lock
from lib.log.kinds import Ref
from lib.log.values import Pairs
from lib.services.finishing import Written, give_reason
from lib.text.clean import tidy
from strategy.enums import EditionKind, GoalStatus, Visibility
from strategy.models import Edition, EditionGoal, Goal, Strategy
from strategy.models.edition import GOAL_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS, is_published
from strategy.selectors.differences import fields_changed, goal_change
from strategy.selectors.snapshots import goals_below, goals_in, live_goals, own_text, said_last
from teams.models import LogEntry

IMPORTED = "company.imported"
HELD = {
    "strategy": {*STRATEGY_FIELDS, "status"},
    "goal": {*GOAL_FIELDS, "parent", "strategy", "team"},
    "measure": {*MEASURE_FIELDS, "goal"},
}
"""By kind of subject, the fields on which it rests what an edition holds."""
PLACES = {"parent", "strategy", "team"}
"""Fields of a goal on which it rests in which editions it and all below it are; whether it is a draft is another."""
KINDS = {
    "strategy.published": EditionKind.PUBLISHED,
    "goal.closed": EditionKind.CLOSED,
    "strategy.edition_taken_back": EditionKind.REVERTED,
    IMPORTED: EditionKind.IMPORTED,
}
REASONED = frozenset({EditionKind.AMENDED, EditionKind.PUBLISHED, EditionKind.REVERTED})
"""Those of which a person says why."""
SAY_WHY = "Say what changed, and why: it is read with the next edition of the strategy."
UNDOES = "undoes"
"""In the note of an entry, the entry that it takes back."""


_AT_ONCE = 1_000
Causes = Sequence[tuple[LogEntry, Collection[Ref]]]


def because_of(because: str | None) -> None:
    """Takes the reason that a service was given. Whether one is needed is known when the write ends. Raises
    ValidationError."""
    text = None if because is None else tidy(because)
    if text and len(text) > LINES_LIMIT:
        raise ValidationError({"because": f"Use at most {LINES_LIMIT:,} characters."})
    give_reason(text)


def write_editions(written: Written) -> None:
    """Gives each strategy that the write changed its next edition. Raises ValidationError on `because` where a person
    was asked for a reason and left it blank.
    """
    causes = [(entry, refs) for entry, refs in written.entries if _may_matter(entry)]
    if not causes:
        return
    lock(Lock.EDITIONS)
    strategies, last = _concerned(causes)
    if not strategies:
        return
    found = _changes(strategies, _goals_to_compare(causes, strategies, last))
    cause, made = causes[0][0], []
    for row in strategies:
        edition = next_edition(row, last.get(row.pk), found.get(row.pk, []), cause, written.because)
        if edition is not None:
            made.append((edition, found.get(row.pk, [])))
    save_editions(made)


def next_edition(
    strategy: Strategy, last: Edition | None, goals: Sequence[EditionGoal], cause: LogEntry, because: str | None
) -> Edition | None:
    """The edition in which `goals` changed; None where the strategy says what its `last` edition says. A draft has an
    edition only where its publication was taken back."""
    if not is_published(strategy) and (last is None or last.kind == EditionKind.TAKEN_BACK):
        return None
    made = Edition(strategy=strategy, at=cause.at, person_id=cause.actor_id, entry=cause, says=own_text(strategy))
    made.number, made.kind = (last.number if last else 0) + 1, _kind(strategy, cause)
    made.because = _reason(made, cause, because)
    made.of_strategy = last is None or bool(fields_changed(last.says, made.says, STRATEGY_FIELDS))
    if not (goals or made.of_strategy):
        return None
    if made.number > 1 and made.kind in REASONED and because == "":
        raise ValidationError({"because": SAY_WHY})
    return made


def save_editions(made: Sequence[tuple[Edition, Sequence[EditionGoal]]]) -> None:
    """Saves editions with the goals that they changed."""
    Edition.objects.bulk_create([edition for edition, _goals in made])
    for edition, goals in made:
        for row in goals:
            row.edition = edition
    EditionGoal.objects.bulk_create([row for _edition, goals in made for row in goals], batch_size=_AT_ONCE)


def _goals_to_compare(causes: Causes, strategies: Sequence[Strategy], last: Mapping[int, Edition]) -> set[int] | None:
    """The ids of the goals of which editions may say something else now. None: all of them."""
    if any(row.pk not in last for row in strategies):
        return None
    named: set[int] = set()
    moved: set[int] = set()
    for entry, refs in causes:
        if entry.action == IMPORTED or (entry.subject_kind == "strategy" and "status" in entry.changes):
            return None
        named.update(pk for kind, pk in refs if kind == "goal")
        if entry.subject_kind == "goal" and _takes_all_below_along(entry.changes):
            moved.add(entry.subject_id or 0)
    return named | (goals_below(moved) if moved else set())


def _takes_all_below_along(changes: Pairs) -> bool:
    """Whether editions may have all below the goal elsewhere now, or no more."""
    return not PLACES.isdisjoint(changes) or GoalStatus.DRAFT in changes.get("status", ())


def _changes(strategies: Sequence[Strategy], goals: set[int] | None) -> dict[int, list[EditionGoal]]:
    """By strategy, the goals of which its last edition does not say what is so now, as rows of the next one."""
    ids = [row.pk for row in strategies]
    before = said_last(ids, goals)
    now = live_goals(goals if goals is not None else goals_in(ids) | {goal for _strategy, goal in before})
    found: dict[int, list[EditionGoal]] = {}
    for strategy in ids:
        here = {pk: goal for pk, goal in now.items() if goal.strategy == strategy}
        said = {pk: row.says for (of, pk), row in before.items() if of == strategy and row.says is not None}
        left = [says for pk, says in said.items() if pk not in here]
        closed = _hidden_places(left) if left else set()
        rows = []
        for pk in sorted({*here, *said}):
            was, goal = said.get(pk), here.get(pk)
            if goal_change(pk, was, goal.says if goal else None) is not None:
                hidden = goal.hidden if goal else was is not None and _was_hidden(was, closed)
                rows.append(EditionGoal(goal_id=pk, says=goal.says if goal else None, hidden=hidden))
        found[strategy] = rows
    return found


def _hidden_places(left: Sequence[Mapping[str, Any]]) -> set[int]:
    """Which of the goals that these were below are hidden from some. One query."""
    parents = {0, *(says["parent"] for says in left if says["parent"] is not None)}
    return set(Goal.objects.filter(pk__in=parents).exclude(hidden_by=[]).values_list("pk", flat=True))


def _was_hidden(says: Mapping[str, Any], closed: Collection[int]) -> bool:
    return says["visibility"] == Visibility.LEADERS or says["parent"] in closed


def _may_matter(entry: LogEntry) -> bool:
    """Whether what the entry tells may have changed what an edition holds; an entry without changes may."""
    if entry.action == IMPORTED:
        return True
    held = HELD.get(entry.subject_kind)
    return held is not None and (not entry.changes or not held.isdisjoint(entry.changes))


_LAST = (
    Edition.objects.filter(strategy=OuterRef("pk"))
    .order_by("-number")
    .values(row=JSONObject(number="number", kind="kind", says="says"))[:1]
)


def _concerned(causes: Causes) -> tuple[list[Strategy], dict[int, Edition]]:
    """The strategies that the entries are about, by their goals too, without drafts that never were published; and the
    last edition of each. One query; it comes after the lock, so that it sees what others wrote before."""
    rows: Any = Strategy.objects.annotate(last=Subquery(_LAST)).filter(_about(causes)).order_by("pk")
    strategies = [row for row in rows if is_published(row) or row.last]
    return strategies, {row.pk: Edition(strategy=row, **row.last) for row in strategies if row.last}


def _about(causes: Causes) -> Q:
    """The strategies that the entries are about."""
    found: dict[str, set[int]] = {"strategy": set(), "goal": set()}
    for entry, refs in causes:
        if entry.action == IMPORTED:
            return Q()
        for kind, pk in refs:
            found.setdefault(kind, set()).add(pk)
    tops = Goal.objects.filter(pk__in=found["goal"]).order_by().values("path__0")
    of_goals = Goal.objects.filter(pk__in=tops).order_by().values("strategy")
    return Q(pk__in=found["strategy"]) | Q(pk__in=of_goals)


def _kind(strategy: Strategy, cause: LogEntry) -> EditionKind:
    if not is_published(strategy):
        return EditionKind.TAKEN_BACK
    if UNDOES in cause.note:
        return EditionKind.UNDONE
    return KINDS.get(cause.action, EditionKind.AMENDED)


def _reason(edition: Edition, cause: LogEntry, because: str | None) -> str:
    """Closing has a reason of its own."""
    if edition.kind == EditionKind.CLOSED:
        return str(cause.changes.get("closing_reason", [None, ""])[1] or "")
    return because or ""
