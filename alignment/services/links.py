"""Services of links: a team makes, edits and removes its bets and records their outcome, the goal's owner judges
them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from alignment.enums import LinkState, Outcome
from alignment.models import Link
from alignment.selectors.links import REMOVED
from alignment.selectors.shares import shares_version
from alignment.services.citing import cite_again, cite_for_link, cited_note
from alignment.services.disputes import answered, judged
from alignment.services.disputes import removed as goes
from alignment.services.link_rules import (
    BET,
    JUDGEMENT,
    UNDONE_WITHIN,
    LockedInitiative,
    check_bet,
    check_goal,
    check_review,
    check_share,
    clear_judgement,
    divide,
    in_words,
    last_entry,
    lock_initiative,
    made_just_now,
    only,
    rewrite,
    saved,
    told,
)
from lib.log.values import made, removed, values_of
from lib.services.changes import Changes, announce
from lib.services.errors import RefusedError, StaleError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.models import ContextPage, Goal, Measure, Persona
from teams.models import Initiative, LogEntry, Person
from teams.services.log import record
from teams.services.undo import as_it_was

GOAL_CHANGED = "“{}” or a goal above it was changed while you had it open."
TOO_LATE = "It is too late to undo this removal. Link it anew."


@in_words
@writes(permission="teams.edit_initiative")
def make_link(
    initiative: Initiative,
    goal: Goal,
    rationale: str,
    *,
    actor: Person,
    at: dt.datetime,
    share: Decimal | None = None,
    evidence: str = "",
    review_on: dt.date | None = None,
    measure: Measure | None = None,
    expected_change: Decimal | None = None,
    pages: Collection[ContextPage] = (),
    personas: Collection[Persona] = (),
) -> Link:
    """`share` is 0 < share ≤ 1; None: an equal part of the remainder. `pages` and `personas` are what the bet rests on
    and whom it is about.

    Raises ValidationError by field; a goal that `actor` may not see is refused like one that does not exist.
    """
    locked = lock_initiative(initiative.pk, at)
    check_goal(goal.pk, locked, actor)
    bet: dict[str, Any] = {
        "share": share,
        "rationale": tidy(rationale),
        "evidence": evidence.strip(),
        "review_on": review_on,
        "measure": measure,
        "expected_change": expected_change,
    }
    link = Link(initiative=locked.initiative, goal=goal, confirmed_on=locked.day, confirmed_at=at, **bet)
    check_bet(link, BET, locked, actor)
    link.save(force_insert=True)
    changes = made(link) | cite_for_link(link, {"pages": pages, "personas": personas}, actor, is_new=True)
    told(record("link.made", actor=actor, at=at, subject=link, changes=changes, note=locked.touch()), link, at)
    return link


@in_words
@writes(permission="alignment.edit_link")
def edit_link(
    link: Link,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    pages: Collection[ContextPage] | None = None,
    personas: Collection[Persona] | None = None,
    **values: Any,
) -> Link:
    """`values` are among BET; what becomes of a judgement is in `rewrite`. None leaves what it cites as it is.

    Raises ValidationError by field, RefusedError where it was removed, StaleError.
    """
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    before = values_of(row, (*BET, *JUDGEMENT))
    if unknown := values.keys() - {*BET}:
        raise TypeError(f"a link is not edited by its {', '.join(sorted(unknown))}")
    changes = rewrite(row, values, locked, actor)
    cited = cite_for_link(row, {"pages": pages, "personas": personas}, actor, is_new=False)
    if changes or cited:
        answered(row, actor=actor, at=at)
    return saved("link.edited", row, before, locked, actor=actor, at=at, cited=cited)


@in_words
@writes(permission="alignment.edit_link")
def remove_link(link: Link, *, actor: Person, at: dt.datetime, version: int | None = None) -> LogEntry:
    """The log entry stores all values of the link for `restore_link`. Removing a link that was made a moment ago undoes
    that. Raises RefusedError and StaleError."""
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    undoes = made_just_now(row.pk, at)
    touched = locked.untouch(undoes) if undoes else locked.touch()
    entry = record(REMOVED, actor=actor, at=at, subject=row, changes=removed(row), note=cited_note(row) | touched)
    goes(row, actor=actor, at=at)
    row.delete()
    told(entry, row, at)
    return entry


def _initiative_of(entry: LogEntry, **_given: Any) -> Initiative | None:
    """The initiative of the link whose removal `entry` logs."""
    return Initiative.objects.select_related("team").filter(pk=entry.changes["initiative"][0]).first()


@in_words
@writes(permission="teams.edit_initiative", of=_initiative_of)
def restore_link(entry: LogEntry, *, actor: Person, at: dt.datetime) -> Link:
    """Recreates a removed link with all its values and its id from the log entry of its removal. A measure that no
    longer exists is left out.

    Raises ValidationError where the goal is linked again or the share is taken, RefusedError where the removal is older
    than UNDONE_WITHIN or not the link's latest entry, so that no old endorsement returns.
    """
    had = entry.before()
    locked = lock_initiative(had["initiative_id"], at)
    check_goal(had["goal_id"], locked, actor)
    if last_entry(entry.subject_id) != entry or at - entry.at > UNDONE_WITHIN:
        raise RefusedError(TOO_LATE)
    link = _as_it_was(entry)
    check_share(link.share, locked.links)
    link.save(force_insert=True)
    cite_again(link, entry, actor)
    note = {"undoes": entry.pk, **locked.untouch(entry)}
    told(record("link.restored", actor=actor, at=at, subject=link, changes=made(link), note=note), link, at)
    return link


def _as_it_was(entry: LogEntry) -> Link:
    link: Link = as_it_was(entry)
    if link.measure_id and not Measure.objects.filter(pk=link.measure_id, goal__path__contains=[link.goal_id]).exists():
        link.measure = None
    if link.measure_id is None:
        vars(link)["expected_change"] = None
    return link


@in_words
@writes(permission="teams.edit_initiative")
def set_shares(
    initiative: Initiative, shares: Mapping[int, Decimal | None], *, actor: Person, at: dt.datetime, version: int
) -> Initiative:
    """Sets `shares` by link id, None an equal part of the remainder; links that are not in it keep theirs. `version` is
    `shares_version` of the links when the form was opened.

    Raises ValidationError where they add up to more than 1, RefusedError for a link that does not exist or whose goal
    `actor` may not see, StaleError (`current` are the links).
    """
    locked = lock_initiative(initiative.pk, at)
    if shares_version(locked.links) != version:
        raise StaleError(
            "Somebody else changed the links or their shares.", current=locked.links, row=locked.initiative
        )
    seen = set(Link.objects.filter(initiative=initiative).visible_to(actor).values_list("pk", flat=True))
    if not shares.keys() <= seen:
        raise RefusedError("One of these links is not there: open the page again.")
    before = {link.pk: values_of(link, ["share"])["share"] for link in locked.links}
    if differ := divide(locked.links, shares):
        Link.objects.bulk_update(differ, ["share"])
        entry = _shares_logged(locked, differ, before, actor=actor, at=at)
        worked = [link.goal_id for link in locked.links]
        announce(Changes(initiatives=[locked.initiative.pk], worked=worked), cause=entry.pk, at=at)
    return locked.initiative


def _shares_logged(
    locked: LockedInitiative, links: Sequence[Link], before: Mapping[int, Any], *, actor: Person, at: dt.datetime
) -> LogEntry:
    """Shares belong to the links, so the note has them: by the link's id, each before and after."""
    shares = {link.pk: [before[link.pk], values_of(link, ["share"])["share"]] for link in links}
    note, refs = (
        {"shares": {str(pk): pair for pk, pair in shares.items()}, **locked.touch()},
        [("link", pk) for pk in shares],
    )
    return record("initiative.shares_set", actor=actor, at=at, subject=locked.initiative, note=note, refs=refs)


