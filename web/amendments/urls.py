from __future__ import annotations

from django.urls import path

from web.amendments.edits import edit_decision, edit_meaning, edit_removal
from web.amendments.views import amendment_detail, amendment_opening, amendment_removal

urlpatterns = [
    path("strategies/<slug:key>/amendment/", amendment_detail, name="amendment_detail"),
    path("strategies/<slug:key>/amendment/opening/", amendment_opening, name="amendment_opening"),
    path("strategies/<slug:key>/amendment/removal/", amendment_removal, name="amendment_removal"),
    path("amendment-edits/<int:pk>/removal/", edit_removal, name="amendment_edit_removal"),
    path("amendment-edits/<int:pk>/decision/", edit_decision, name="amendment_edit_decision"),
    path("amendment-edits/<int:pk>/meaning/", edit_meaning, name="amendment_edit_meaning"),
]
