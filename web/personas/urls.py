from __future__ import annotations

from django.urls import path

from web.personas.views import persona_edit, persona_list, persona_new, persona_removal

urlpatterns = [
    path("personas/", persona_list, name="persona_list"),
    path("personas/new/", persona_new, name="persona_new"),
    path("personas/<slug:key>/edit/", persona_edit, name="persona_edit"),
    path("personas/<slug:key>/removal/", persona_removal, name="persona_removal"),
]
