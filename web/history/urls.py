from __future__ import annotations

from django.urls import path

from web.history.views import (
    goal_history,
    history_list,
    initiative_history,
    link_history,
    person_history,
    strategy_history,
    team_history,
)

urlpatterns = [
    path("history/", history_list, name="history_list"),
    path("strategies/<slug:key>/history/", strategy_history, name="strategy_history"),
    path("goals/<slug:key>/history/", goal_history, name="goal_history"),
    path("initiatives/<slug:key>/history/", initiative_history, name="initiative_history"),
    path("links/<int:pk>/history/", link_history, name="link_history"),
    path("teams/<slug:key>/history/", team_history, name="team_history"),
    path("people/<int:pk>/history/", person_history, name="person_history"),
]
