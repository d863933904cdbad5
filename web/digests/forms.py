"""Forms of the pages about weekly digests."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import TextChoices

from lib.forms.inputs import OneOf
from lib.forms.pages import VersionedForm
from lib.services.dates import zones
from teams.models import Person
from teams.selectors.people import active_person
from web.digests.times import DAYS, HOURS, TimesForm
from web.people.naming import PersonField

REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


class SettingsForm(TimesForm):
    """A person's own settings; `company_zone` is used where they choose no time zone."""

    timezone = forms.ChoiceField(label="Time zone", required=False)
    digests_always = forms.BooleanField(label="Also in a week with nothing new", required=False)
    turn_mails = forms.BooleanField(
        label="Tell me on the day when it is my turn in a conversation",
        required=False,
        help_text="One mail a day at most, at that hour, with all of them.",
    )
    field_order = ["timezone", "digests", "digest_weekday", "digest_hour", "digests_always", "turn_mails"]

    def __init__(self, *args: Any, company_zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        zone: Any = self.fields["timezone"]
        usual = ("", f"As in the company: {company_zone.replace('_', ' ')}")
        zone.choices = [usual, *zones_by_region(self.initial.get("timezone", ""))]
        zone.error_messages["invalid_choice"] = "Choose a time zone from the list, such as Europe/Berlin."


class CompanyTimesForm(VersionedForm):
    """The day and hour for people who chose none of their own."""

    merges = True
    weekday = forms.TypedChoiceField(label="Day", choices=DAYS, coerce=int)
    hour = forms.TypedChoiceField(label="Hour", choices=HOURS, coerce=int)


class Part(TextChoices):
    """The role whose digest is previewed."""

    LEADER = "leader", "A leader"
    LEAD = "lead", "A team lead"
    MEMBER = "member", "A member"


class OneOfPeopleField(PersonField):
    """Accepts an id as well."""

    def clean(self, value: Any) -> Person | None:
        text = str(value or "").strip()
        by_id = active_person(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
        return by_id or super().clean(value)


class PreviewForm(forms.Form):
    """Sent with GET; `person` is an id in links, and a name or an address where it was typed."""

    as_part = forms.ChoiceField(label="The digest of", choices=Part.choices, widget=OneOf)
    person = OneOfPeopleField(label="Person", help_text="Name or e-mail; the first by name without one.")

    def add_prefix(self, field_name: str) -> str:
        return "as" if field_name == "as_part" else super().add_prefix(field_name)


def zones_by_region(chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones named after places, grouped by region, then UTC and `chosen` if it is not among them."""
    named = sorted(zone for zone in zones() if zone.partition("/")[0] in REGIONS)
    grouped = [
        (region, [(zone, zone.partition("/")[2].replace("_", " ")) for zone in each])
        for region, each in groupby(named, key=lambda zone: zone.partition("/")[0])
    ]
    others = sorted({"UTC", chosen} - {"", *named})
    return [*grouped, ("Other", [(zone, zone) for zone in others])]
