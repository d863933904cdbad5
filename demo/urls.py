"""Addresses that exist with DEMO=1 alone."""

from __future__ import annotations

from django.urls import path

from demo.views.design import design
from demo.views.doors import door
from demo.views.path import guided_path

urlpatterns = [
    path("demo/", guided_path, name="demo_path"),
    path("demo/doors/<slug:role>/", door, name="demo_door"),
    path("design/", design, name="demo_design"),
]
