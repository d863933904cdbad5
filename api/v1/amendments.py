"""The open amendment of a strategy, for those who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import ReadView
from strategy.access import amendment_for, strategy_for
from strategy.enums import EditKind
from strategy.models import AmendmentEdit, Goal, Measure, Strategy
from strategy.selectors.amendments import SUCCESSORS, edits_of
from teams.models import Person


class PlannedEditSerializer(serializers.Serializer[Any]):
    """An edit; a key that is null is of something that is gone."""

    kind = serializers.ChoiceField(EditKind.choices)
    goal = serializers.CharField(allow_null=True, help_text="Key of the goal; null for an edit of the strategy itself.")
    measure = serializers.CharField(allow_null=True, help_text="Key of the measure, where it is of one that is there.")
    changes = serializers.DictField(
        child=serializers.ListField(), help_text="By field, what it said when it was planned, and what it is to say."
    )
    meaning_changed = serializers.BooleanField(
        allow_null=True, help_text="Whether teams are to look at their links again; null: as the change suggests."
    )
    by = serializers.EmailField(allow_null=True, help_text="E-mail address of whoever planned it last.")
    at = serializers.DateTimeField()


class AmendmentSerializer(serializers.Serializer[Any]):
    opened_at = serializers.DateTimeField()
    opened_by = serializers.EmailField(allow_null=True, help_text="E-mail address of whoever began it.")
    because = serializers.CharField(help_text="What changes, and why, as far as it is written.")
    edits = PlannedEditSerializer(many=True)


class AmendmentDetail(ReadView):
    """What is planned for the next edition of a strategy. For leaders, administrators and the strategy's owner."""

    @extend_schema(operation_id="amendments_retrieve", responses=AmendmentSerializer)
    def get(self, request: Request, key: str) -> Response:
        amendment = amendment_for(self.person, strategy_for(self.person, key))
        planned = edits_of(amendment)
        names = _names(self.person, planned)
        edits = [edit for edit in planned if edit.goal_id is None or edit.goal_id in names["goal"]]
        by = amendment.opened_by
        return Response(
            {
                "opened_at": amendment.opened_at,
                "opened_by": by.email if by else None,
                "because": amendment.because,
                "edits": [_edit(edit, names) for edit in edits],
            }
        )


Names = dict[str, dict[int, str]]


def _names(person: Person, edits: Sequence[AmendmentEdit]) -> Names:
    """By what edits refer to, the keys (of people, the addresses) of what `person` may see. Four queries."""
    found: dict[str, set[int]] = {name: {0} for name in ("goal", "measure", "strategy", "keeper")}
    for edit in edits:
        found["goal"] |= {edit.goal_id or 0, *_ids(edit, "parent")}
        found["goal"] |= {pk for named in edit.changes.get(SUCCESSORS, ()) for pk in named}
        found["measure"].add(edit.measure_id or 0)
        found["strategy"] |= _ids(edit, "strategy")
        found["keeper"] |= _ids(edit, "keeper")
    rows: dict[str, Any] = {
        "goal": Goal.objects.visible_to(person).values_list("pk", "key"),
        "measure": Measure.objects.visible_to(person).values_list("pk", "key"),
        "strategy": Strategy.objects.visible_to(person).values_list("pk", "key"),
        "keeper": Person.objects.values_list("pk", "email"),
    }
    named: Names = {name: dict(rows[name].filter(pk__in=ids)) for name, ids in found.items()}
    return named | {"parent": named["goal"], SUCCESSORS: named["goal"]}


def _ids(edit: AmendmentEdit, name: str) -> set[int]:
    return {pk for pk in edit.changes.get(name, ()) if pk is not None}


def _edit(edit: AmendmentEdit, names: Names) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "goal": names["goal"].get(edit.goal_id or 0),
        "measure": names["measure"].get(edit.measure_id or 0),
        "changes": {name: [_told(name, each, names) for each in pair] for name, pair in edit.changes.items()},
        "meaning_changed": edit.meaning_changed,
        "by": edit.person.email if edit.person else None,
        "at": edit.at,
    }


def _told(name: str, value: Any, names: Names) -> Any:
    if isinstance(value, list):
        return [names[name].get(pk) for pk in value]
    return names[name].get(value or 0) if name in names else value
