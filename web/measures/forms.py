"""Forms of measures and their check-ins."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lib.db import fields
from lib.forms.inputs import Line, Lines, Number, OneOf, Option
from lib.forms.pages import VersionedForm
from lib.text.isolation import isolated
from lib.text.numbers import exact
from strategy.enums import Confidence, MeasureKind
from strategy.models import Measure
from strategy.selectors.measures import KeptMeasure
from web.goals.forms import OpenChoiceField
from web.people.naming import PersonField, offer_people

KINDS = [
    (
        MeasureKind.TARGET,
        Option(MeasureKind.TARGET.label, "It goes up or down until it is there."),
    ),
    (MeasureKind.AT_LEAST, Option(MeasureKind.AT_LEAST.label, "It is not to fall below a limit.")),
    (MeasureKind.AT_MOST, Option(MeasureKind.AT_MOST.label, "It is not to exceed a limit.")),
    (MeasureKind.MILESTONE, Option(MeasureKind.MILESTONE.label, "It is reached or not; there are no numbers.")),
]
JUDGEMENTS = [
    (Confidence.ON_TRACK, Option(Confidence.ON_TRACK.label, "It will get there, or stay there.")),
    (Confidence.AT_RISK, Option(Confidence.AT_RISK.label, "It may not, unless something changes.")),
    (Confidence.OFF_TRACK, Option(Confidence.OFF_TRACK.label, "It will not, as things are.")),
]
SHORT_JUDGEMENTS = [("", "Not said"), *((each.value, each.label) for each in Confidence)]
REACHED = [("1", "It is reached"), ("0", "Not yet")]
SAY_SURE = "Say how sure you are of it: on track, at risk or off track."
SAY_VALUE = "Give the value now."
MEANWHILE = "Somebody else checked it in meanwhile, and it stands at {} now. Save again if yours is right."


class AsNeeded(Number):
    """Neither optional nor required: the service says whether the kind of measure needs it."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


def measured(field: type[Number] = Number, **options: Any) -> Number:
    """A value of a measure, with as many digits as are kept."""
    return field(signed=True, max_digits=21, decimal_places=6, **options)


