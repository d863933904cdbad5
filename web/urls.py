"""URLs of the pages, by noun."""

from __future__ import annotations

from django.urls import include, path

NOUNS = (
    "home",
    "waiting",
    "flags",
    "links",
    "settings",
    "digests",
    "strategy",
    "editions",
    "amendments",
    "goals",
    "measures",
    "context",
    "decisions",
    "personas",
    "accounts",
    "people",
    "teams",
    "initiatives",
    "support",
    "threads",
    "proposals",
    "typed",
    "history",
    "learnings",
)

urlpatterns = [path("", include(f"web.{noun}.urls")) for noun in NOUNS]
