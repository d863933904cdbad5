from __future__ import annotations

from django.urls import path

from strategy.views.context import context_detail, context_list
from strategy.views.context_editing import context_edit, context_new, context_removal, context_restoration
from strategy.views.goal_editing import (
    goal_activation,
    goal_closure,
    goal_edit,
    goal_new,
    goal_new_below,
    goal_new_of_team,
    goal_removal,
    goal_reopening,
)
from strategy.views.goal_places import goal_position
from strategy.views.goals import goal_detail
from strategy.views.measures import (
    check_in_undoing,
    measure_check_in,
    measure_edit,
    measure_new,
    measure_removal,
)
from strategy.views.personas import persona_edit, persona_list, persona_new, persona_removal
from strategy.views.strategies import strategy_detail, strategy_list
from strategy.views.strategy_editing import (
    strategy_archive,
    strategy_edit,
    strategy_new,
    strategy_publication,
    strategy_removal,
    strategy_restoration,
    strategy_unpublication,
)

urlpatterns = [
    path("strategy/", strategy_list, name="strategy_list"),
    path("strategies/new/", strategy_new, name="strategy_new"),
    path("strategies/<slug:key>/", strategy_detail, name="strategy_detail"),
    path("strategies/<slug:key>/edit/", strategy_edit, name="strategy_edit"),
    path("strategies/<slug:key>/publication/", strategy_publication, name="strategy_publication"),
    path("strategies/<slug:key>/unpublication/", strategy_unpublication, name="strategy_unpublication"),
    path("strategies/<slug:key>/archive/", strategy_archive, name="strategy_archive"),
    path("strategies/<slug:key>/restoration/", strategy_restoration, name="strategy_restoration"),
    path("strategies/<slug:key>/removal/", strategy_removal, name="strategy_removal"),
    path("strategies/<slug:key>/goals/new/", goal_new, name="goal_new"),
    path("teams/<slug:key>/goals/new/", goal_new_of_team, name="goal_new_of_team"),
    path("goals/<slug:key>/", goal_detail, name="goal_detail"),
    path("goals/<slug:key>/goals/new/", goal_new_below, name="goal_new_below"),
    path("goals/<slug:key>/edit/", goal_edit, name="goal_edit"),
    path("goals/<slug:key>/activation/", goal_activation, name="goal_activation"),
    path("goals/<slug:key>/closure/", goal_closure, name="goal_closure"),
    path("goals/<slug:key>/reopening/", goal_reopening, name="goal_reopening"),
    path("goals/<slug:key>/position/", goal_position, name="goal_position"),
    path("goals/<slug:key>/removal/", goal_removal, name="goal_removal"),
    path("goals/<slug:key>/measures/new/", measure_new, name="measure_new"),
    path("measures/<slug:key>/edit/", measure_edit, name="measure_edit"),
    path("measures/<slug:key>/removal/", measure_removal, name="measure_removal"),
    path("measures/<slug:key>/check-ins/", measure_check_in, name="measure_check_in"),
    path("measures/<slug:key>/check-ins/<int:pk>/undoing/", check_in_undoing, name="check_in_undoing"),
    path("context/", context_list, name="context_list"),
    path("context/new/", context_new, name="context_new"),
    path("context/<slug:key>/", context_detail, name="context_detail"),
    path("context/<slug:key>/edit/", context_edit, name="context_edit"),
    path("context/<slug:key>/removal/", context_removal, name="context_removal"),
    path("removed-context/<int:pk>/restoration/", context_restoration, name="context_restoration"),
    path("personas/", persona_list, name="persona_list"),
    path("personas/new/", persona_new, name="persona_new"),
    path("personas/<slug:key>/edit/", persona_edit, name="persona_edit"),
    path("personas/<slug:key>/removal/", persona_removal, name="persona_removal"),
]
