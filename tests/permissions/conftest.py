"""The World, and a client for each role."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.permissions.table import build_world


@pytest.fixture(autouse=True)
def own_cache(settings, request):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.nodeid}
    }


@pytest.fixture
def world(db):
    return build_world()


@pytest.fixture
def client_of(world):
    """A client signed in as this person of the World; `anonymous` is nobody."""

    def client(who):
        client = Client(raise_request_exception=True)
        if who != "anonymous":
            client.force_login(world.people[who])
        return client

    return client
