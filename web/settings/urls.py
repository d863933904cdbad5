from __future__ import annotations

from django.urls import path

from web.settings.company import company_settings
from web.settings.stances import stance_range
from web.settings.views import settings, settings_undo

urlpatterns = [
    path("settings/", settings, name="settings"),
    path("settings/company/", company_settings, name="company_settings"),
    path("settings/stances/<slug:stance>/", stance_range, name="stance_range"),
    path("settings/undo/", settings_undo, name="settings_undo"),
]
