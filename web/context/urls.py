from __future__ import annotations

from django.urls import path

from web.context.editing import context_confirmation, context_edit, context_new, context_removal, context_restoration
from web.context.views import context_detail, context_list

urlpatterns = [
    path("context/", context_list, name="context_list"),
    path("context/new/", context_new, name="context_new"),
    path("context/<slug:key>/", context_detail, name="context_detail"),
    path("context/<slug:key>/edit/", context_edit, name="context_edit"),
    path("context/<slug:key>/confirmation/", context_confirmation, name="context_confirmation"),
    path("context/<slug:key>/removal/", context_removal, name="context_removal"),
    path("removed-context/<int:pk>/restoration/", context_restoration, name="context_restoration"),
]
