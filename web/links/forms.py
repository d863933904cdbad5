"""Forms of links: people give shares in percent, services take them as parts of one."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from alignment.enums import LinkState, Outcome
from alignment.models import Link
from alignment.selectors.citations import Citable, citable_by_link
from alignment.selectors.shares import Share, given_shares, shares_version
from alignment.selectors.suggestions import Suggestion
from lib.db import fields
from lib.db.folding import folded
from lib.forms.inputs import Day, Line, Lines, OneOf, Option, Percent
from lib.forms.pages import VersionedForm
from lib.http.access import query
from lib.paging.keyset import SIZE, Page
from lib.text.names import CONFIDENTIAL, placed
from lib.text.numbers import exact_percent, plain
from strategy.models import Goal, Measure
from teams.models import Initiative, Person
from web.context.citing import CitingFields, chosen_in
from web.goals.briefs import BriefText
from web.goals.rows import reason_sentence
from web.measures.forms import measured

Measures = Sequence[tuple[Measure, bool]]
"""Each with whether the reader may see it."""
EQUAL = "Left blank: an equal part of what the others leave."
WRONG = "Give a percentage above 0 and at most 100, or leave it blank."


class PercentField(Percent):
    """A percentage above 0, with up to four decimals; None where nothing is given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_digits=7, decimal_places=4, error_messages={"invalid": WRONG}, **options)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 0 < value <= 100:
            raise forms.ValidationError(WRONG)


def in_percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else Decimal(plain(share * 100))


