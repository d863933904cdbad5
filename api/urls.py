"""URLs below /api/."""

from __future__ import annotations

from django.urls import path, re_path

from api.schema import SchemaView
from api.v1.amendments import AmendmentDetail
from api.v1.context import ContextPageDetail, ContextPageList
from api.v1.decisions import DecisionDetail, DecisionList
from api.v1.editions import EditionDetail, EditionList
from api.v1.goals import GoalDetail, GoalList
from api.v1.history import AlignmentHistory
from api.v1.initiatives import InitiativeDetail, InitiativeList
from api.v1.measures import MeasureDetail, MeasureList
from api.v1.report import AlignmentReport
from api.v1.teams import TeamDetail, TeamList
from api.v1.threads import ThreadDetail, ThreadList
from api.views import NothingHere

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("v1/alignment/report/", AlignmentReport.as_view(), name="api_report"),
    path("v1/alignment/history/", AlignmentHistory.as_view(), name="api_history"),
    path("v1/context/", ContextPageList.as_view(), name="api_context_list"),
    path("v1/context/<slug:key>/", ContextPageDetail.as_view(), name="api_context_detail"),
    path("v1/decisions/", DecisionList.as_view(), name="api_decision_list"),
    path("v1/decisions/<slug:key>/", DecisionDetail.as_view(), name="api_decision_detail"),
    path("v1/teams/", TeamList.as_view(), name="api_team_list"),
    path("v1/teams/<slug:key>/", TeamDetail.as_view(), name="api_team_detail"),
    path("v1/goals/", GoalList.as_view(), name="api_goal_list"),
    path("v1/goals/<slug:key>/", GoalDetail.as_view(), name="api_goal_detail"),
    path("v1/strategies/<slug:key>/amendment/", AmendmentDetail.as_view(), name="api_amendment_detail"),
    path("v1/strategies/<slug:key>/editions/", EditionList.as_view(), name="api_edition_list"),
    path("v1/strategies/<slug:key>/editions/<int:number>/", EditionDetail.as_view(), name="api_edition_detail"),
    path("v1/measures/", MeasureList.as_view(), name="api_measure_list"),
    path("v1/measures/<slug:key>/", MeasureDetail.as_view(), name="api_measure_detail"),
    path("v1/threads/", ThreadList.as_view(), name="api_thread_list"),
    path("v1/threads/<slug:key>/", ThreadDetail.as_view(), name="api_thread_detail"),
    path("v1/initiatives/", InitiativeList.as_view(), name="api_initiative_list"),
    path("v1/initiatives/<slug:key>/", InitiativeDetail.as_view(), name="api_initiative_detail"),
    re_path(r"^(?:[\s\S]*/)?$", NothingHere.as_view(), name="api_nothing_here"),
]