class MeasureForm(forms.Form):
    """`team` is the key of the team whose people are offered first."""

    title = Line(
        label="What is measured",
        max_length=fields.NAME_LIMIT,
        help_text="As in “Customers who come back within a month”.",
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS, widget=OneOf(), initial=MeasureKind.TARGET)
    unit = Line(
        label="Unit",
        max_length=fields.UNIT_LIMIT,
        required=False,
        help_text="As in “%”, “days”, “a month”.",
    )
    baseline = measured(
        AsNeeded, label="From", help_text="Where it stood when the goal began. For a milestone, leave it empty."
    )
    target = measured(
        AsNeeded,
        label="To",
        help_text="Where it stands when the goal is reached, or the limit at which it is kept. Empty for a milestone.",
    )
    keeper = PersonField(
        label="Who keeps it",
        help_text="Whoever checks it in: a name or an e-mail address. Without one, the goal’s owner does.",
    )

    def __init__(self, *args: Any, team: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        keeper: Any = self.fields["keeper"]
        keeper.known = self.initial.get("keeper")
        if team:
            offer_people(self, "keeper", team=team)


class NewMeasureForm(MeasureForm):
    current = measured(
        label="Value now",
        required=False,
        help_text="Left empty, it stands where it began. What is kept at a limit needs it.",
    )
    field_order = ("title", "kind", "unit", "baseline", "target", "current", "keeper")


class MeasureEditForm(VersionedForm, MeasureForm):
    merges = True


def measure_values(measure: Measure) -> dict[str, Any]:
    """As its form has them: a milestone has no numbers."""
    names = ("version", "title", "kind", "unit", "baseline", "target", "keeper")
    values = {name: getattr(measure, name) for name in names}
    numbers = ("baseline", "target") if measure.kind == MeasureKind.MILESTONE else ()
    return values | dict.fromkeys(numbers)


class SaidForm(forms.Form):
    """What a check-in says of `measure`; of a milestone, whether it is reached."""

    current: forms.Field = measured(label="Value now")
    confidence = OpenChoiceField(
        label="How sure are you?",
        choices=JUDGEMENTS,
        widget=OneOf(),
        help_text="Your own judgement: nobody computes it.",
    )
    note = Lines(
        label="Note",
        max_length=fields.LINES_LIMIT,
        required=False,
        rows=3,
        help_text="What you make of it: what moved it, or what is in the way.",
    )

    def __init__(self, *args: Any, measure: Measure | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if measure is not None and measure.kind == MeasureKind.MILESTONE:
            self.fields["current"] = _reached()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("confidence") and "confidence" not in self.errors and not self.is_reached:
            self.add_error("confidence", SAY_SURE)
        return values

    @property
    def is_reached(self) -> bool:
        """Whether it says that a milestone is reached, of which there is nothing more to judge."""
        return isinstance(self.fields["current"], forms.TypedChoiceField) and self.cleaned_data.get("current") == 1

    def said(self) -> dict[str, Any]:
        """As arguments of the services."""
        values = self.cleaned_data
        return {"value": values["current"], "confidence": values["confidence"], "note": values["note"]}


class CheckInForm(VersionedForm, SaidForm):
    """One that says where a measure stands now."""


class CorrectionForm(VersionedForm, SaidForm):
    """One in the place of another; the version is its measure's."""


def value_typed(measure: Measure, value: Decimal) -> Any:
    """A value of `measure` as its field takes it."""
    return str(int(value)) if measure.kind == MeasureKind.MILESTONE else value


def _reached(widget: forms.Widget | None = None) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Is it reached?",
        choices=REACHED,
        coerce=Decimal,
        empty_value=None,
        widget=widget or OneOf(),
        error_messages={"required": "Say whether it is reached."},
    )


class CheckInsForm(forms.Form):
    """Check-ins of several measures at once; one of which nothing is said is left alone."""

    def __init__(self, *args: Any, kept: Sequence[KeptMeasure], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = kept
        for each in kept:
            self.fields |= _fields_of(each.measure)

    def fields_of(self, measure: Measure) -> tuple[list[BoundField], BoundField]:
        """Those that are shown, and its version."""
        names = ("current", "confidence", "note")
        return [self[f"{name}-{measure.key}"] for name in names], self[f"version-{measure.key}"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for each in self.kept:
            self._check(each.measure)
        return values

    def said(self) -> list[tuple[Measure, dict[str, Any]]]:
        """The measures of which something is said, with arguments of the service."""
        return [
            (each.measure, {"version": each.measure.version, **self._of(each.measure)})
            for each in self.kept
            if self._is_said(each.measure)
        ]

    def _of(self, measure: Measure) -> dict[str, Any]:
        names = {"value": "current", "confidence": "confidence", "note": "note"}
        return {to: self.cleaned_data.get(f"{name}-{measure.key}") for to, name in names.items()}

    def _is_said(self, measure: Measure) -> bool:
        said = self._of(measure)
        return bool(said["confidence"] or said["note"]) or said["value"] not in (None, measure.current)

    def _check(self, measure: Measure) -> None:
        said, key = self._of(measure), measure.key
        if not self._is_said(measure) or f"current-{key}" in self.errors:
            return
        if said["value"] is None:
            self.add_error(f"current-{key}", SAY_VALUE)
        is_reached = measure.kind == MeasureKind.MILESTONE and said["value"] == 1
        if not said["confidence"] and not is_reached:
            self.add_error(f"confidence-{key}", SAY_SURE)
        if self.cleaned_data.get(f"version-{key}") != measure.version:
            self.add_error(f"current-{key}", MEANWHILE.format(exact(measure.current)))
            data: Any = self.data
            seen = data.copy()
            seen[f"version-{key}"] = str(measure.version)
            self.data = seen


def _fields_of(measure: Measure) -> dict[str, forms.Field]:
    """By name. Their labels say of which measure they are, for whoever hears them one by one."""
    is_milestone = measure.kind == MeasureKind.MILESTONE
    value: forms.Field = _reached(forms.Select()) if is_milestone else measured()
    value.label = _label("Is it reached?" if is_milestone else "Value now", measure)
    value.required, value.initial = False, value_typed(measure, measure.current)
    sure = forms.ChoiceField(label=_label("How sure are you?", measure), choices=SHORT_JUDGEMENTS, required=False)
    note = Line(label=_label("Note", measure), max_length=fields.LINES_LIMIT, required=False)
    version = forms.IntegerField(min_value=1, required=False, initial=measure.version, widget=forms.HiddenInput())
    named = {"current": value, "confidence": sure, "note": note, "version": version}
    return {f"{name}-{measure.key}": field for name, field in named.items()}


def _label(text: str, measure: Measure) -> SafeString:
    return format_html('{}<span class="visually-hidden"> {}</span>', text, isolated(measure.title))
