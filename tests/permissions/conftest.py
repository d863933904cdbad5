"""The World, and a client for each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import transaction
from django.test import Client

from tests.kept import Kept, keep
from tests.permissions.table import World, build_world

Apart = Callable[[], AbstractContextManager[World]]


@pytest.fixture(autouse=True)
def own_cache(own_memory_cache: None) -> None:
    """For every test here."""


@pytest.fixture(scope="module")
def built(whole_module: None) -> Kept[World]:
    world = build_world()
    return keep(world, world.people)


@pytest.fixture
def world(built: Kept[World], db: None) -> World:
    return built.copy()


@pytest.fixture
def apart(built: Kept[World], db: None) -> Apart:
    """The World as it was made, each time anew: what is done to it inside is undone."""

    @contextmanager
    def one() -> Iterator[World]:
        with transaction.atomic():
            yield built.copy()
            transaction.set_rollback(True)

    return one


@pytest.fixture
def client_of(built: Kept[World]) -> Callable[[str], Client]:
    """A client signed in as this person of the World; `anonymous` is nobody."""
    return built.client
