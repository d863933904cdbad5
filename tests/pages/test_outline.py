"""Headings make an outline on every page, whatever people have written into their texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from strategy.models import ContextPage, Goal, Persona, Strategy
from teams.models import Initiative
from tests.html import parsed
from tests.pages.soundness import outline_faults
from tests.pages.world import Lively
from tests.permissions.table import ROLES, ROWS

pytestmark = pytest.mark.slow

TEXT = "#### Deep\n\nWords.\n\n# Shallow\n\nMore."


def test_headings_make_an_outline_on_every_page(lively: Lively, client_of: Callable[[str], Client]) -> None:
    texts: list[tuple[Any, str]] = [
        *((Strategy, "narrative"), (Goal, "why"), (Initiative, "problem"), (ContextPage, "body"), (Persona, "problem"))
    ]
    for model, name in texts:
        model.objects.update(**{name: TEXT})
    wrong, looked_at = {}, set()
    for row in ROWS:
        role = next((who for who, status in reversed([*zip(ROLES, row.statuses, strict=True)]) if status == 200), None)
        if row.method != "get" or role is None or row.name.startswith(("api_", "admin", "healthz", "readyz", "demo")):
            continue
        address = reverse(row.name, kwargs=row.args(lively.world))
        response = client_of(role).get(address)
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            page = parsed(response)
            looked_at.add(row.name)
            if page.select("main.page") and (found := list(outline_faults(page))):
                wrong[address] = found
    assert wrong == {}
    assert len(looked_at) > 70
