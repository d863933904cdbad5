from __future__ import annotations

from django.urls import path

from strategy.views.goals import goal_detail
from strategy.views.strategies import strategy_detail, strategy_list

urlpatterns = [
    path("strategy/", strategy_list, name="strategy_list"),
    path("strategies/<slug:key>/", strategy_detail, name="strategy_detail"),
    path("goals/<slug:key>/", goal_detail, name="goal_detail"),
]
