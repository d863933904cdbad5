"""The World, and a client for each role."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.test import Client

from tests.permissions.table import World, build_world
from tests.strategy.conftest import signed_in


@pytest.fixture(autouse=True)
def own_cache(settings, request):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.nodeid}
    }


@dataclass(frozen=True)
class Built:
    world: World
    cookies: dict[str, SimpleCookie]
    """Of each of the world's people, signed in."""


@pytest.fixture(scope="module")
def built(whole_module: None) -> Built:
    world = build_world()
    return Built(world, {who: signed_in(person).cookies for who, person in world.people.items()})


@pytest.fixture
def world(built: Built, db: None) -> World:
    return copy.deepcopy(built.world)


@pytest.fixture
def client_of(world: World, built: Built) -> Callable[[str], Client]:
    """A client signed in as this person of the World; `anonymous` is nobody."""

    def client(who: str) -> Client:
        client = Client(raise_request_exception=True)
        if who != "anonymous":
            client.cookies = copy.deepcopy(built.cookies[who])
        return client

    return client
