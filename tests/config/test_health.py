"""`/healthz` and `/readyz`: what they ask, and whom they answer."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import celery, health
from config.tasks import note_worker

WELL = {"database": True, "redis": True, "migrations": True, "worker": True}


@pytest.fixture
def redis() -> Iterator[Redis]:
    """The Redis of the test run, in which no worker was seen."""
    with Redis.from_url(django_settings.REDIS_URL) as server:
        server.delete(f"{django_settings.REDIS_PREFIX}.worker-seen")
        yield server


def ready(client: Client) -> tuple[int, dict[str, bool]]:
    """The status, and each part."""
    response = client.get("/readyz")
    assert response.json()["ready"] is (response.status_code == 200)
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()["checks"]


def test_alive_asks_nothing(client: Client) -> None:
    """A database that was asked would fail the test, which may not use one."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"alive": True})
    assert response.cookies == {}


@pytest.mark.django_db
def test_ready_when_all_is_well(
    client: Client, redis: Redis, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    note_worker.apply().get()
    with django_assert_num_queries(3):
        assert ready(client) == (200, WELL)


@pytest.mark.django_db
def test_worker_that_was_not_seen_for_three_sweeps_is_missing(
    client: Client, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    assert ready(client) == (503, {**WELL, "worker": False})
    assert [(record.name, record.levelname) for record in caplog.records] == [("throughline.health", "WARNING")] * 2
    assert "not ready: worker" in caplog.text
    health.note_worker()
    key = f"{django_settings.REDIS_PREFIX}.worker-seen"
    assert 0 < redis.pttl(key) <= 180_000
    redis.pexpire(key, 1)
    while redis.exists(key):
        pass
    assert ready(client) == (503, {**WELL, "worker": False})


def test_every_sweep_notes_the_worker() -> None:
    sweeps = {entry["task"]: entry["schedule"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert sweeps["config.note_worker"] == 60.0
    assert "config.note_worker" in celery.SWEPT


@pytest.mark.django_db
def test_redis_that_is_away_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Redis(unix_socket_path="/nowhere/valkey.sock", retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(health, "_redis", lambda: away)
    assert ready(client) == (503, {**WELL, "redis": False, "worker": False})


@pytest.mark.django_db
def test_database_that_is_away_is_said_without_its_address(
    client: Client, redis: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("connection to server at db.internal failed")

    health.note_worker()
    monkeypatch.setattr(connection, "ensure_connection", away)
    assert ready(client) == (503, {**WELL, "database": False, "migrations": False})
    assert b"internal" not in client.get("/readyz").content
    assert "db.internal" in caplog.text


@pytest.mark.django_db
def test_missing_migration_is_said(client: Client, redis: Redis) -> None:
    health.note_worker()
    latest = MigrationRecorder(connection).migration_qs.filter(app="alignment").latest("id")
    latest.delete()
    assert ready(client) == (503, {**WELL, "migrations": False})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_answer_by_any_name_and_without_tls(client: Client, redis: Redis, settings, path: str) -> None:
    health.note_worker()
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["tl.example.com"], True
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
    assert client.get("/accounts/login/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.django_db
def test_not_ready_says_in_the_log_why(client: Client, redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="alignment").latest("id").delete()
    client.get("/readyz")
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "the database is behind this release; `manage.py migrate` is missing",
        "no worker was seen for 180 seconds",
        "not ready: migrations, worker",
    ]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_redis_is_not_waited_for_longer_than_a_second() -> None:
    health._redis.cache_clear()
    options = health._redis().connection_pool.connection_kwargs
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (1.0, 1.0)
    assert options["retry"].get_retries() == 0
