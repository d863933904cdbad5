"""The lively World, built once a module, and a client for each of its people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from tests.kept import Kept, keep
from tests.pages.world import Lively, build_lively


@pytest.fixture(autouse=True)
def own_cache(own_memory_cache: None) -> None:
    """For every test here."""


@pytest.fixture(scope="module")
def built(whole_module: None) -> Kept[Lively]:
    lively = build_lively()
    return keep(lively, lively.world.people)


@pytest.fixture
def lively(built: Kept[Lively], db: None) -> Lively:
    return built.copy()


@pytest.fixture
def client_of(built: Kept[Lively], db: None) -> Callable[[str], Client]:
    """A client that checks for cross-site requests, signed in as this person; `anonymous` is nobody."""
    return partial(built.client, enforce_csrf_checks=True)
