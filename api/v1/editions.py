"""Editions of a strategy: what it said from one change to the next, as far as the reader may know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import ReadView
from strategy.access import edition_for, strategy_for
from strategy.enums import EditionKind, GoalKind, GoalStatus, Visibility
from strategy.models import Edition, Goal
from strategy.models.edition import GOAL_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS
from strategy.selectors.editions import editions_of, visible_goals
from strategy.selectors.snapshots import goal_ids, in_order, seen_of, snapshot_of

MOST = 500
"""The newest editions of a list."""


class EditionSerializer(serializers.Serializer[Any]):
    """An edition, in the columns of the company bundle."""

    number = serializers.IntegerField(help_text="From 1.")
    at = serializers.DateTimeField()
    by = serializers.EmailField(allow_null=True, help_text="E-mail address of whoever made it.")
    kind = serializers.ChoiceField(EditionKind.choices)
    because = serializers.CharField(help_text="What changed, and why.")


class HeldMeasureSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    unit = serializers.CharField()
    baseline = serializers.CharField(help_text="A decimal.")
    target = serializers.CharField(help_text="A decimal.")


class HeldGoalSerializer(serializers.Serializer[Any]):
    """A goal as an edition has it, by the key that it has today; null: it is gone."""

    key = serializers.CharField(allow_null=True)
    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="Key of the goal that it was below."
    )
    title = serializers.CharField()
    why = serializers.CharField()
    kind = serializers.ChoiceField(GoalKind.choices)
    weight = serializers.CharField(help_text="A decimal.")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    visibility = serializers.ChoiceField(Visibility.choices)
    status = serializers.ChoiceField(GoalStatus.choices)
    closing_reason = serializers.CharField()
    measures = HeldMeasureSerializer(many=True)


class WholeEditionSerializer(EditionSerializer):
    """With what the strategy said then, and the goals that you may see today and that were not for leaders then."""

    title = serializers.CharField()
    narrative = serializers.CharField(help_text="Markdown.")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    goals = HeldGoalSerializer(many=True)


class EditionsSerializer(serializers.Serializer[Any]):
    editions = EditionSerializer(many=True, help_text=f"At most the newest {MOST}.")


class EditionList(ReadView):
    """The editions of a strategy that you may see, the newest first."""

    @extend_schema(operation_id="editions_list", responses=EditionsSerializer)
    def get(self, request: Request, key: str) -> Response:
        rows = editions_of(self.person, strategy_for(self.person, key)).order_by("-number")[:MOST]
        return Response({"editions": [_edition(row) for row in rows]})


class EditionDetail(ReadView):
    """One edition, with what it holds."""

    @extend_schema(operation_id="editions_retrieve", responses=WholeEditionSerializer)
    def get(self, request: Request, key: str, number: int) -> Response:
        edition = edition_for(self.person, strategy_for(self.person, key), number)
        whole = snapshot_of(edition)
        today = visible_goals(self.person, goal_ids(whole))
        held = seen_of(whole, None if self.person.sees_everything else today.keys())
        goals = [_goal(held["goals"][str(pk)], pk, today) for pk, _depth in in_order(held)]
        return Response(_edition(edition) | {name: held[name] for name in STRATEGY_FIELDS} | {"goals": goals})


def _edition(row: Edition) -> dict[str, Any]:
    by = row.person.email if row.person else None
    return {"number": row.number, "at": row.at, "by": by, "kind": row.kind, "because": row.because}


def _goal(goal: Mapping[str, Any], pk: int, today: Mapping[int, Goal]) -> dict[str, Any]:
    keys = {"key": _key(pk, today), "parent": _key(goal["parent"], today)}
    measures = [{name: each[name] for name in MEASURE_FIELDS if name in each} for each in goal["measures"].values()]
    return keys | {name: goal[name] for name in GOAL_FIELDS if name in goal} | {"measures": measures}


def _key(pk: int | None, today: Mapping[int, Goal]) -> str | None:
    goal = today.get(pk or 0)
    return goal.key if goal else None
