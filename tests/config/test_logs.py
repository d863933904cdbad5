"""What a line of the log holds, and what it never does."""

import io
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from hypothesis import given
from hypothesis import strategies as st

from config import celery, logs
from config.middleware import RequestLog
from config.urls import urlpatterns as ours
from tests import factories as make

Lines = Callable[[], list[dict[str, Any]]]


def fails(_request: object, token: str) -> HttpResponse:
    raise ValueError(f"{len(token)} ann@example.com is not welcome")


urlpatterns = [*ours, path("fails/<str:token>/", fails)]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that is logged, as production writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter("json"))
    handler.addFilter(logs.Context())
    root, own = logging.getLogger(), logging.getLogger("throughline")
    before = own.level
    root.addHandler(handler)
    own.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    own.setLevel(before)


@pytest.fixture
def own_routes(settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.django_db
def test_request_is_one_line_with_its_route_and_the_person(client: Client, lines: Lines) -> None:
    member = make.PersonFactory()
    client.force_login(member)
    response = client.get(f"{reverse('person_list')}?q=Ann", headers={"X-Request-ID": "from-the-proxy.1"})
    (line,) = lines()
    assert response["X-Request-ID"] == line["request_id"] == "from-the-proxy.1"
    assert line["message"] == f"GET people/ 200 in {line['ms']} ms"
    assert (line["level"], line["logger"], line["route"]) == ("INFO", "throughline.request", "people/")
    assert line["person"] == str(member.pk)
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64])
def test_request_id_that_is_well_formed_is_kept(given: str) -> None:
    assert logs.request_id(given, "made") == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "id\u00e9", 'a"}', "a/b"])
def test_malformed_request_id_is_replaced(given: str) -> None:
    assert logs.request_id(given, "made") == "made"


