"""Sample data for the components: a small made-up team, and nothing from the database."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.messages import SUCCESS, WARNING
from django.contrib.messages.storage.base import Message

from alignment.effects import Effect, FirstRows, FlagEffect, GoalEffect, TeamEffect, WorkEffect
from alignment.engine import Figures
from alignment.engine.comparison import FigureChange
from alignment.enums import FlagCode
from alignment.history.weeks import Week
from digest.content import Bar, Content, Part, Section
from digest.rendering import drawn
from lib.charts.lines import Chart, Sparkline, Value, Wanted, chart, sparkline
from lib.forms.inputs import Markdown, OneOf, Option, SomeOf
from lib.text.spans import Line, Span
from teams.models import Person
from web.figures.figures import NOTHING_TO_COVER, Explained, Figure
from web.figures.trends import Trend, trend
from web.flags.answers import flag_view
from web.people.naming import PersonField

MONDAY = dt.date(2026, 3, 16)
HERE = "#components"
"""The address of every link in a sample."""
COVERAGES = (0.74, 0.73, 0.75, 0.52, 0.58, 0.66, 0.69, 0.72)
GOAL = "Claims are paid the same day"


def parts(aligned: float, exploring: float, sustaining: float, orphaned: float) -> Figures:
    effort = aligned + exploring + sustaining + orphaned
    return Figures(
        effort=effort,
        aligned=aligned,
        reasoned=aligned,
        endorsed=aligned / 2,
        exploring=exploring,
        sustaining=sustaining,
        orphaned=orphaned,
    )


WORK = parts(28, 9.5, 12, 7.5)
NONE = parts(0, 0, 0, 0)


def coverage(figures: Figures) -> Figure:
    return Explained(figures, {}, 1).coverage


def weeks() -> Trend:
    """Eight weeks, the fourth with a dip."""
    kept = [
        Week(day, day, parts(share * 40, 2, 10, (1 - share) * 40 - 2))
        for back, share in enumerate(reversed(COVERAGES))
        for day in [MONDAY - dt.timedelta(weeks=back)]
    ]
    return trend(kept, kept[0].figures, MONDAY)


def values() -> list[Value]:
    """What a measure stood at, month by month."""
    stood = ((0, 13.0, ""), (4, 12.4, "on-track"), (8, 12.6, "off-track"), (12, 11.5, "at-risk"))
    return [Value(MONDAY + dt.timedelta(weeks=at), value, f"{value:g}", code) for at, value, code in stood]


def way() -> Chart | None:
    wanted = Wanted(13, 10, "Wanted: 10", base=13, base_label="From 13")
    last = MONDAY + dt.timedelta(weeks=20)
    today = MONDAY + dt.timedelta(weeks=12)
    words = "At 11.5, 50.0 % of the way from 13 to 10."
    return chart(values(), wanted, label=words, first=MONDAY, last=last, today=today)


def spark() -> Sparkline | None:
    return sparkline(values(), label="13 in March, then 11.5 in June")


def nodes() -> list[dict[str, Any]]:
    claims = _node("Claims", WORK, "6 initiatives", chips=[("spotlight", "Spotlight")])
    intake = _node("Intake", NONE, "", meta="a new team")
    return [
        {**_node("Insurance", WORK, "9 initiatives"), "open": True, "below": "2 teams", "children": [claims, intake]},
        {**_node("Platform", parts(10, 0, 14, 3), "5 initiatives"), "more_url": HERE, "more_label": "3 more teams"},
    ]


def _node(label: str, figures: Figures, count: str, **more: Any) -> dict[str, Any]:
    return {
        "label": label,
        "url": HERE,
        "parts": figures,
        "figure": coverage(figures),
        "count": count,
        "children": [],
        **more,
    }


def flags() -> list[dict[str, Any]]:
    return [
        _flag(
            "A darker theme for the kiosk",
            FlagCode.ORPHAN,
            [{"label": "Link it", "url": HERE}, {"label": "Snooze", "url": HERE}],
        ),
        {
            **_flag("Photos with a claim", FlagCode.RECONFIRM, [{"label": "It still holds", "url": HERE}]),
            "details": [f"{GOAL}: its meaning changed on 9 Mar 2026"],
        },
    ]


"""Something that waits."""


def _flag(label: str, code: FlagCode, answers: list[dict[str, Any]]) -> dict[str, Any]:
    return {**flag_view(code, MONDAY, label=label, url=HERE), "answers": answers}


def lines() -> list[dict[str, Any]]:
    """One that counts, past a confidential goal, and one that does not."""
    steps = [
        {"kind": "Initiative", "label": "Photos with a claim", "url": HERE},
        {"kind": "Goal", "hidden": True},
        {"kind": "Company goal", "label": GOAL, "url": HERE},
        {"kind": "Strategy", "label": "Trusted with the money", "url": HERE, "note": "published"},
    ]
    bet = {"share": 0.75, "state": "endorsed", "state_label": "Endorsed"}
    reason = "With a photo the insurer asks nothing back, and two days go."
    broken = {"counts": False, "reason": "Its goal was closed on 9 Mar 2026.", "share": 1.0, "state": "claimed"}
    return [
        {"counts": True, "reason": "", "rationale": reason, "steps": steps, **bet},
        {**broken, "state_label": "Claimed", "rationale": "", "steps": [steps[0], steps[2]]},
    ]


def effect() -> Effect:
    return Effect(
        figures=[
            FigureChange("coverage", 0.69, 0.74),
            FigureChange("autonomy", 0.8, 0.8),
            FigureChange("strategy_coverage", 0.75, 0.62),
        ],
        teams=FirstRows([TeamEffect("claims", "Claims", 0.62, 0.81), TeamEffect("intake", "Intake", None, 0.5)]),
        orphaned=FirstRows([]),
        regained=FirstRows([WorkEffect("photos", "Photos with a claim", "Claims", 0, 4.5)]),
        uncovered=FirstRows([GoalEffect("", "", joins=True)], others=2),
        flags=[FlagEffect(FlagCode.ORPHAN, 0, 2)],
    )


def digest() -> dict[str, Any]:
    bar = Bar(WORK.effort, WORK.aligned, WORK.exploring, WORK.sustaining, WORK.orphaned, WORK.coverage, 0.04)
    line = Line((Span("Photos with a claim", HERE), Span(" reaches the strategy again.")), "It was linked anew.")
    section = Section("own", "What moved", (line,), bar=bar, more=Span("All of it", HERE))
    part = Part("team", "Claims", HERE, (section,))
    return drawn(Content("Ada", "Wrenfield", "2026-W12", (part,), since="2026-03-09"), 0, site="")


def judged() -> SimpleNamespace:
    """A link with its goal's owner's judgement."""
    return SimpleNamespace(
        state="disputed",
        judged_on=MONDAY,
        judged_by=Person(name="Ada"),
        note="The insurers say they do not look at photos.",
    )


def messages() -> list[Message]:
    return [
        Message(SUCCESS, f"Linked to “{GOAL}”."),
        Message(WARNING, "Somebody has changed it meanwhile, so nothing was done. Look at it as it is now."),
    ]


def missing() -> Figure:
    return Figure("Autonomy", None, "percent", missing=NOTHING_TO_COVER)


class SampleForm(forms.Form):
    """A field of each kind, bound to empty data, so that required fields show errors."""

    title = forms.CharField(max_length=200, help_text="What will be different for somebody.")
    problem = Markdown(label="The problem", required=False, rows=3)
    kind = forms.ChoiceField(
        widget=OneOf,
        choices=[
            ("goal", Option("Goal work", "Moves a goal; link it next.")),
            ("explore", Option("Exploration", "Asks a question until a set day.")),
        ],
    )
    teams = forms.MultipleChoiceField(
        label="Who helps", required=False, widget=SomeOf, choices=[("intake", "Intake"), ("platform", "Platform")]
    )
    size = forms.ChoiceField(required=False, choices=[("", "Not sized"), ("1", "1 week"), ("4", "4 weeks")])
    owner = PersonField(help_text="A name or an e-mail address.")
    agreed = forms.BooleanField(label="Talked over with the team", required=False)


class SampleFilters(forms.Form):
    """Filters as at the head of a list."""

    q = forms.CharField(label="Find by title", required=False)
    status = forms.ChoiceField(required=False, choices=[("", "Any"), ("active", "Active")])


def form(scheme: str) -> SampleForm:
    """A form with errors; `scheme` prefixes its ids."""
    return SampleForm({}, prefix=scheme)
