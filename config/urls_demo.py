"""The URL conf of the demo (DEMO=1): its own URLs and all others."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as ordinary

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [path("", include("demo.urls")), *ordinary]
