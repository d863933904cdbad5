"""What the services of links share: locking an initiative with all its links, checking a bet, and saving, logging and
announcing changes.

They lock the initiative first, then its links by id (lib.db.locks), so that shares cannot change while they are summed;
the database's constraints are the last check.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from alignment.enums import LinkState
from alignment.models import Link
from alignment.selectors.shares import given_shares
from lib.log.values import Pairs, changed, values_of
from lib.services.changes import Changes, announce
from lib.services.dates import LAST_DAY, day_in
from lib.services.errors import RefusedError, StaleError
from lib.services.sets import touch
from lib.text.clean import tidy
from lib.text.numbers import exact_percent
from strategy.models import Goal, Measure
from strategy.models.goal import goals_seen_by
from teams.models import Initiative, LogEntry, Person
from teams.services.log import record
from teams.services.undo import noted

BET = ("share", "rationale", "evidence", "review_on", "measure", "expected_change")
JUDGEMENT = ("state", "note", "judged_by", "judged_on")

UNDONE_WITHIN = dt.timedelta(days=1)

NO_GOAL = "There is no such goal."
LINKED = "It is linked to this goal already: change that link instead."
GONE = "Somebody removed this link in the meantime."
STALE = "Somebody else changed this link while you had it open."
OVERTAKEN = "Somebody else gave out shares a moment ago, and together they would take more than 100 %. Try again."
NOT_BELOW = "Choose a measure of this goal or of one below it."
NO_MEASURE = "Say which measure this change is of."
LATER = "Give today or a later day."

_SAID = {
    "alignment_link_once": ("goal", LINKED),
    "alignment_link_by_goal": ("goal", LINKED),
    "alignment_link_shares_fit": ("share", OVERTAKEN),
    "alignment_link_measure_below": ("measure", NOT_BELOW),
}
"""The field and message for each constraint of the database."""

_FIELDS = {field.name for field in Link._meta.fields}

Given = ParamSpec("Given")
Result = TypeVar("Result")


def in_words(service: Callable[Given, Result]) -> Callable[Given, Result]:
    """Turns constraint violations into ValidationError. The outermost decorator, because some appear only at commit."""

    @functools.wraps(service)
    def say(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return service(*args, **kwargs)
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
            if constraint not in _SAID:
                raise
            field, sentence = _SAID[constraint]
            raise ValidationError({field: sentence}) from error

    return say


@dataclass(frozen=True)
class LockedInitiative:
    """An initiative and all its links, locked; `day` is the company's day."""

    initiative: Initiative
    links: list[Link]
    day: dt.date

    def link(self, link: Link, version: int | None = None) -> Link:
        """The current row. Raises RefusedError where it was removed, StaleError where it is not at `version`."""
        row = next((each for each in self.links if each.pk == link.pk), None)
        if row is None:
            raise RefusedError(GONE)
        if version is not None and row.version != version:
            raise StaleError(STALE, current=row, version=version)
        return row

    def touch(self, day: dt.date | None = None) -> dict[str, Any]:
        """Records `day` (None: today) as the last day the team worked on it; returns the note that `untouch` reads."""
        before, day = self.initiative.touched_on, day or self.day
        if before == day:
            return {}
        self.initiative.touched_on = day
        Initiative.objects.filter(pk=self.initiative.pk).update(touched_on=day)
        return {"touched_on": [before.isoformat(), day.isoformat()]}

    def untouch(self, entry: LogEntry) -> dict[str, Any]:
        """As `touch`, with the day that was recorded before `entry`, if nothing touched it since."""
        return self.touch(self.touched_before(entry))

    def touched_before(self, entry: LogEntry) -> dt.date:
        found = noted(self.initiative, entry, ["touched_on"])
        before: dt.date = found.get("touched_on", self.initiative.touched_on)
        return before


_LOCKED_INITIATIVE = """
    SELECT i.*, (SELECT timezone FROM teams_company) AS zone FROM teams_initiative i
        WHERE id = %s FOR NO KEY UPDATE OF i
"""
_LOCKED_LINKS = "SELECT * FROM alignment_link WHERE initiative_id = %s ORDER BY id FOR NO KEY UPDATE"


def lock_initiative(initiative: int, at: dt.datetime) -> LockedInitiative:
    """Two statements in plain SQL, because every write runs them (measured: docs/performance.md).

    Raises Initiative.DoesNotExist.
    """
    row: Any = next(iter(Initiative.objects.raw(_LOCKED_INITIATIVE, [initiative])), None)
    if row is None:
        raise Initiative.DoesNotExist
    return LockedInitiative(row, list(Link.objects.raw(_LOCKED_LINKS, [initiative])), day_in(row.zone, at))


