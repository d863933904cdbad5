"""Teams: who they are, what they serve, and the figures of their own work."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.filters import COMPARED, ColumnFilters, KeyFilter, VisibleKeyFilter, WordsFilter
from api.v1.figures import FiguresSerializer
from api.v1.resources import own_figures, team_resources
from api.views import ReadList, ReadOne
from strategy.models import Goal
from teams.access import team_for
from teams.models import Team


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team, in the columns of the company bundle."""

    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent_key", allow_null=True, help_text="Key of the team that it is part of."
    )
    mission_goals = serializers.ListField(
        source="mission_goal_keys",
        child=serializers.CharField(),
        help_text="Keys of the goals that its mission serves, of those that you may see.",
    )
    personas = serializers.ListField(
        source="persona_keys", child=serializers.CharField(), help_text="Keys of the personas that it serves."
    )
    here = serializers.BooleanField(
        source="is_here", help_text="Whether it is here. Nothing is asked of a team that is not, nor of those below it."
    )
    figures = serializers.SerializerMethodField(
        help_text="Of its own active initiatives, its sub-teams' not among them; null until they are computed."
    )

    class Meta:
        model = Team
        fields = [
            "key",
            "name",
            "parent",
            "mission",
            "mission_goals",
            "personas",
            "stance",
            "stance_reason",
            "stance_until",
            "archived_on",
            "here",
            "figures",
        ]
        read_only_fields = fields

    @extend_schema_field(FiguresSerializer(allow_null=True))
    def get_figures(self, team: Team) -> dict[str, Any] | None:
        figures = own_figures(team)
        return None if figures is None else FiguresSerializer(figures).data


class TeamFilters(ColumnFilters):
    parent = KeyFilter("parent__key")
    mission_goals = VisibleKeyFilter("mission_goals__goal", Goal.objects)
    personas = KeyFilter("personas__key")
    search = WordsFilter("name")

    class Meta:
        model = Team
        fields = {
            "key": ["exact"],
            "name": ["exact"],
            "stance": ["exact"],
            "stance_reason": ["exact"],
            "stance_until": COMPARED,
            "archived_on": COMPARED,
        }


class TeamList(ReadList[Team]):
    """All teams, by key."""

    queryset = Team.objects.none()
    serializer_class = TeamSerializer
    filterset_class = TeamFilters

    def get_queryset(self) -> QuerySet[Team]:
        return team_resources(self.person)


class TeamDetail(ReadOne[Team]):
    """One team."""

    queryset = Team.objects.none()
    serializer_class = TeamSerializer

    def get_object(self) -> Team:
        row: Team = team_for(self.person, self.kwargs["key"], rows=team_resources(self.person))
        return row
