"""URLs that exist only with DEMO=1."""

from __future__ import annotations

from django.urls import path

from demo.views.design import design
from demo.views.path import guided_path
from demo.views.personas import persona

urlpatterns = [
    path("demo/", guided_path, name="demo_path"),
    path("demo/personas/<slug:role>/", persona, name="demo_persona"),
    path("design/", design, name="demo_design"),
]
