from __future__ import annotations

from django.urls import path

from web.initiatives import editing as work
from web.initiatives import quick, removal, similar
from web.initiatives import views as initiatives

urlpatterns = [
    path("initiatives/", initiatives.initiative_list, name="initiative_list"),
    path("initiatives/new/", work.initiative_start, name="initiative_start"),
    path("initiatives/new/quick/", quick.initiative_quick, name="initiative_new_quick"),
    path("initiatives/new/similar/", similar.initiative_similar, name="initiative_similar"),
    path("initiatives/<slug:key>/quick/undo/", quick.initiative_quick_undo, name="initiative_quick_undo"),
    path("teams/<slug:key>/initiatives/new/", work.initiative_new, name="initiative_new"),
    path("initiatives/<slug:key>/", initiatives.initiative_detail, name="initiative_detail"),
    path("initiatives/<slug:key>/edit/", work.initiative_edit, name="initiative_edit"),
    path("initiatives/<slug:key>/kind/", work.initiative_kind, name="initiative_kind"),
    path("initiatives/<slug:key>/status/", work.initiative_status, name="initiative_status"),
    path("initiatives/<slug:key>/confirmation/", work.initiative_confirmation, name="initiative_confirmation"),
    path("initiatives/<slug:key>/removal/", removal.initiative_removal, name="initiative_removal"),
    path("removed-initiatives/<int:pk>/restoration/", removal.initiative_restoration, name="initiative_restoration"),
    path("initiatives/<slug:key>/undo/", work.initiative_undo, name="initiative_undo"),
]