@writes(permission="alignment.edit_link")
def confirm_link(
    link: Link,
    *,
    actor: Person,
    at: dt.datetime,
    version: int | None = None,
    goal_version: int | None = None,
    seen_at: dt.datetime | None = None,
) -> Link:
    """The link still holds today, with the goal as it is now. A page gives what it showed: the versions of the link and
    of its goal, and when; a goal above may not have changed its meaning since.

    Raises RefusedError and StaleError.
    """
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    if goal_version is not None:
        _check_meaning(Goal.objects.get(pk=row.goal_id), goal_version, seen_at or at)
    before = values_of(row, ("confirmed_on", "confirmed_at"))
    row.confirmed_on, row.confirmed_at = locked.day, at
    return saved("link.confirmed", row, before, locked, actor=actor, at=at)


def _check_meaning(goal: Goal, version: int, seen_at: dt.datetime) -> None:
    if goal.version != version:
        raise StaleError(GOAL_CHANGED.format(goal), current=goal, version=version)
    above = (
        Goal.objects.filter(pk__in=goal.path, meaning_changed_at__gt=seen_at).order_by("-meaning_changed_at").first()
    )
    if above is not None:
        raise StaleError(GOAL_CHANGED.format(goal), current=above, version=above.version - 1)


@writes(permission="alignment.edit_link")
def record_outcome(
    link: Link,
    *,
    actor: Person,
    at: dt.datetime,
    outcome: str,
    note: str = "",
    review_on: dt.date | None = None,
    version: int | None = None,
) -> Link:
    """`note` is what was seen. `review_on` (None: unchanged) is when to look again, required while the outcome is
    untested.

    Raises ValidationError by field, RefusedError and StaleError.
    """
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    before = values_of(row, ("outcome", "outcome_note", "review_on"))
    row.outcome, row.outcome_note = Outcome(outcome), tidy(note)
    row.review_on = review_on or row.review_on
    if review_on is not None or row.outcome == Outcome.UNTESTED:
        check_review(row, locked.day)
    return saved("link.outcome_recorded", row, before, locked, actor=actor, at=at)


