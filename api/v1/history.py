"""The weekly history of the company's figures and a team's (spec/interfaces.md, `alignment/history/`)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from alignment.engine import Figures
from alignment.history.weeks import WEEKS_SHOWN, CompanyWeekFigures, TeamWeekFigures, company_trend, team_trend
from alignment.selectors.report import FIGURES
from api.filters import KEY_SCHEMA
from api.v1.report import CompanySerializer, TeamFiguresSerializer
from api.views import ReadView
from lib.db.fields import KEY_LIMIT, key_validator
from teams.models import Team

WEEKS, TEAM = "weeks", "team"
WEEKS_LIMIT = 520
WEEKS_SCHEMA = {"type": "integer", "minimum": 1, "maximum": WEEKS_LIMIT, "default": WEEKS_SHOWN}
_KEY = serializers.CharField(max_length=KEY_LIMIT, validators=[key_validator], trim_whitespace=False)
GOALS = ("goals_anchored", "goals_covered", "strategy_coverage", "priority_fit")


class WeekSerializer(serializers.Serializer[Any]):
    """A week, by the first figures that were stored in it."""

    week = serializers.DateField(help_text="The Monday that it began on.")
    as_of = serializers.DateField(help_text="The day that the figures are of.")
    company = CompanySerializer()
    team = TeamFiguresSerializer(required=False, help_text="Where a team was asked for; as its sub-teams hung then.")


class HistorySerializer(serializers.Serializer[Any]):
    weeks = WeekSerializer(many=True, help_text="The newest that were kept, newest last.")


class AlignmentHistory(ReadView):
    """The figures of the weeks before, kept once a week. Those of now are in the report."""

    query_parameters = frozenset([WEEKS, TEAM])

    @extend_schema(
        operation_id="alignment_history",
        parameters=[
            OpenApiParameter(WEEKS, WEEKS_SCHEMA, description="How many weeks."),
            OpenApiParameter(
                TEAM,
                KEY_SCHEMA,
                description="Key of a team, to have its figures as well. One that nothing has gives no weeks.",
            ),
        ],
        responses=HistorySerializer,
    )
    def get(self, request: Request) -> Response:
        weeks, key = _weeks(request), _key(request)
        company = company_trend(weeks)
        if not key:
            return Response({"weeks": [_week(week) for week in company]})
        team = Team.objects.filter(key=key).first()
        teams = {week.week: {"team": _team(week)} for week in team_trend(team, weeks)} if team else {}
        return Response({"weeks": [_week(week) | teams[week.week] for week in company if week.week in teams]})


def _week(week: CompanyWeekFigures) -> dict[str, Any]:
    company = _figures(week.figures) | {name: getattr(week, name) for name in GOALS}
    return {"week": week.week, "as_of": week.as_of, "company": company}


def _team(week: TeamWeekFigures) -> dict[str, Any]:
    return {"own": _figures(week.figures), "subtree": _figures(week.together)}


def _figures(figures: Figures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in FIGURES}


def _weeks(request: Request) -> int:
    given = request.query_params.get(WEEKS, str(WEEKS_SHOWN))
    weeks = int(given) if given.isascii() and given.isdigit() and len(given) <= len(str(WEEKS_LIMIT)) else 0
    if not 1 <= weeks <= WEEKS_LIMIT:
        raise ValidationError({WEEKS: [f"Give a number of weeks from 1 to {WEEKS_LIMIT}."]})
    return weeks


def _key(request: Request) -> str:
    """The key of the team asked for, '' without one. An unknown team has no weeks, as in the lists."""
    if TEAM not in request.query_params:
        return ""
    try:
        return str(_KEY.run_validation(request.query_params[TEAM]))
    except ValidationError as error:
        raise ValidationError({TEAM: error.detail}) from error
