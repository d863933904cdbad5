"""Prepares lines of sight for their component, and the sums behind an initiative's parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from alignment.engine import Figures
from alignment.enums import FlagCode, UncountedReason
from alignment.models import Link
from alignment.rules import is_about
from alignment.selectors.line_of_sight import Sight, Sights, Step
from lib.text.counts import counted
from lib.text.names import CONFIDENTIAL, CONFIDENTIAL_STRATEGY
from lib.text.numbers import adding_up, percent, person_weeks, signed
from lib.text.parts import LABELS
from strategy.models import Measure
from strategy.selectors.measures import points_of
from teams.enums import InitiativeKind
from teams.models import Company, Initiative, Person
from web.measures.charts import spark_of


def line_of_sight(initiative: Initiative, sight: Sight, company: Company) -> dict[str, Any]:
    """What components/_line_of_sight.html shows, with the facts of the bet beside it. It ends with the purpose of the
    `company`; days are those of its zone.
    """
    link = sight.link
    line: dict[str, Any] = {
        "counts": sight.counts,
        "reason": _sentence(sight),
        "share": sight.share,
        "rationale": link.rationale if link else "",
        "state": link.state if link else "",
        "state_label": link.get_state_display() if link and not link.judged_on else "",
        "steps": [
            {"kind": "Initiative", "label": initiative.title, "url": None, "hidden": False, "note": ""},
            *(_goal_step(step) for step in sight.steps),
            *_strategy_step(sight),
            *(purpose_step(company.purpose) if sight.strategy or sight.strategy_hidden else ()),
        ],
    }
    return {"line": line, "facts": _facts(sight, company.timezone), "goal": link.goal.title if link else CONFIDENTIAL}


@dataclass(frozen=True)
class LinkActions:
    """What a reader may do with a link that they see, and what it asks for: an outcome, as its review day has passed,
    or a confirmation, as its goal's meaning has changed since the last."""

    link: Link
    may_edit: bool
    may_judge: bool
    review_due: bool
    reconfirm: bool

    @property
    def any(self) -> bool:
        return self.may_edit or self.may_judge


def link_actions(initiative: Initiative, sight: Sight, reader: Person, on: dt.date | None) -> LinkActions | None:
    """None for a link that the reader may not see; no query."""
    link = sight.link
    if link is None:
        return None
    link.initiative = initiative
    return LinkActions(
        link=link,
        may_edit=reader.has_perm("alignment.edit_link", link),
        may_judge=reader.has_perm("alignment.judge_link", link),
        review_due=is_about(FlagCode.REVIEW_DUE, link, on),
        reconfirm=is_about(FlagCode.RECONFIRM, link, on),
    )


def _sentence(sight: Sight) -> str:
    if sight.counts or sight.reason is UncountedReason.DISPUTED:
        return ""  # its judgement says it
    return f"The reason: {sight.reason.label}." if sight.reason else "Its reason is as confidential as the goal."


def _goal_step(step: Step) -> dict[str, Any]:
    goal = step.goal
    kind = "Company goal" if step.company else "Goal"
    if goal is None:
        return {"kind": kind, "label": "", "url": None, "hidden": True, "note": ""}
    note = ""
    if step.live is False:
        note = goal.get_status_display().lower() if goal.status != "active" else "out of its dates"
    return {
        "kind": kind,
        "label": goal.title,
        "url": reverse("goal_detail", args=[goal.key]),
        "hidden": False,
        "note": note,
    }


def _strategy_step(sight: Sight) -> list[dict[str, Any]]:
    if sight.strategy is not None:
        strategy = sight.strategy
        note = "" if strategy.status == "published" else strategy.get_status_display().lower()
        url = reverse("strategy_detail", args=[strategy.key])
        return [{"kind": "Strategy", "label": strategy.title, "url": url, "hidden": False, "note": note}]
    if sight.strategy_hidden:
        return [{"kind": "Strategy", "label": CONFIDENTIAL_STRATEGY, "url": None, "hidden": False, "note": ""}]
    return []


def purpose_step(purpose: str) -> list[dict[str, Any]]:
    """The end of a line that leads to a strategy; none where the company has not written its purpose."""
    return [{"kind": "Purpose", "label": purpose, "url": None, "hidden": False, "note": ""}] if purpose else []


