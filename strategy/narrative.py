"""Names of goals and strategies, sentences about their changes, and what measures say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Model, TextField

from lib.log.values import restored
from lib.text.counts import counted
from lib.text.days import day, whole_day
from lib.text.differences import ADDED, Piece, changed_words, shortened
from lib.text.isolation import isolated
from lib.text.names import CONFIDENTIAL, name_of, path_of, quoted, several, short, stated
from lib.text.numbers import exact, number, percent
from lib.text.spans import Line, Span
from strategy.enums import CLOSED, Confidence, MeasureKind
from strategy.models import ContextPage, Goal, Measure, Strategy
from strategy.progress import Overview, Progress, attainment
from strategy.selectors.changes import Became, ChangesSince, GoalChange, StrategyChange
from strategy.selectors.context import PagesSince
from strategy.selectors.differences import Difference, FieldChange, MeasureChange
from strategy.selectors.differences import GoalChange as EditedGoal
from strategy.selectors.seen import Confidential
from teams.models import LogEntry, Person, Team
from teams.narrative import person_name

Change = GoalChange | StrategyChange


def goal_name(goal: Goal, person: Person, hidden: Confidential) -> Span:
    """A goal hidden from `person` is "a confidential goal"."""
    if hidden.hides(person, goal.path, goal.owner_id):
        return Span(CONFIDENTIAL)
    return name_of(goal.title, "goal_detail", goal.key)


def archived(team: Team, *, moved: int, done: int, dropped: int, goals: int, asks: int) -> str:
    """What archiving a team did."""
    parts = (
        (moved, "{} to other teams.", "initiative went", "initiatives went"),
        (done, "{} completed.", "initiative is", "initiatives are"),
        (dropped, "{} dropped.", "initiative is", "initiatives are"),
        (goals, "{} closed.", "goal of its own is", "goals of its own are"),
        (asks, "{} declined.", "ask for its support is", "asks for its support are"),
    )
    said = (text.format(counted(count, *words)) for count, text, *words in parts if count)
    return " ".join([f"{isolated(team.name)} is archived.", *said])


def succession_said(before: Goal, after: Goal) -> str:
    """Which goal takes the place of one to which links count no more."""
    over = "was closed" if before.status in CLOSED else "does not count any more"
    follows = "A goal of the same title" if after.title == before.title else f"“{isolated(after.title)}”"
    return f"“{isolated(before.title)}” {over}. {follows} takes its place."


def strategy_name(strategy: Strategy) -> Span:
    return name_of(strategy.title, "strategy_detail", strategy.key)


def end_text(ends_on: dt.date, on: dt.date, grace: int) -> str:
    """When a strategy ends or ended, and until when links to its goals count; after its name, without a full stop."""
    if on < ends_on:
        return f"ends on {whole_day(ends_on)}, in {counted((ends_on - on).days, 'day')}"
    last = ends_on + dt.timedelta(days=grace)
    if on > last:
        since = whole_day(last + dt.timedelta(days=1))
        return f"ended on {whole_day(ends_on)}; since {since} links to its goals do not count"
    ends = "ends today," if on == ends_on else "ended on"
    return f"{ends} {whole_day(ends_on)}; links to its goals count until {whole_day(last)}"


def changed_name(change: Change) -> Span:
    """The name of what changed, for a reader who may see it."""
    if isinstance(change, StrategyChange):
        return strategy_name(change.strategy)
    return name_of(change.goal.title, "goal_detail", change.goal.key)


def what_changed(change: Change, person: Person, hidden: Confidential) -> Iterator[Span]:
    """A sentence that says who did what."""
    verbs = {Became.CHANGED: ("changed what ", " means."), Became.MOVED: ("moved ", ".")}
    verb, end = verbs.get(change.became, (f"{change.became.value} ", "."))
    if change.became is Became.CLOSED and isinstance(change, GoalChange):
        end = f" ({change.goal.get_status_display().lower()})."
    yield _actor_of(change.entry)
    yield Span(f" {verb}")
    yield changed_name(change)
    if isinstance(change, GoalChange) and change.became is Became.MOVED:
        yield Span(" below " if change.parent else " to the top")
        if change.parent:
            yield goal_name(change.parent, person, hidden)
    yield Span(end)


def _actor_of(entry: LogEntry) -> Span:
    return person_name(entry.actor) if entry.actor else Span("Somebody")


def said_of(change: Change) -> Iterator[str]:
    """The closing reason or former title."""
    if isinstance(change, GoalChange):
        if change.became is Became.CLOSED and change.goal.closing_reason.strip():
            yield stated(change.goal.closing_reason)
        if change.title:
            yield f"It was called {quoted(change.title)}."


@dataclass(frozen=True)
class FromLeaders:
    """Published strategies and changed company goals, those nearest the root first."""

    strategies: Sequence[StrategyChange]
    goals: Sequence[GoalChange]

    @property
    def lines(self) -> tuple[Line, ...]:
        strategies = (_published(self.strategies),) if self.strategies else ()
        return (*strategies, _what_became(self.goals)) if self.goals else strategies

    @property
    def news(self) -> str:
        """The last published strategy, or else the first goal; '' for neither."""
        if self.strategies:
            return f"“{short(self.strategies[-1].strategy.title)}” was published"
        if self.goals:
            return f"“{short(self.goals[0].goal.title)}” {_BECAME[self.goals[0].became]}"
        return ""


def from_leaders(changes: ChangesSince, person: Person, hidden: Confidential) -> FromLeaders:
    """The changes that `person` may see."""
    goals = [
        each
        for each in changes.goals
        if each.goal.team_id is None
        and each.became in _BECAME
        and not hidden.hides(person, each.goal.path, each.goal.owner_id)
    ]
    published = [each for each in changes.strategies if each.became is Became.PUBLISHED]
    return FromLeaders(published, sorted(goals, key=lambda each: each.goal.depth))


_BECAME = {Became.CLOSED: "was closed", Became.CHANGED: "means something else now", Became.REOPENED: "is open again"}
_MANY_BECAME = {
    Became.CLOSED: "were closed",
    Became.CHANGED: "mean something else now",
    Became.REOPENED: "are open again",
}


def _published(changes: Sequence[StrategyChange]) -> Line:
    names = several([changed_name(each) for each in changes])
    return Line((*names, Span(f" {_was(len(changes))} published.")))


def _what_became(changes: Sequence[GoalChange]) -> Line:
    """The sentence; for a single closed goal with the reason."""
    said: dict[Became, list[GoalChange]] = {}
    for each in changes:
        said.setdefault(each.became, []).append(each)
    spans: list[Span] = []
    for became, those in said.items():
        if spans:
            spans.append(Span("; "))
        spans += several([changed_name(each) for each in those])
        spans.append(Span(f" {(_BECAME if len(those) == 1 else _MANY_BECAME)[became]}"))
    why = quoted(changes[0].goal.closing_reason) if len(changes) == 1 and changes[0].became is Became.CLOSED else ""
    return Line((*spans, Span(".")), why)


def pages_line(pages: PagesSince) -> Line:
    """The sentence about new and changed pages of the business context."""
    spans = [Span("In the business context, ")]
    if pages.new:
        spans += [*several(_page_names(pages.new)), Span(f" {'is' if len(pages.new) == 1 else 'are'} new")]
    if pages.new and pages.changed:
        spans.append(Span("; "))
    if pages.changed:
        spans += [*several(_page_names(pages.changed)), Span(f" {_was(len(pages.changed))} changed")]
    return Line((*spans, Span(".")))


def pages_news(pages: PagesSince) -> str:
    page, became = (pages.new[0], "is new") if pages.new else (pages.changed[0], "was changed")
    return f"“{short(page.title)}” {became} in the business context"


def _page_names(pages: Sequence[ContextPage]) -> list[Span]:
    return [name_of(page.title, "context_detail", page.key) for page in pages]


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


@dataclass(frozen=True)
class Said:
    """A sentence about what changed; `words` are those of a text that changed, and stand below it."""

    said: tuple[Span, ...]
    words: tuple[Piece, ...] = ()


CALLED = {
    "parent": "place",
    "starts_on": "first day",
    "ends_on": "last day",
    "visibility": "circle of readers",
    "why": "why",
    "boundaries": "boundaries",
    "baseline": "start",
}
"""What sentences call a field, where its own name does not say it."""
NO_VALUE = "none"


def strategy_said(change: Difference) -> list[Said]:
    """What changed in a strategy's own text and dates."""
    return [field_said(Strategy, each, "Its ") for each in change.fields]


