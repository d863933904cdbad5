from __future__ import annotations

from django.urls import path

from web.goals.citing import goal_citations
from web.goals.closing import goal_closure
from web.goals.editing import (
    goal_activation,
    goal_edit,
    goal_new,
    goal_new_below,
    goal_new_of_team,
    goal_removal,
    goal_reopening,
)
from web.goals.listing import goal_list
from web.goals.ordering import goal_order, strategy_order
from web.goals.places import goal_position
from web.goals.views import goal_detail

urlpatterns = [
    path("strategies/<slug:key>/goals/new/", goal_new, name="goal_new"),
    path("teams/<slug:key>/goals/new/", goal_new_of_team, name="goal_new_of_team"),
    path("goals/", goal_list, name="goal_list"),
    path("goals/<slug:key>/", goal_detail, name="goal_detail"),
    path("goals/<slug:key>/goals/new/", goal_new_below, name="goal_new_below"),
    path("goals/<slug:key>/edit/", goal_edit, name="goal_edit"),
    path("goals/<slug:key>/citations/", goal_citations, name="goal_citations"),
    path("goals/<slug:key>/activation/", goal_activation, name="goal_activation"),
    path("goals/<slug:key>/closure/", goal_closure, name="goal_closure"),
    path("goals/<slug:key>/reopening/", goal_reopening, name="goal_reopening"),
    path("goals/<slug:key>/position/", goal_position, name="goal_position"),
    path("goals/<slug:key>/order/", goal_order, name="goal_order"),
    path("strategies/<slug:key>/order/", strategy_order, name="strategy_order"),
    path("goals/<slug:key>/removal/", goal_removal, name="goal_removal"),
]