def _facts(sight: Sight, zone: str) -> list[dict[str, Any]]:
    """Facts of the bet: a term with a text or a day, and with where its measure went lately."""
    link: Any = sight.link
    if link is None:
        return []
    facts: list[dict[str, Any]] = []
    if link.evidence:
        facts.append({"term": "We would see", "text": link.evidence})
    if link.measure is not None:
        moved = _moved(link, link.measure) if sight.measure_seen else f"a measure of {CONFIDENTIAL}"
        spark = spark_of(link.measure, points_of(link), zone) if sight.measure_seen else None
        facts.append({"term": "It should move", "text": moved, "spark": spark})
    if link.review_on:
        facts.append({"term": "Review day", "day": link.review_on})
    facts.append({"term": "So far", "text": link.get_outcome_display()})
    if link.outcome_note:
        facts.append({"term": "What they saw", "text": link.outcome_note})
    facts += _cited(link)
    facts.append({"term": "Last confirmed", "day": link.confirmed_on})
    return facts


def _cited(link: Any) -> list[dict[str, Any]]:
    """What it rests on and whom it is about, which lead to where that stands."""
    pages = [(page["name"], reverse("context_detail", args=[page["key"]])) for page in link.cited]
    personas = [(each["name"], f"{reverse('persona_list')}#{each['key']}") for each in link.customers]
    named = (("Customers", personas), ("Business context", pages))
    return [{"term": term, "ways": ways} for term, ways in named if ways]


def _moved(link: Link, measure: Measure) -> str:
    """As in "Sign-ups: +5 a week"."""
    change = f": {signed(link.expected_change)} {measure.unit}" if link.expected_change is not None else ""
    return f"{measure}{change}".rstrip()


@dataclass(frozen=True)
class PartRow:
    """One addend of an initiative's parts: its name, the sum in words, the part it adds to, and why."""

    what: str
    sum: str
    part: str
    why: str


def worked_parts(initiative: Initiative, figures: Figures, sights: Sights) -> list[PartRow]:
    """Share × effort of each link of the page, all others together, then the rest with its reason (spec/alignment.md,
    *Effort*). What is shown adds up to the effort."""
    brought = [sight.brings for sight in sights.rows]
    others = max(figures.aligned - sum(brought), 0.0) if len(sights.rows) < sights.count else 0.0
    rest = figures.exploring + figures.sustaining + figures.orphaned
    shown = adding_up([*brought, others, rest], figures.effort)
    *texts, others_text, rest_text = map(shown.text, shown.parts)
    effort = shown.text(shown.whole)
    rows = [_link_row(sight, text, effort) for sight, text in zip(sights.rows, texts, strict=True)]
    if len(sights.rows) < sights.count:
        count = counted(sights.count - len(sights.rows), "other link")
        rows.append(PartRow(f"{count}, on other pages", person_weeks(others_text), LABELS["aligned"], ""))
    if rest > 0 or not sights.rows:
        part = "exploring" if figures.exploring else "sustaining" if figures.sustaining else "orphaned"
        aligned = shown.text(shown.whole - shown.parts[-1])
        total = f"{person_weeks(effort)} − {person_weeks(aligned)} = {person_weeks(rest_text)}"
        rows.append(PartRow("The rest", total, LABELS[part], _why_rest(initiative, part)))
    return rows


def _link_row(sight: Sight, brings: str, effort: str) -> PartRow:
    """`brings` and `effort` are numbers as they are shown."""
    what = sight.link.goal.title if sight.link else CONFIDENTIAL
    product = f"{percent(sight.share)} × {person_weeks(effort)}"
    if not sight.counts:
        why = f"Does not count: {sight.reason.label}" if sight.reason else "Does not count"
        return PartRow(what, product, "", why)
    return PartRow(what, f"{product} = {person_weeks(brings)}", LABELS["aligned"], "")


def _why_rest(initiative: Initiative, part: str) -> str:
    if part == "sustaining":
        return "It is upkeep"
    if part == "exploring":
        return "It is an exploration that has not ended"
    if initiative.kind == InitiativeKind.EXPLORE:
        return "It was an exploration, and its end has passed"
    return "It is neither a running exploration nor upkeep"
