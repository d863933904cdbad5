"""Requests as a signed-in person, with the number of queries and their SQL time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from django.db import connection
from django.test import Client

from teams.models import Person
from tools.bench.report import Row, percentile
from tools.bench.samples import spread

WARM_UP, TRIES, MOST = 2, 3, 2
OK = 200
QUERIES = 12.0
POST_ONLY = 405
NOT_FOR_THEM = {301, 302, 403, POST_ONLY}
"""Statuses that are not a page for this person: a redirect, a refusal, or POST only."""


@dataclass
class Clock:
    """The times of one request's statements, measured by Django's execute_wrapper; it does not see COPY."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.seconds.append(time.perf_counter() - began)


@dataclass(frozen=True)
class Answer:
    address: str
    status: int
    queries: int
    sql: float
    seconds: float
    text: str


@dataclass(frozen=True)
class Reader:
    """A person with a session, the number of requests in a series, and the most that the p95 of their SQL may be."""

    person: Person
    client: Client
    requests: int
    sql_ms: float

    @classmethod
    def signed_in(cls, person: Person, requests: int, sql_ms: float) -> Reader:
        client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        client.force_login(person)
        return cls(person, client, requests, sql_ms)

    @property
    def limits(self) -> dict[str, float]:
        return {"queries": QUERIES, "sql_p95_ms": self.sql_ms}

    def get(self, address: str) -> Answer:
        clock = Clock()
        began = time.perf_counter()
        with connection.execute_wrapper(clock):
            response: Any = self.client.get(address)
        seconds = time.perf_counter() - began
        text = "" if response.streaming else response.content.decode(errors="replace")
        return Answer(address, response.status_code, len(clock.seconds), sum(clock.seconds), seconds, text)

    def series(self, what: str, addresses: Sequence[str], limits: dict[str, float]) -> Row | None:
        """Makes the requests of a series, up to MOST times as many to cover more `addresses`. Beyond its limits it
        takes the best of TRIES, because other load slows it down. Omits pages that are not for this person; None where
        none is.
        """
        for address in islice(cycle(addresses), WARM_UP if self.requests > 1 else 0):
            self.get(address)
        tried: list[Row] = []
        while len(tried) < TRIES and not any(row.ok is not False for row in tried):
            if not (row := self._once(f"{what}, {self.person.role}", addresses, limits)):
                return None
            tried.append(row)
        return min(tried, key=lambda row: (row.ok is False, row.figures.get("sql_p95_ms", 0.0)))

    def _once(self, what: str, addresses: Sequence[str], limits: dict[str, float]) -> Row | None:
        answers = []
        count = max(self.requests, min(len(addresses), MOST * self.requests))
        for address in islice(cycle(spread(addresses, count)), count):
            answer = self.get(address)
            if answer.status in NOT_FOR_THEM:
                continue
            if answer.status != OK:
                return Row("pages", what, problem=f"{answer.status} at {address}")
            answers.append(answer)
        if not answers:
            return None
        slowest = max(answers, key=lambda answer: answer.sql)
        return Row("pages", what, _figures(answers), limits, slowest=slowest.address)


def _figures(answers: list[Answer]) -> dict[str, float]:
    sql = [answer.sql * 1000 for answer in answers]
    return {
        "queries": max(answer.queries for answer in answers),
        "sql_p50_ms": percentile(sql, 50),
        "sql_p95_ms": percentile(sql, 95),
        "page_p50_ms": percentile([answer.seconds * 1000 for answer in answers], 50),
    }
