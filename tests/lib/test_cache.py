"""The cache with a Redis that answers, one that is not there, and one that is frozen."""

from __future__ import annotations

import socket
import time

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from lib.http import cache as module
from lib.http.cache import SteadyCache
from tests.factories import PASSWORD, PersonFactory
from tests.html import text_of


@pytest.fixture(autouse=True)
def nothing_is_left_alone(monkeypatch):
    monkeypatch.setattr(module, "_left_alone", {})


@pytest.fixture
def listening():
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def cache_at(port: int) -> SteadyCache:
    return SteadyCache(f"redis://127.0.0.1:{port}/0", settings.CACHES["default"])


def use(port: int, settings) -> None:
    address = f"redis://127.0.0.1:{port}/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": address}}


def test_cache_with_redis_keeps_what_another_process_reads():
    ours = SteadyCache(settings.REDIS_URL, settings.CACHES["default"])
    ours.set("word", "kept", 30)

    assert ours._redis.get("word") == "kept"
    assert ours.delete("word")
    assert ours.get("word") is None


def test_cache_without_redis_remembers_in_this_process(caplog):
    cache = cache_at(closed_port())

    assert cache.add("word", 1)
    assert not cache.add("word", 2)
    assert cache.get("word") == 1
    assert cache.touch("word", 60)
    cache.clear()
    assert cache.get("word", "nothing") == "nothing"
    assert len(caplog.records) == 1


def test_cache_goes_back_to_redis_after_a_while(monkeypatch):
    cache = SteadyCache(settings.REDIS_URL, settings.CACHES["default"])
    monkeypatch.setitem(module._left_alone, settings.REDIS_URL, time.monotonic() + 60)
    cache.set("word", "in this process", 30)
    assert cache._redis.get("word") is None
    monkeypatch.setitem(module._left_alone, settings.REDIS_URL, time.monotonic() - 1)

    assert cache.get("word") is None


def test_one_request_tries_again_while_others_go_on(monkeypatch):
    cache = SteadyCache(settings.REDIS_URL, settings.CACHES["default"])
    monkeypatch.setitem(module._left_alone, settings.REDIS_URL, time.monotonic() - 1)
    others_go_on: list[bool] = []

    cache._through(lambda _cache: others_go_on.append(module._left_alone[settings.REDIS_URL] > time.monotonic()))

    assert others_go_on == [True]
    assert settings.REDIS_URL not in module._left_alone


def test_frozen_redis_is_waited_for_once(listening):
    cache, start = cache_at(listening), time.monotonic()
    for number in range(20):
        cache.set(f"word-{number}", number)

    assert time.monotonic() - start < 4
    assert cache.get("word-19") == 19


def test_redis_that_did_not_answer_is_left_alone_for_ten_seconds(monkeypatch, caplog):
    cache, clock = cache_at(closed_port()), [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    cache.set("word", "ours")
    for instant, asked in ((1_009.9, 1), (1_010.0, 2), (1_019.9, 2), (1_020.1, 3)):
        clock[0] = instant
        assert cache.get("word") == "ours"
        assert len(caplog.records) == asked


def test_redis_that_did_not_answer_leaves_another_one_in_use():
    cache_at(closed_port()).set("word", 1)
    ours = SteadyCache(settings.REDIS_URL, settings.CACHES["default"])
    ours.set("word", "kept", 30)
    assert ours._redis.get("word") == "kept"


@pytest.mark.parametrize("port", ["redis", "nobody"])
def test_cache_does_what_a_cache_does_with_and_without_redis(port):
    cache = SteadyCache(settings.REDIS_URL, settings.CACHES["default"]) if port == "redis" else cache_at(closed_port())
    cache.clear()
    assert cache.get("word") is None
    assert cache.get("word", "nothing") == "nothing"
    assert (cache.add("word", 1, 30), cache.add("word", 2, 30), cache.get("word")) == (True, False, 1)
    cache.set("word", 3, 30, version=2)
    assert (cache.get("word"), cache.get("word", version=2)) == (1, 3)
    assert (cache.touch("word", 30), cache.touch("other", 30)) == (True, False)
    assert (cache.delete("word"), cache.delete("word"), cache.get("word", version=2)) == (True, False, 3)
    cache.set("gone", 1, 0)
    assert cache.get("gone") is None
    cache.clear()
    assert cache.get("word", version=2) is None


def test_keys_of_the_cache_begin_with_the_prefix():
    cache = SteadyCache(settings.REDIS_URL, settings.CACHES["default"])
    assert cache._redis.make_key("word") == f"{settings.REDIS_PREFIX}:1:word"


@pytest.mark.django_db
def test_sign_in_without_redis_works_and_guessing_is_still_limited(settings):
    use(closed_port(), settings)
    person, client, address = PersonFactory(), Client(), reverse("account_login")

    for _attempt in range(6):
        said = text_of(client.post(address, {"login": "guessed@example.com", "password": "wrong"}))
    response = client.post(address, {"login": person.email, "password": PASSWORD})

    assert "Too many attempts" in said
    assert response.status_code == 302
    assert caches["default"].__class__ is SteadyCache