@pytest.mark.django_db
def test_each_request_without_an_id_gets_its_own(client: Client) -> None:
    ids = {client.get(reverse("account_login"))["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("own_routes")
def test_failure_has_its_stack_and_neither_token_nor_address(lines: Lines) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make.PersonFactory())
    assert client.get("/fails/a-token/?q=secret").status_code == 500
    failure, request = lines()
    assert (failure["level"], failure["message"]) == ("ERROR", "Internal Server Error: fails/<str:token>/")
    assert "in fails" in failure["stack"]
    assert "(withheld) is not welcome" in failure["stack"]
    assert request["request_id"] == failure["request_id"]
    said = json.dumps([failure, request])
    assert not [word for word in ("a-token", "secret", "ann@") if word in said]


def test_database_that_is_away_is_logged_without_being_asked_again(lines: Lines) -> None:
    """A test without a database: who asks it is told off."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert client.get(reverse("person_list")).status_code == 500
    failure, request = lines()
    assert "Database access not allowed" in failure["stack"]
    assert (request["status"], "person" in request) == (500, False)


@pytest.mark.django_db
def test_missing_page_is_its_request_alone(client: Client, lines: Lines) -> None:
    client.force_login(make.PersonFactory())
    client.get("/there-is-no-ann/")
    (line,) = lines()
    assert (line["route"], line["status"]) == ("(no page)", 404)
    assert "ann" not in line["message"]


@pytest.mark.django_db
def test_slow_request_is_a_warning(client: Client, lines: Lines, settings) -> None:
    settings.SLOW_REQUEST_SECONDS = 0
    client.get(reverse("account_login"))
    (line,) = lines()
    assert line["level"] == "WARNING"
    assert line["message"].startswith("slow: GET accounts/login/ 200 in ")


def test_probes_and_files_are_not_logged(client: Client, lines: Lines) -> None:
    client.get("/healthz")
    RequestLog(lambda _request: HttpResponse())(RequestFactory().get("/static/css/tokens.css"))
    assert lines() == []


@pytest.mark.parametrize(("seconds", "level"), [(0.999, "INFO"), (1.0, "WARNING"), (1.5, "WARNING")])
def test_request_is_slow_from_a_second_on(
    seconds: float, level: str, lines: Lines, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SLOW_REQUEST_SECONDS = 1.0
    clock = iter([5.0, 5.0 + seconds])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    RequestLog(lambda _request: HttpResponse(status=204))(RequestFactory().put("/teams/"))
    (line,) = lines()
    assert (line["level"], line["ms"], line["status"], line["method"]) == (level, round(seconds * 1000), 204, "PUT")


@pytest.mark.parametrize(
    ("style", "level", "root", "own"),
    [
        ("json", "debug", "DEBUG", "DEBUG"),
        ("json", "info", "WARNING", "INFO"),
        ("text", "warning", "WARNING", "WARNING"),
        ("text", "error", "ERROR", "ERROR"),
    ],
)
def test_libraries_say_less_than_we_do(style: str, level: str, root: str, own: str) -> None:
    found = logs.settings(style, level)
    assert (found["root"]["level"], found["loggers"]["throughline"]["level"]) == (root, own)
    assert found["handlers"]["console"]["filters"] == ["context"]
    assert found["formatters"]["line"]["style"] == style
    assert found["loggers"]["django.request"]["level"] == "ERROR"
    assert found["loggers"]["django.security.DisallowedHost"]["level"] == "CRITICAL"
    assert found["loggers"]["django"]["handlers"] == []


def test_what_is_logged_while_a_request_is_answered_names_it(lines: Lines) -> None:
    def view(_request: object) -> HttpResponse:
        logging.getLogger("throughline.test").warning("inside")
        return HttpResponse()

    response = RequestLog(view)(RequestFactory().get("/"))
    logging.getLogger("throughline.test").warning("outside")
    inside, _, outside = lines()
    assert inside["request_id"] == response["X-Request-ID"]
    assert "request_id" not in outside


def test_task_is_one_line_and_names_what_is_logged_inside(lines: Lines) -> None:
    @celery.app.task(name="test.speaks")
    def speaks() -> None:
        logging.getLogger("throughline.test").warning("inside")

    speaks.apply(task_id="task-1")
    logging.getLogger("throughline.test").warning("outside")
    inside, task, outside = lines()
    assert (inside["task"], inside["task_id"]) == (task["task"], task["task_id"]) == ("test.speaks", "task-1")
    assert task["message"] == f"test.speaks success in {task['ms']} ms"
    assert "task_id" not in outside


def test_task_that_fails_has_its_stack(lines: Lines) -> None:
    @celery.app.task(name="test.fails")
    def fails() -> None:
        raise ValueError("why")

    fails.apply(task_id="task-2")
    failure, task = lines()
    assert (failure["level"], failure["task_id"]) == ("ERROR", "task-2")
    assert "ValueError: why" in failure["stack"]
    assert task["state"] == "failure"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sent to ann.lee+x@example.co.uk, once", "sent to (withheld), once"),
        ("redis://user:hunter2@cache:6379/0", "redis://(withheld):6379/0"),
        ("duplicate key\nDETAIL:  Key (name)=(Ann) already exists.\nQUERY", "duplicate key\nQUERY"),
        ("bad\nCONTEXT:  COPY raw_people, line 1: \"Ann\"", "bad\n"),
        ("bad\nCONTEXT:  PL/pgSQL function f() line 3", "bad\nCONTEXT:  PL/pgSQL function f() line 3"),
        ("{'ann@example.com': (550, b'no')}", "{'(withheld)': (550, b'no')}"),
    ],
)  # fmt: skip
def test_texts_are_rid_of_people_and_passwords(text: str, said: str) -> None:
    assert logs.clean(text) == said


@given(st.text("ab@:/ =.,<", max_size=40))
def test_addresses_are_found_as_if_they_were_looked_for_from_each_letter(text: str) -> None:
    plain = re.sub(r"[^\s@<>'\"=,;()\[\]{}/:]+(?::[^\s@/]*)?@[\w.-]+", "(withheld)", text)

    assert logs.clean(text) == plain


@pytest.mark.parametrize("text", ["a" * 60_000, "a:" * 3_000, "%00" * 20_000, "a" * 60_000 + "@"])
def test_long_texts_without_an_address_stay_as_they_are(text: str) -> None:
    """Each would take minutes if it were looked through from each of its letters."""
    assert logs.clean(text) == text


@pytest.mark.parametrize(("name", "said"), [("request_id", "(r-1)"), ("task_id", "(r-1)"), ("other", "went wrong")])
def test_readable_line_ends_with_where_it_happened(name: str, said: str) -> None:
    record = logging.LogRecord("throughline.test", logging.WARNING, "", 0, "went %s", ("wrong",), None)
    setattr(record, name, "r-1")
    line = logs.formatter("text").format(record)
    assert "WARNING throughline.test: went wrong" in line
    assert line.endswith(said)


def test_stack_is_in_the_readable_log_too() -> None:
    try:
        int("why")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert "ValueError: invalid literal" in logs.formatter("text").format(record)
