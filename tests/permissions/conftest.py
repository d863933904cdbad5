"""The World, and a client for each role."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client

from tests.permissions.table import World, build_world
from tests.strategy.conftest import signed_in

Apart = Callable[[], AbstractContextManager[World]]


@pytest.fixture(autouse=True)
def own_cache(settings, request):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.nodeid}
    }


@dataclass(frozen=True)
class Built:
    world: bytes
    """Pickled, which is quicker to copy."""
    cookies: dict[str, SimpleCookie]
    """Of each of the world's people, signed in."""

    def copy(self) -> World:
        copied: World = pickle.loads(self.world)  # noqa: S301 -- our own
        return copied


@pytest.fixture(scope="module")
def built(whole_module: None) -> Built:
    world = build_world()
    cookies = {who: signed_in(person).cookies for who, person in world.people.items()}
    return Built(pickle.dumps(world), cookies)


@pytest.fixture
def world(built: Built, db: None) -> World:
    return built.copy()


@pytest.fixture
def apart(built: Built, db: None) -> Apart:
    """The World as it was made, each time anew: what is done to it inside is undone."""

    @contextmanager
    def one() -> Iterator[World]:
        with transaction.atomic():
            yield built.copy()
            transaction.set_rollback(True)

    return one


@pytest.fixture
def client_of(built: Built) -> Callable[[str], Client]:
    """A client signed in as this person of the World; `anonymous` is nobody."""

    def client(who: str) -> Client:
        client = Client(raise_request_exception=True)
        if who != "anonymous":
            client.cookies = copy.deepcopy(built.cookies[who])
        return client

    return client
