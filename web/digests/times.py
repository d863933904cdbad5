"""The form for when the weekly digest comes."""

from __future__ import annotations

import calendar
from typing import Any

from django import forms

from digest.models import DigestSettings
from lib.forms.pages import VersionedForm
from teams.models import Person

DAYS = [(number, calendar.day_name[number - 1]) for number in range(1, 8)]
HOURS = [(hour, f"{hour}:00") for hour in range(24)]


class TimesForm(VersionedForm):
    """Day and hour; None means the company's."""

    merges = True

    digests = forms.BooleanField(label="Send me the weekly digest", required=False)
    digest_weekday = forms.TypedChoiceField(label="Day", required=False, coerce=int, empty_value=None)
    digest_hour = forms.TypedChoiceField(label="Hour", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, digest: DigestSettings, **options: Any) -> None:
        super().__init__(*args, **options)
        usual = calendar.day_name[digest.weekday - 1], f"{digest.hour}:00"
        self._offer("digest_weekday", DAYS, usual[0], "Choose a day from Monday to Sunday.")
        self._offer("digest_hour", HOURS, usual[1], "Choose an hour from 0:00 to 23:00.")

    def _offer(self, name: str, choices: list[tuple[int, str]], usual: str, wrong: str) -> None:
        field: Any = self.fields[name]
        field.choices = [("", f"As in the company: {usual}"), *choices]
        field.error_messages["invalid_choice"] = wrong


def times_values(person: Person) -> dict[str, Any]:
    """Initial values of the form: a person who opens it while unsubscribed wants digests again."""
    return {
        "version": person.version,
        "digests": True,
        "digest_weekday": person.digest_weekday,
        "digest_hour": person.digest_hour,
    }
