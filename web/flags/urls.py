from __future__ import annotations

from django.urls import path

from web.flags.snoozing import flag_snooze, flag_waking
from web.flags.views import flag_list

urlpatterns = [
    path("flags/", flag_list, name="flag_list"),
    path("flags/<int:pk>/snooze/", flag_snooze, name="flag_snooze"),
    path("flags/<int:pk>/waking/", flag_waking, name="flag_waking"),
]