def of_one(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / 100


class BetForm(CitingFields):
    """The fields of a link, of which none is required. `others` are the initiative's other links: the hint says what
    share they leave; `citable` is what it may cite; `measures` are those it may move.
    """

    rationale = Lines(
        label="How does the work move the goal?",
        rows=4,
        max_length=fields.LINES_LIMIT,
        required=False,
        help_text="Because …, in a sentence or two. The goal’s owner reads it, and may say what they think.",
    )
    evidence = Line(
        label="What would you see?",
        required=False,
        max_length=fields.SENTENCE_LIMIT,
        help_text="What would show that you are right, or wrong.",
    )
    measure = forms.ChoiceField(
        label="Which measure should it move?",
        required=False,
        help_text="Of the goal, or of one below it.",
        error_messages={"invalid_choice": "It is no measure of this goal, or of one below it. Choose another."},
    )
    expected_change = measured(
        label="By how much?", required=False, help_text="In the measure’s unit; with a minus sign where it should fall."
    )
    review_on = Day(label="By when?", required=False, help_text="You are asked to look again when this day has passed.")
    share = PercentField(label="Share of the initiative’s effort, in %")
    field_order: tuple[str, ...] = ("rationale", "evidence", "measure", "expected_change", "review_on", "share")

    def __init__(
        self,
        *args: Any,
        citable: Citable,
        others: Iterable[Link] | None = None,
        measures: Measures = (),
        initial: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, offered=citable.offered, initial={**citable.cited, **(initial or {})}, **options)
        self.citable = citable
        self.fields["share"].help_text = EQUAL if others is None else share_hint(list(others))
        self.offer_measures([("", measures)])

    def offer_measures(self, by_goal: Sequence[tuple[str, Measures]]) -> None:
        """By the title of their goal; '' for the goal that the form is about. Without any, nothing is asked of them."""
        self.measures = {str(row.pk): row for _title, rows in by_goal for row, _seen in rows}
        choices: list[Any] = [("", "None")]
        for title, rows in by_goal:
            options = [(str(row.pk), _measure_label(row, seen=seen)) for row, seen in rows]
            choices += [(title, options)] if title and options else options
        for name in ("measure", "expected_change"):
            if self.measures:
                self.fields.setdefault(name, copy.deepcopy(self.base_fields[name]))
            else:
                self.fields.pop(name, None)
        if self.measures:
            set_choices(self, "measure", choices)

    def values(self) -> dict[str, Any]:
        """The arguments of `make_link` and `edit_link` on which figures may rest."""
        names = self.cleaned_data.keys() & {"rationale", "evidence", "review_on", "expected_change", "share"}
        values = {name: self.cleaned_data[name] for name in names}
        measure = self.measures.get(self.cleaned_data.get("measure", ""))
        return values | {"share": of_one(values["share"]), "measure": measure}

    def bet(self) -> dict[str, Any]:
        """As `values`, with what the bet cites."""
        return self.values() | chosen_in(self, self.citable.offered)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        measured = [name for name in ("measure", "expected_change") if name in self.fields]
        return [self[name] for name in ("evidence", *measured, "review_on", "share")]

    @property
    def more_in_force(self) -> bool:
        return any(field.value() or field.errors for field in self.more_fields)

    @property
    def citing_fields(self) -> list[forms.BoundField]:
        """Those of which there is something to choose."""
        return [self[name] for name in ("personas", "pages") if getattr(self.citable.offered, name)]

    @property
    def cites(self) -> bool:
        return any(field.value() or field.errors for field in self.citing_fields)


def share_hint(others: list[Link]) -> str:
    if not others:
        return "Left blank, it takes all of it: there is no other link."
    taken = given_shares(others)
    if not taken:
        return EQUAL
    if taken >= 1:
        return (
            f"The other links take {exact_percent(taken)}: this one would carry nothing. Change the shares afterwards."
        )
    return f"The other links take {exact_percent(taken)}, so at most {exact_percent(1 - taken)} is left. {EQUAL}"


class SuccessionForm(BetForm, VersionedForm):
    """The bet on a goal that takes the place of another one, with the version of the link to that."""


class GoalLinkForm(BetForm):
    """From an initiative to a goal to choose."""

    goal = forms.ChoiceField(
        label="Which goal does it move?",
        widget=OneOf(),
        error_messages={
            "required": "Choose a goal, or find one by its title.",
            "invalid_choice": "There is no such goal to choose.",
        },
    )
    field_order = ("goal", *BetForm.field_order)

    def offer(
        self, suggestions: Iterable[Suggestion], places: Mapping[int, str], known: Mapping[int, BriefText] | None = None
    ) -> None:
        """`places` says where each goal hangs, `known` what one should know of it."""
        set_choices(self, "goal", goal_choices(suggestions, places, known or {}))


class WorkLinkForm(BetForm):
    """From a goal to one of the reader's initiatives."""

    initiative = forms.ChoiceField(
        label="Which work moves it?",
        widget=OneOf(),
        error_messages={
            "required": "Choose an initiative, or find one by its title.",
            "invalid_choice": "Choose an initiative that you may link: your own, or one of your teams.",
        },
    )
    field_order = ("initiative", *BetForm.field_order)

    def offer(self, work: Iterable[Initiative]) -> None:
        rows = {row.key: (row.title, f"{row.team}") for row in work}
        places = placed(rows)
        set_choices(self, "initiative", [(key, Option(title, places[key])) for key, (title, _team) in rows.items()])


def goal_choices(
    suggestions: Iterable[Suggestion], places: Mapping[int, str], known: Mapping[int, BriefText]
) -> list[tuple[str, Option]]:
    """By key; `places` says where each goal hangs."""
    return [
        (each.goal.key, Option(each.goal.title, _goal_hint(each, places), _known_lines(each.goal, known)))
        for each in suggestions
    ]


def _known_lines(goal: Goal, known: Mapping[int, BriefText]) -> tuple[str, ...]:
    return known[goal.pk].lines() if goal.pk in known else ()


def _goal_hint(suggestion: Suggestion, places: Mapping[int, str]) -> str:
    place = places.get(suggestion.goal.pk, "")
    return " · ".join(filter(None, [place and f"in {place}", suggestion.why, reason_sentence(suggestion.reason or "")]))


def set_choices(form: forms.Form, name: str, choices: Iterable[tuple[str, str | Option]]) -> None:
    field: Any = form.fields[name]
    field.choices = list(choices)


class LinkEditForm(BetForm, VersionedForm):
    """Of an existing link."""

    merges = True
    field_order = (*BetForm.field_order, "personas", "pages")

    def __init__(self, *args: Any, link: Link, **options: Any) -> None:
        super().__init__(*args, initial=link_values(link), **options)
        if link.state == LinkState.ENDORSED:
            self.fields["rationale"].help_text = "The goal’s owner endorsed these words: other words are not endorsed."
        elif link.state == LinkState.DISPUTED:
            self.fields["rationale"].help_text = "It stays disputed until the goal’s owner has looked at it again."

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in {"pages", "personas"}]


