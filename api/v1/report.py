"""The alignment report (spec/interfaces.md), computed on request."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from alignment.enums import FlagCode, Subject, UncountedReason
from alignment.selectors.report import alignment_report
from api.filters import DAY_SCHEMA
from api.v1.figures import FiguresSerializer, GoalFiguresSerializer, PartsSerializer
from api.views import ReadView
from lib.services.dates import parse_day, today
from teams.selectors.company import company

AS_OF = "as_of"


class CompanySerializer(FiguresSerializer):
    """The company's figures."""

    goals_anchored = serializers.IntegerField(help_text="Goals that lead to a published strategy.")
    goals_covered = serializers.IntegerField(help_text="Those of them that any effort reaches.")
    strategy_coverage = serializers.FloatField(allow_null=True, help_text="Covered ÷ anchored goals; null without any.")
    priority_fit = serializers.FloatField(
        allow_null=True,
        help_text="How well effort follows the weights of the top goals, from 0 to 1; null without effort.",
    )
    teams = serializers.IntegerField(required=False, help_text="All teams, where some of them are not here yet.")
    teams_here = serializers.IntegerField(required=False, help_text="Those of them that are here.")


class TeamFiguresSerializer(serializers.Serializer[Any]):
    own = FiguresSerializer(help_text="Of its own initiatives.")
    subtree = FiguresSerializer(help_text="With all its sub-teams.")


class FlagSerializer(serializers.Serializer[Any]):
    """A finding that holds."""

    code = serializers.ChoiceField(FlagCode.choices)
    subject_type = serializers.ChoiceField(Subject.choices)
    subject = serializers.CharField(help_text="Key of the initiative, goal or team.")
    links = serializers.DictField(
        child=serializers.ChoiceField(UncountedReason.choices),
        required=False,
        help_text="On `disconnected`: by key of the linked goal, why the link does not count.",
    )


class ReportSerializer(serializers.Serializer[Any]):
    """Everything by key; initiatives are the active ones. Goals that you may not see are only in the sums."""

    as_of = serializers.DateField()
    company = CompanySerializer()
    teams = serializers.DictField(child=TeamFiguresSerializer())
    goals = serializers.DictField(child=GoalFiguresSerializer())
    initiatives = serializers.DictField(child=PartsSerializer())
    flags = FlagSerializer(many=True)


class AlignmentReport(ReadView):
    """The company as of a day, computed from what is in the database now; only dates are compared with the day."""

    query_parameters = frozenset([AS_OF])

    @extend_schema(
        operation_id="alignment_report",
        parameters=[OpenApiParameter(AS_OF, DAY_SCHEMA, description="From 1970 to 2100; today without it.")],
        responses=ReportSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(alignment_report(on=_day(request), person=self.person))


def _day(request: Request) -> dt.date:
    if AS_OF not in request.query_params:
        return today(company())
    try:
        return parse_day(request.query_params[AS_OF])
    except ValueError as error:
        raise ValidationError({AS_OF: [str(error)]}) from error
