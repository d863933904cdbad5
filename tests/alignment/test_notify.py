"""Waking a worker: nobody waits for Redis, one message serves many, and none is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import OperationalError
from kombu.exceptions import OperationalError as BrokerError

from alignment import tasks
from alignment.refresh import nightly, waiting
from alignment.refresh.notify import TASK
from config.celery import SWEPT, Sweep, app
from config.devserver.waiting import wait_until
from lib.programs import waking
from lib.programs.waking import Waker


class Broker:
    """In the place of Celery's app: `answer` is what happens to a message before it is `sent`."""

    def __init__(self, answer: Callable[[], None]) -> None:
        self.sent: list[str] = []
        self._answer = answer

    def send_task(self, name: str, **_options: Any) -> None:
        self._answer()
        self.sent.append(name)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "PAUSE", 0.01)
    monkeypatch.setattr(waking, "RETRY_AFTER", 0.01)


@pytest.fixture
def queue() -> Iterator[Callable[[], int]]:
    """How many messages wait in Redis for a worker."""
    client = redis.from_url(settings.REDIS_URL)
    key = f"{settings.REDIS_PREFIX}.{settings.CELERY_TASK_DEFAULT_QUEUE}"
    client.delete(key)
    yield lambda: int(client.llen(key))
    client.delete(key)


def test_many_edits_wake_a_worker_few_times(queue, monkeypatch):
    monkeypatch.setattr(waking, "PAUSE", 60)
    waker = Waker()
    for _ in range(1_000):
        waker.wake(TASK)

    assert wait_until(lambda: queue() == 1, 10)
    waker.wake(TASK)
    assert queue() == 1


def test_what_is_asked_for_while_a_message_is_on_its_way_gets_one_more():
    """Redis is frozen: whoever asks goes on."""
    underway, thawed = threading.Event(), threading.Event()

    def wait() -> None:
        underway.set()
        thawed.wait(10)

    broker = Broker(wait)
    waker = Waker(broker)
    waker.wake(TASK)
    assert underway.wait(10)
    for _ in range(100):
        waker.wake(TASK)
    assert broker.sent == []

    thawed.set()

    assert wait_until(lambda: len(broker.sent) >= 2, 10)
    assert not wait_until(lambda: len(broker.sent) > 2, 0.2)


def test_each_task_gets_a_message_of_its_own():
    broker = Broker(lambda: None)
    waker = Waker(broker)
    for task in ("one", "other", "one"):
        waker.wake(task)

    assert wait_until(lambda: {*broker.sent} == {"one", "other"}, 10)


def test_a_message_that_was_not_taken_is_sent_again_and_said_once(caplog):
    refusals = [BrokerError("no"), ConnectionRefusedError("no"), BrokerError("no")]

    def refuse() -> None:
        if refusals:
            raise refusals.pop()

    broker = Broker(refuse)
    Waker(broker).wake(TASK)

    assert wait_until(lambda: broker.sent == [TASK], 10)
    assert len([line for line in caplog.messages if "no worker can be woken" in line]) == 1


def test_a_thread_that_died_is_replaced():
    broker = Broker(lambda: None)
    waker = Waker(broker)
    waker._process, waker._thread = 1, threading.current_thread()  # as after a fork

    waker.wake(TASK)

    assert wait_until(lambda: broker.sent == [TASK], 10)


def test_tasks_go_by_their_names_and_come_again_after_a_kill():
    app.loader.import_default_modules()
    names = {TASK, "alignment.recompute_when_stale", "digest.send_due_digests", "digest.send_due_turn_mails"}
    mails = {f"accounts.send_{what}" for what in ("resets", "invitations", "address_notices")}
    assert {*SWEPT} == {*names, *mails, "config.note_worker"}
    mailing = {"digest.build_digests", "digest.send_digests", "accounts.send_resets"}
    for name in (*names, *mailing, "accounts.clear_expired_sessions"):
        task: Any = app.tasks[name]
        assert task.acks_late
        assert task.reject_on_worker_lost
        assert task.ignore_result
        assert OperationalError in task.autoretry_for
    limit = app.conf.task_time_limit
    assert 0 < app.conf.task_soft_time_limit < limit < app.conf.broker_transport_options["visibility_timeout"]


def test_beat_sweeps_each_minute():
    schedules = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert {task: schedules[task] for task in SWEPT} == dict.fromkeys(SWEPT, 60.0)


def test_no_message_is_thrown_away_where_clocks_are_minutes_apart():
    ten_minutes = 600
    assert ten_minutes + 60 < settings.TASK_EXPIRES
    assert {entry["options"]["expires"] for entry in app.conf.beat_schedule.values()} == {settings.TASK_EXPIRES}


def test_digests_and_invitations_have_a_queue_of_their_own_and_a_worker_takes_from_both():
    client = redis.from_url(settings.REDIS_URL)
    keys = {
        name: f"{settings.REDIS_PREFIX}.{name}" for name in (settings.CELERY_TASK_DEFAULT_QUEUE, settings.DIGESTS_QUEUE)
    }
    client.delete(*keys.values())
    for name in ("digest.build_digests", "digest.send_digests", *SWEPT):
        app.send_task(name, retry=False)
    waiting = {name: client.llen(key) for name, key in keys.items()}
    client.delete(*keys.values())

    assert waiting == {settings.CELERY_TASK_DEFAULT_QUEUE: len(SWEPT) - 1, settings.DIGESTS_QUEUE: 3}
    assert app.amqp.queues.consume_from.keys() == keys.keys()


@pytest.mark.parametrize(
    ("task", "module", "service", "answer"),
    [
        (tasks.refresh_waiting, waiting, "refresh_waiting", 7),
        (tasks.recompute_when_stale, nightly, "recompute_when_stale", True),
    ],
)
def test_a_task_waits_for_a_database_that_is_away(task, module, service, answer, monkeypatch):
    away = [OperationalError("server closed the connection"), OperationalError("the database system is starting up")]

    def do(**_given: Any) -> object:
        if away:
            raise away.pop()
        return answer

    monkeypatch.setattr(module, service, do)

    assert task.apply().get() == answer
    assert not away


def test_a_worker_that_has_its_broker_back_sweeps():
    assert Sweep in app.steps["consumer"]
    broker = Broker(lambda: None)

    Sweep(parent_of(broker)).start(parent_of(broker))

    assert broker.sent == list(SWEPT)


def test_a_worker_whose_broker_goes_again_meanwhile_goes_on(caplog):
    def refuse() -> None:
        raise BrokerError("no")

    parent = parent_of(Broker(refuse))

    Sweep(parent).start(parent)

    assert "no sweep could be asked for" in caplog.text


def parent_of(broker: Broker) -> Any:
    return type("Consumer", (), {"app": broker})()
