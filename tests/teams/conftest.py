"""Signed-in clients, and a cache of its own for each test: rate limits are counted in it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import AdminFactory, PersonFactory


@pytest.fixture(autouse=True)
def own_cache(own_memory_cache: None) -> None:
    """For every test here."""


@pytest.fixture
def admin(db):
    return AdminFactory(name="Ada Admin", email="ada@example.com")


@pytest.fixture
def member(db):
    return PersonFactory(name="Mia Member", email="mia@example.com")


@pytest.fixture
def as_admin(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def as_member(member):
    client = Client()
    client.force_login(member)
    return client