def goal_said(change: EditedGoal, place: Callable[[int], Span]) -> list[Said]:
    """What became of a goal, a sentence each; `place` names the goal that it was put below, as far as the reader may
    know it."""
    if change.before is None:
        return _came(change.after or {}, place)
    if change.after is None:
        return [Said((Span("It is in this strategy no more."),))]
    said = [Said(tuple(_moved(change.after, place)))] if change.is_moved else []
    said += _status_said(change)
    passed_over = {"status", "closing_reason", "learned"} if change.is_closed or change.is_reopened else set()
    said += [field_said(Goal, each, "Its ") for each in change.fields if each.name not in passed_over]
    return [*said, *(each for measure in change.measures for each in _measure_said(measure))]


def succeeded(names: Sequence[Span]) -> Said:
    """Which goals take the place of one that is closed."""
    return Said((*several(names), Span(f" {'takes' if len(names) == 1 else 'take'} its place.")))


def _came(goal: Mapping[str, Any], place: Callable[[int], Span]) -> list[Said]:
    parent = goal["parent"]
    below = (Span(" below "), place(parent)) if parent is not None else (Span(" at the top"),)
    said = [Said((Span("It was added"), *below, Span(".")), _added(goal["why"]))]
    return [*said, *(_measure_came(measure) for measure in goal["measures"].values())]