@writes(permission="alignment.judge_link")
def endorse_link(link: Link, *, actor: Person, at: dt.datetime, note: str = "", version: int | None = None) -> Link:
    """The goal's owner shares the belief. Raises RefusedError and StaleError."""
    return _judged(link, LinkState.ENDORSED, note, actor=actor, at=at, version=version)


@writes(permission="alignment.judge_link")
def dispute_link(link: Link, *, actor: Person, at: dt.datetime, note: str, version: int | None = None) -> Link:
    """The goal's owner does not share the belief; `note` says why. Raises ValidationError, RefusedError and
    StaleError."""
    if not note.strip():
        raise ValidationError({"note": "Say why, so that the team can answer."})
    return _judged(link, LinkState.DISPUTED, note, actor=actor, at=at, version=version)


@writes(permission="alignment.judge_link")
def withdraw_judgement(link: Link, *, actor: Person, at: dt.datetime, version: int | None = None) -> Link:
    """Sets the link back to claimed. Raises RefusedError and StaleError."""
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    before = values_of(row, JUDGEMENT)
    clear_judgement(row)
    judged(row, before["state"], actor=actor, at=at)
    return saved("link.judgement_withdrawn", row, before, locked, actor=actor, at=at, by_team=False)


@writes(permission="alignment.judge_link")
def revert_judgement(link: Link, *, actor: Person, at: dt.datetime, version: int, **before: Any) -> Link:
    """Restores the judgement of before; for `undo`. Raises RefusedError and StaleError."""
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    now = values_of(row, JUDGEMENT)
    for name, value in before.items():
        setattr(row, name, value)
    judged(row, now["state"], actor=actor, at=at)
    return saved("link.judgement_undone", row, now, locked, actor=actor, at=at, by_team=False)


def _judged(link: Link, state: LinkState, note: str, *, actor: Person, at: dt.datetime, version: int | None) -> Link:
    locked = lock_initiative(link.initiative_id, at)
    row = locked.link(link, version)
    before = values_of(row, JUDGEMENT)
    row.state, row.note, row.judged_by, row.judged_on = state, tidy(note), actor, locked.day
    row.clean_fields(exclude=only("note"))
    endorsed = state == LinkState.ENDORSED
    judged(row, before["state"], actor=actor, at=at)
    return saved(
        "link.endorsed" if endorsed else "link.disputed", row, before, locked, actor=actor, at=at, by_team=False
    )
