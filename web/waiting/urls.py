from __future__ import annotations

from django.urls import path

from web.waiting.views import waiting_list

urlpatterns = [
    path("waiting/", waiting_list, name="waiting_list"),
]
