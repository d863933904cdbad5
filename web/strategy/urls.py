from __future__ import annotations

from django.urls import path

from web.strategy.carrying import strategy_next
from web.strategy.editing import (
    strategy_archive,
    strategy_edit,
    strategy_new,
    strategy_publication,
    strategy_removal,
    strategy_restoration,
)
from web.strategy.views import strategy_detail, strategy_list
from web.strategy.writing import strategy_goals

urlpatterns = [
    path("strategy/", strategy_list, name="strategy_list"),
    path("strategies/new/", strategy_new, name="strategy_new"),
    path("strategies/<slug:key>/", strategy_detail, name="strategy_detail"),
    path("strategies/<slug:key>/edit/", strategy_edit, name="strategy_edit"),
    path("strategies/<slug:key>/publication/", strategy_publication, name="strategy_publication"),
    path("strategies/<slug:key>/archive/", strategy_archive, name="strategy_archive"),
    path("strategies/<slug:key>/restoration/", strategy_restoration, name="strategy_restoration"),
    path("strategies/<slug:key>/goals/", strategy_goals, name="strategy_goals"),
    path("strategies/<slug:key>/next/", strategy_next, name="strategy_next"),
    path("strategies/<slug:key>/removal/", strategy_removal, name="strategy_removal"),
]
