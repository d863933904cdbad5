"""The form in which somebody says what becomes of the work of a team that is archived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Lines
from lib.forms.pages import VersionedForm
from strategy.selectors.archiving import GoesOn
from strategy.services.archiving import Fate
from teams.enums import InitiativeStatus
from teams.models import Initiative, Team
from web.teams.forms import Places, finding

TO = "to:"
"""Before the key of the team that takes work over."""
AS_ALL = ("", "As said for all")
NOT_SAID = ("", "Choose in each row")
ENDS = [(InitiativeStatus.DONE.value, "Complete it"), (InitiativeStatus.DROPPED.value, "Drop it")]
GONE = {"invalid_choice": "There is no such team to choose. Choose one from the list."}


def row_name(work: Initiative) -> str:
    """The field of an initiative, as strategy.services.archiving names it in its errors."""
    return f"work-{work.pk}"


class ArchivalForm(VersionedForm):
    """A field for each initiative, one for all `others`, and the reason of what is dropped. `find` searches for teams
    and is not saved.
    """

    others = forms.ChoiceField(label="What becomes of its work", required=False, error_messages=GONE)
    reason = Lines(
        label="Why, if something is dropped",
        required=False,
        rows=3,
        max_length=fields.LINES_LIMIT,
        help_text="Others may have counted on it, and will read this.",
    )
    find = finding("Find a team", "By words of its name. What you find is added to the lists; nothing is saved yet.")

    def __init__(self, *args: Any, held: GoesOn, places: Places, **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {f"{TO}{team.key}": team for team, _above in places}
        teams = [(f"{TO}{team.key}", " / ".join([*above, team.name])) for team, above in places]
        offered = [*ENDS, *([("Move it to", teams)] if teams else [])]
        for work in held.work:
            field = forms.ChoiceField(label=work.title, required=False, error_messages=GONE, choices=[AS_ALL, *offered])
            self.fields[row_name(work)] = field
        if held.work:
            others: Any = self.fields["others"]
            others.choices = [NOT_SAID, *offered]
        else:
            del self.fields["others"], self.fields["find"]
            if not held.goals:
                del self.fields["reason"]

    def rows(self, work: Sequence[Initiative]) -> list[tuple[Initiative, forms.BoundField]]:
        return [(one, self[row_name(one)]) for one in work]

    def fates(self, work: Sequence[Initiative]) -> dict[int, Fate]:
        """By initiative, what its row says."""
        said = ((one.pk, self._fate(row_name(one))) for one in work)
        return {pk: fate for pk, fate in said if fate is not None}

    def others_fate(self) -> Fate | None:
        return self._fate("others")

    def why(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    def _fate(self, name: str) -> Fate | None:
        value = str(self.cleaned_data.get(name, ""))
        if not value:
            return None
        team: Team | None = self.teams.get(value)
        return Fate(team=team) if team else Fate(status=value)


def moved_and_ended(fates: Mapping[int, Fate]) -> tuple[dict[int, Team], dict[int, str]]:
    """By initiative, the team that takes it over, and the status with which it ends."""
    moved = {pk: fate.team for pk, fate in fates.items() if fate.team is not None}
    return moved, {pk: fate.status for pk, fate in fates.items() if fate.team is None}
