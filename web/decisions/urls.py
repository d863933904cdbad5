from __future__ import annotations

from django.urls import path

from web.decisions.editing import (
    decision_conclusion,
    decision_edit,
    decision_new,
    decision_removal,
    decision_reopening,
)
from web.decisions.relating import decision_relations
from web.decisions.views import decision_detail, decision_list

urlpatterns = [
    path("decisions/", decision_list, name="decision_list"),
    path("decisions/new/", decision_new, name="decision_new"),
    path("decisions/<slug:key>/", decision_detail, name="decision_detail"),
    path("decisions/<slug:key>/edit/", decision_edit, name="decision_edit"),
    path("decisions/<slug:key>/relations/", decision_relations, name="decision_relations"),
    path("decisions/<slug:key>/conclusion/", decision_conclusion, name="decision_conclusion"),
    path("decisions/<slug:key>/reopening/", decision_reopening, name="decision_reopening"),
    path("decisions/<slug:key>/removal/", decision_removal, name="decision_removal"),
]
