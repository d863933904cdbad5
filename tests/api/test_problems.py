"""Whatever goes wrong is said as RFC 9457 problem details."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.http import Http404
from django.test import Client
from rest_framework.exceptions import MethodNotAllowed, NotFound, PermissionDenied, ValidationError

from api.problems import problem_response
from tests import factories as make

ADDRESSES = (
    "/api/schema/",
    "/api/v1/alignment/report/",
    *(
        f"/api/v1/{name}"
        for name in ("teams/", "teams/crew/", "goals/", "goals/open/", "initiatives/", "initiatives/work/")
    ),
)


def problem(response, status: int) -> dict[str, object]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status
    assert {"type", "title", "detail"} <= set(said)
    return said


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_signed_in_is_a_401_and_no_redirect(address, company):
    response = Client().get(address)
    assert problem(response, 401)["title"] == "Unauthorized"
    assert response["WWW-Authenticate"] == 'Session realm="Throughline"'


def test_somebody_who_has_left_is_a_401(company, signed_in):
    person = make.PersonFactory()
    client = signed_in(person)
    person.is_active = False
    person.save()
    problem(client.get("/api/v1/teams/"), 401)


def test_problem_says_where_each_thing_is_that_is_not_right():
    """A JSON pointer each: sentences in a list are about the field above it, anything else about its own place."""
    error = ValidationError({"a/b~c": ["One.", "Two."], "rows": [{"name": ["Three."]}, {}, ["Four."]], "flat": "Five."})
    response = problem_response(error, {})
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert response.data == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Something in the request is not right; `errors` says what.",
        "errors": [
            {"pointer": "#/a~1b~0c", "detail": "One."},
            {"pointer": "#/a~1b~0c", "detail": "Two."},
            {"pointer": "#/rows/0/name", "detail": "Three."},
            {"pointer": "#/rows/2", "detail": "Four."},
            {"pointer": "#/flat", "detail": "Five."},
        ],
    }


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (Http404("goal 7"), 404, "There is nothing here, or nothing that you may see."),
        (NotFound("goal 7"), 404, "There is nothing here, or nothing that you may see."),
        (PermissionDenied(), 403, "You do not have permission to perform this action."),
        (MethodNotAllowed("PUT"), 405, 'Method "PUT" not allowed.'),
    ],
)
def test_problem_says_no_more_than_it_may(error, status, detail):
    response = problem_response(error, {})
    assert response.data == {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail,
    }  # fmt: skip


def test_error_that_nobody_expected_is_no_problem():
    assert problem_response(ZeroDivisionError(), {}) is None


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_reading_is_allowed(method, address, company, signed_in):
    response = getattr(signed_in("admin"), method)(address)
    problem(response, 405)
    assert response["Allow"] == "GET, HEAD"


def test_write_without_the_token_of_the_pages_is_a_403(company, signed_in):
    client = signed_in("admin")
    client.handler.enforce_csrf_checks = True
    assert "CSRF" in str(problem(client.post("/api/v1/teams/"), 403)["detail"])


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_content(address, company, signed_in):
    response = signed_in("viewer").head(address)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["", "v1/", "v2/teams/", "v1/teams/crew/secrets/", "v1/goals/a%20b/", "v1/goals/%0A/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_address_that_is_not_there_is_a_404(path, method, db):
    assert problem(getattr(Client(), method)(f"/api/{path}"), 404)["title"] == "Not Found"


def test_address_without_its_last_stroke_is_redirected(db):
    assert Client().get("/api/v1/teams").headers["Location"] == "/api/v1/teams/"


@pytest.mark.parametrize("accepted", ["text/html", "application/xml"])
def test_another_media_type_is_a_406(accepted, company, signed_in):
    problem(signed_in("viewer").get("/api/v1/teams/", headers={"accept": accepted}), 406)


@pytest.mark.parametrize("accepted", ["*/*", "application/json", "text/html, */*;q=0.8"])
def test_json_is_what_comes(accepted, company, signed_in):
    response = signed_in("viewer").get("/api/v1/teams/", headers={"accept": accepted})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
