"""Goals: what is wanted, its state, and how much work reaches it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.filters import COMPARED, ColumnFilters, KeyFilter, OwnerFilter, VisibleKeyFilter, WordsFilter
from api.v1.figures import GoalFiguresSerializer
from api.v1.resources import goal_report, goal_resources
from api.views import ReadList, ReadOne
from strategy.access import goal_for
from strategy.models import Goal, Strategy


class GoalSerializer(serializers.ModelSerializer[Goal]):
    """A goal, in the columns of the company bundle."""

    strategy = serializers.CharField(
        source="strategy_key",
        allow_null=True,
        help_text="Key of its strategy; null for all but the company's top goals.",
    )
    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent_key", allow_null=True, help_text="Key of the goal above it, where there is one that you may see."
    )
    team = serializers.CharField(source="team_key", allow_null=True, help_text="Key of its team; null: the company's.")
    owner = serializers.EmailField(source="owner_email", allow_null=True, help_text="E-mail address of its owner.")
    pages = serializers.ListField(
        source="page_keys",
        child=serializers.CharField(),
        help_text="Keys of the pages of the business context that it cites.",
    )
    personas = serializers.ListField(
        source="persona_keys", child=serializers.CharField(), help_text="Keys of the personas that it is for."
    )
    successors = serializers.ListField(
        source="successor_keys",
        child=serializers.CharField(),
        help_text="Keys of the goals that take its place, of those that you may see.",
    )
    figures = serializers.SerializerMethodField(help_text="Null until they are computed.")

    class Meta:
        model = Goal
        fields = [
            "key",
            "strategy",
            "parent",
            "team",
            "title",
            "why",
            "kind",
            "weight",
            "status",
            "starts_on",
            "ends_on",
            "owner",
            "visibility",
            "meaning_changed_on",
            "closed_on",
            "closing_reason",
            "learned",
            "successors",
            "position",
            "pages",
            "personas",
            "figures",
        ]
        read_only_fields = fields

    @extend_schema_field(GoalFiguresSerializer(allow_null=True))
    def get_figures(self, goal: Goal) -> dict[str, Any] | None:
        figures = goal_report(goal)
        return None if figures is None else GoalFiguresSerializer(figures).data


class GoalFilters(ColumnFilters):
    strategy = VisibleKeyFilter("strategy", Strategy.objects)
    parent = VisibleKeyFilter("parent", Goal.objects)
    team = KeyFilter("team__key")
    owner = OwnerFilter("owner")
    search = WordsFilter("title")

    class Meta:
        model = Goal
        fields = {
            "key": ["exact"],
            "title": ["exact"],
            "kind": ["exact"],
            "weight": COMPARED,
            "status": ["exact"],
            "starts_on": COMPARED,
            "ends_on": COMPARED,
            "visibility": ["exact"],
            "meaning_changed_on": COMPARED,
        }


class GoalList(ReadList[Goal]):
    """The goals that you may see, by key."""

    queryset = Goal.objects.none()
    serializer_class = GoalSerializer
    filterset_class = GoalFilters

    def get_queryset(self) -> QuerySet[Goal]:
        return goal_resources(self.person)


class GoalDetail(ReadOne[Goal]):
    """One goal. One that you may not see is not found."""

    queryset = Goal.objects.none()
    serializer_class = GoalSerializer

    def get_object(self) -> Goal:
        row: Goal = goal_for(self.person, key=self.kwargs["key"], rows=goal_resources(self.person))
        return row
