from __future__ import annotations

from django.urls import path

from alignment.views.flags import flag_list
from alignment.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("flags/", flag_list, name="flag_list"),
]