def cited_values(link: Link, reader: Person) -> dict[str, Any]:
    """As `link_values`, with what the link cites by now."""
    return {**link_values(link), "pages": [], "personas": [], **citable_by_link(reader, link).cited}


def link_values(link: Link) -> dict[str, Any]:
    """Initial values of the forms."""
    return {
        "rationale": link.rationale,
        "evidence": link.evidence,
        "review_on": link.review_on,
        "share": in_percent(link.share),
        "measure": str(link.measure_id or ""),
        "expected_change": link.expected_change,
        "version": link.version,
    }


def _measure_label(measure: Measure, *, seen: bool) -> str:
    if not seen:
        return f"a measure of {CONFIDENTIAL}"
    return f"{measure}, {measure.unit}" if measure.unit else measure.title


OUTCOMES = [
    (Outcome.HELD, Option("It held", "We saw what we expected.")),
    (Outcome.FAILED, Option("It failed", "The work did not move the goal.")),
    (Outcome.UNCLEAR, Option("It is unclear", "We looked, and cannot tell.")),
    (Outcome.UNTESTED, Option("Not yet", "There is nothing to see so far. Say when you look again.")),
]


class OutcomeForm(VersionedForm):
    outcome = forms.ChoiceField(
        label="How did the bet turn out?",
        choices=OUTCOMES,
        widget=OneOf(),
        error_messages={"required": "Choose one of them."},
    )
    note = Lines(
        label="What did you see?",
        rows=3,
        required=False,
        max_length=fields.LINES_LIMIT,
        help_text="It is kept with the outcome, for whoever bets on the like.",
    )
    review_on = Day(label="Look again on", required=False)


def outcome_values(link: Link) -> dict[str, Any]:
    return {
        "outcome": link.outcome,
        "note": link.outcome_note,
        "review_on": link.review_on,
        "version": link.version,
    }


class EndorsementForm(VersionedForm):
    note = Lines(
        label="A word to the team",
        rows=3,
        required=False,
        max_length=fields.LINES_LIMIT,
        help_text="Everybody who sees the link reads it.",
    )


class DisputeForm(VersionedForm):
    note = Lines(
        label="Why do you doubt it?",
        rows=4,
        max_length=fields.LINES_LIMIT,
        help_text="What would make you believe it. Everybody who sees the link reads it.",
        error_messages={"required": "Say why, so that the team can answer."},
    )


def judgement_values(link: Link) -> dict[str, Any]:
    return {"note": link.note, "version": link.version}


class SharesFilter(forms.Form):
    """Which of an initiative's links the form of their shares has: those to goals with these words in their title, a
    page of them from the one after `after`."""

    q = forms.CharField(required=False, label="Find by goal", max_length=200, widget=forms.SearchInput())
    after = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def page(self, every: Iterable[Share]) -> Page[Any]:
        """In the order the links were made; a goal that the reader may not see is not found by its title."""
        given = self.cleaned_data if self.is_valid() else {}
        words, after = folded(given.get("q", "")).split(), given.get("after") or 0
        found = [row for row in every if not words or (row.goal and _has(words, row.goal.title))]
        rows = [row for row in found if row.link.pk > after][: SIZE + 1]
        following = query(self.data, after=str(rows[SIZE - 1].link.pk)) if len(rows) > SIZE else ""
        return Page(rows[:SIZE], following, (query(self.data, after=None) or "?") if after else "")


def _has(words: Iterable[str], title: str) -> bool:
    text = folded(title)
    return all(word in text for word in words)


class SharesForm(VersionedForm):
    """A field for each of `rows` whose goal the reader may see; `version` covers all shares together."""

    def __init__(self, data: Any, *, rows: Iterable[Share], version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.links = {f"share_{row.link.pk}": row for row in rows if row.goal is not None}
        for name, row in self.links.items():
            self.fields[name] = PercentField(label=f"Share of “{row.goal}”", initial=in_percent(row.share))

    def shares(self) -> dict[int, Decimal | None]:
        return {row.link.pk: of_one(self.cleaned_data[name]) for name, row in self.links.items()}


def shares_values(links: list[Link]) -> Mapping[str, Any]:
    return {"version": shares_version(links), **{f"share_{link.pk}": in_percent(link.share) for link in links}}