def saved(
    action: str,
    link: Link,
    before: Mapping[str, Any],
    locked: LockedInitiative,
    *,
    actor: Person,
    at: dt.datetime,
    by_team: bool = True,
    cited: Pairs | None = None,
) -> Link:
    """Saves what differs from `before`, logs and announces it, with the changes of what it `cited`; does nothing where
    nothing differs."""
    changes = changed(link, before)
    if not (changes or cited):
        return link
    if changes:
        link.save(update_fields=list(changes))
        link.version += 1  # the database does the same
    else:
        touch([link])
    touched = locked.touch() if by_team else {}
    told(record(action, actor=actor, at=at, subject=link, changes=changes | (cited or {}), note=touched), link, at)
    return link


def told(entry: LogEntry, link: Link, at: dt.datetime) -> None:
    announce(Changes(initiatives=[link.initiative_id], worked=[link.goal_id]), cause=entry.pk, at=at)


def check_goal(goal: int, locked: LockedInitiative, actor: Person) -> None:
    if not Goal.objects.visible_to(actor).filter(pk=goal).exists():
        raise ValidationError({"goal": NO_GOAL})
    check_once(goal, locked.links)


def check_once(goal: int, links: Iterable[Link]) -> None:
    if any(link.goal_id == goal for link in links):
        raise ValidationError({"goal": LINKED})


def rewrite(link: Link, values: Mapping[str, Any], locked: LockedInitiative, actor: Person) -> Pairs:
    """Sets `values` of the bet and checks them; returns what differs. Another rationale withdraws an endorsement,
    because the owner endorsed other words; a dispute stays until the owner judges again.
    """
    before = values_of(link, BET)
    for name, value in values.items():
        setattr(link, name, tidy(value) if isinstance(value, str) else value)
    changes = changed(link, before)
    check_bet(link, changes, locked, actor)
    if "rationale" in changes and link.state == LinkState.ENDORSED:
        clear_judgement(link)
    return changes


def clear_judgement(link: Link) -> None:
    link.state, link.note, link.judged_by, link.judged_on = LinkState.CLAIMED, "", None, None


def divide(links: Iterable[Link], shares: Mapping[int, Decimal | None]) -> list[Link]:
    """Sets `shares` by link id and checks their sum; returns the links whose share differs."""
    links = list(links)
    differ = [link for link in links if shares.get(link.pk, link.share) != link.share]
    for link in differ:
        vars(link)["share"] = shares[link.pk]
        link.clean_fields(exclude=only("share"))
    check_sum(links)
    return differ


def last_entry(link: int | None) -> LogEntry | None:
    return LogEntry.objects.filter(subject_kind="link", subject_id=link).order_by("-id").first()


def made_just_now(link: int | None, at: dt.datetime) -> LogEntry | None:
    """The entry of its making, where that is the last and not yet UNDONE_WITHIN ago: removing it undoes that."""
    last = last_entry(link)
    return last if last and last.action == "link.made" and at - last.at <= UNDONE_WITHIN else None


def check_bet(link: Link, names: Iterable[str], locked: LockedInitiative, actor: Person) -> None:
    """Checks the fields `names` of the bet; only a measure takes a query."""
    names = set(names)
    link.clean_fields(exclude=only(*names - {"measure"}))
    if "share" in names:
        check_share(link.share, [each for each in locked.links if each.pk != link.pk])
    if "review_on" in names and link.review_on is not None:
        check_review(link, locked.day)
    if link.expected_change is not None and link.measure_id is None:
        raise ValidationError({"expected_change": NO_MEASURE})
    if "measure" in names and link.measure_id is not None:
        below = Measure.objects.filter(pk=link.measure_id, goal__path__contains=[link.goal_id])
        if not below.filter(goals_seen_by(actor, "goal__")).exists():
            raise ValidationError({"measure": NOT_BELOW})


def check_review(link: Link, day: dt.date) -> None:
    if link.review_on is None or not day <= link.review_on <= LAST_DAY:
        raise ValidationError({"review_on": LATER})


def check_share(share: Decimal | None, others: Iterable[Link]) -> None:
    if share is None:
        return
    taken = given_shares(others)
    if share <= 0:
        raise ValidationError({"share": "Give more than 0 %, or leave it blank for an equal part."})
    if share + taken > 1:
        left = f"at most {exact_percent(1 - taken)} is" if taken < 1 else "nothing is"
        raise ValidationError({"share": f"The other links take {exact_percent(taken)}, so {left} left."})


def check_sum(links: Iterable[Link]) -> None:
    total = given_shares(links)
    if total > 1:
        over = f"Take {exact_percent(total - 1)} away, or leave some blank for an equal part of what is left."
        raise ValidationError(f"The shares add up to {exact_percent(total)}, and 100 % is all there is. {over}")


def only(*names: str) -> set[str]:
    """The `exclude` of `clean_fields` that checks only `names`."""
    return _FIELDS - {*names}
