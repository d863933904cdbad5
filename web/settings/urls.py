from __future__ import annotations

from django.urls import path

from web.settings.views import settings, settings_reversal

urlpatterns = [
    path("settings/", settings, name="settings"),
    path("settings/reversal/", settings_reversal, name="settings_reversal"),
]