def _added(text: str) -> tuple[Piece, ...]:
    return (Piece(ADDED, text),) if text else ()


def _moved(goal: Mapping[str, Any], place: Callable[[int], Span]) -> Iterator[Span]:
    yield Span("It was moved to the top." if goal["parent"] is None else "It was moved below ")
    if goal["parent"] is not None:
        yield place(goal["parent"])
        yield Span(".")


def _status_said(change: EditedGoal) -> Iterator[Said]:
    now: Any = change.after
    if change.is_closed:
        ended = value_words(Goal, "status", now["status"]).lower()
        learned = f" Learned: {quoted(now['learned'])}" if now.get("learned") else ""
        yield Said((Span(f"It was closed: {ended}. {quoted(now['closing_reason'])}".rstrip() + learned),))
    elif change.is_reopened:
        yield Said((Span("It was opened again."),))


def _measure_said(change: MeasureChange) -> list[Said]:
    if change.before is None:
        return [_measure_came(change.after or {})]
    if change.after is None:
        return [Said((Span(f"“{isolated(change.title)}” is no measure of it any more."),))]
    about = f"“{isolated(change.title)}”: its "
    return [field_said(Measure, each, about) for each in change.fields]


def _measure_came(measure: Mapping[str, Any]) -> Said:
    return Said((Span(f"“{isolated(measure['title'])}” became a measure of it: {measure_words(measure)}."),))


def measure_words(measure: Mapping[str, Any]) -> str:
    """As in "from 3 to 5 days". Editions of before measures had kinds have none."""
    unit = f" {isolated(measure['unit'])}" if measure["unit"] else ""
    first, last = (value_words(Measure, name, measure[name]) for name in ("baseline", "target"))
    kind = measure.get("kind", MeasureKind.TARGET)
    if kind == MeasureKind.MILESTONE:
        return "a milestone"
    if kind == MeasureKind.TARGET:
        return f"from {first} to {last}{unit}"
    return f"kept at or {'above' if kind == MeasureKind.AT_LEAST else 'below'} {last}{unit}"


def field_said(model: type[Model], change: FieldChange, about: str) -> Said:
    """What a field of no relation said before and says now."""
    field: Any = model._meta.get_field(change.name)
    name = field_name(model, change.name)
    if not field.choices and isinstance(field, CharField | TextField):
        return Said((Span(f"{about}{name}:"),), tuple(shortened(changed_words(change.before, change.after))))
    before, after = (value_words(model, change.name, value) for value in (change.before, change.after))
    if field.choices:
        before, after = before.lower(), after.lower()
    return Said((Span(f"{about}{name} went from {before} to {after}."),))


def field_name(model: type[Model], name: str) -> str:
    """What sentences call a field."""
    field: Any = model._meta.get_field(name)
    return CALLED.get(name, str(field.verbose_name))


def value_words(model: type[Model], name: str, value: Any) -> str:
    """A value of a field, as a snapshot has it, in words."""
    field: Any = model._meta.get_field(name)
    if value is None or value == "":
        return NO_VALUE
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    read = restored(field, value)
    if isinstance(read, bool):
        return "yes" if read else "no"
    if isinstance(read, dt.date):
        return whole_day(read)
    return exact(read) if isinstance(read, Decimal) else isolated(read)


