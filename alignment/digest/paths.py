"""Where letters lead. A letter names some fifty things, most of them named in many others."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=20_000)
def path_of(page: str, *key: str | int) -> str:
    """The path of the page that the URL conf calls `page`, about what `key` names."""
    return reverse(page, args=key)
