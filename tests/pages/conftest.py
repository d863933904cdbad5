"""The lively World, built once a module, and a client for each of its people."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.test import Client

from tests.pages.world import Lively, build_lively
from tests.strategy.conftest import signed_in


@pytest.fixture(autouse=True)
def own_cache(settings, request):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.nodeid}
    }


@dataclass(frozen=True)
class Built:
    lively: Lively
    cookies: dict[str, SimpleCookie]


@pytest.fixture(scope="module")
def built(whole_module: None) -> Built:
    lively = build_lively()
    return Built(lively, {who: signed_in(person).cookies for who, person in lively.world.people.items()})


@pytest.fixture
def lively(built: Built, db: None) -> Lively:
    return copy.deepcopy(built.lively)


@pytest.fixture
def client_of(lively: Lively, built: Built) -> Callable[[str], Client]:
    """A client that checks for cross-site requests, signed in as this person; `anonymous` is nobody."""

    def client(who: str) -> Client:
        client = Client(enforce_csrf_checks=True)
        if who != "anonymous":
            client.cookies = copy.deepcopy(built.cookies[who])
        return client

    return client