def attainment_text(measure: Measure) -> str:
    """Where a measure stands, in a sentence of its kind."""
    stands, current, target = attainment(measure), exact(measure.current), exact(measure.target)
    if measure.kind == MeasureKind.MILESTONE:
        return "Reached." if stands.met else "Not reached yet."
    if measure.kind == MeasureKind.AT_LEAST:
        missed = f"{exact(stands.short)} below the {target} that it should not fall below"
        return f"At {current}, kept at or above {target}." if stands.met else f"At {current}, {missed}."
    if measure.kind == MeasureKind.AT_MOST:
        missed = f"{exact(stands.short)} above the {target} that it should not exceed"
        return f"At {current}, kept at or below {target}." if stands.met else f"At {current}, {missed}."
    return _on_the_way(None if stands.way is None else float(stands.way), exact(measure.baseline), current, target)


def not_confirmed(since: dt.date | None) -> str:
    """Of a page of the business context that is old; within a sentence."""
    return f"nobody has said{f' since {whole_day(since)}' if since else ''} that this is still true"


def old_page_line(title: str, key: str, since: dt.date | None) -> Line:
    return Line((name_of(title, "context_detail", key), Span(f": {not_confirmed(since)}.")))


def edition_line(title: str, key: str, number: int) -> Line:
    """An edition of a strategy that asks to be read, which leads there."""
    where = path_of("edition_detail", key, number)
    return Line((Span(f"Edition {number} of “{isolated(title)}”", where), Span(" asks to be read.")))


def measure_line(measure: Measure) -> Line:
    """A measure, which leads to its check-ins, and where it stands."""
    name = name_of(measure.title, "measure_check_in", measure.key)
    return Line((name, Span(f": {attainment_text(measure)}")))


def _on_the_way(done: float | None, baseline: str, current: str, target: str) -> str:
    if done is None:
        return f"At {current}; it should stay at {target}."
    if done < 0:
        return f"At {current}, further from {target} than where it began, at {baseline}."
    if done > 1:
        return f"At {current}, past the {target} that was wanted."
    if done == 1:
        return f"At {current}, as wanted."
    if done == 0:
        return f"At {current}, where it began, on the way to {target}."
    return f"At {current}, {percent(done)} of the way from {baseline} to {target}."


def wanted_text(measure: Measure) -> str:
    """What is wanted of it, in a few words."""
    target = exact(measure.target)
    if measure.kind == MeasureKind.MILESTONE:
        return "reached"
    return {MeasureKind.AT_LEAST: f"at least {target}", MeasureKind.AT_MOST: f"at most {target}"}.get(
        MeasureKind(measure.kind), target
    )


def progress_text(goal: Progress) -> str:
    """How far a goal's own measures say that it is, how sure they are and how fresh that is; '' without measures."""
    if not goal.measures:
        return ""
    said = [] if goal.far is None else [f"{percent(float(goal.far))} of the way"]
    if goal.to_keep == 1:
        said.append("kept" if goal.kept else "not kept")
    elif goal.to_keep:
        said.append(f"{number(goal.kept)} of {number(goal.to_keep)} kept")
    if goal.sure:
        said.append(str(Confidence(goal.sure).label).lower())
    return " · ".join([*said, *_fresh(goal.fresh, goal.unsaid, goal.measures)])


def overview_text(goals: Overview) -> str:
    """The same of several goals side by side, as counts; '' where none has measures."""
    if not goals.measures:
        return ""
    said = [f"{number(goals.met)} of {counted(goals.measures, 'measure')} reached or kept"]
    sure = [f"{number(count)} {str(Confidence(code).label).lower()}" for code, count in goals.by_confidence.items()]
    if sure:
        said.append(f"goals: {', '.join(sure)}")
    return " · ".join([*said, *_fresh(goals.fresh, goals.unsaid, goals.measures)])


def _fresh(oldest: dt.date | None, unsaid: int, measures: int) -> list[str]:
    if oldest is None:
        return ["nobody has checked in yet"] if unsaid else []
    since = f"checked in {day(oldest)}" if measures == 1 else f"all checked in since {day(oldest)}"
    return [f"checked in since {day(oldest)}, {number(unsaid)} never" if unsaid else since]
