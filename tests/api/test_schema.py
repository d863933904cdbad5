"""The OpenAPI document, and the API held against it."""

from __future__ import annotations

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode

from config.wsgi import application
from tests.examples import examples

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("company")]
EXAMPLES = examples(6)
RESOURCES = ("context", "decisions", "teams", "goals", "measures", "threads", "initiatives")
PATHS = (
    "/api/v1/alignment/report/",
    "/api/v1/alignment/history/",
    *(f"/api/v1/{name}/" for name in RESOURCES),
    *(f"/api/v1/{name}/{{key}}/" for name in RESOURCES),
    "/api/v1/strategies/{key}/amendment/",
    *("/api/v1/strategies/{key}/editions/", "/api/v1/strategies/{key}/editions/{number}/"),
)


@pytest.fixture
def document(signed_in):
    return signed_in("viewer").get("/api/schema/").json()


@pytest.fixture
def session(signed_in):
    """The cookie of somebody signed in."""
    return {settings.SESSION_COOKIE_NAME: signed_in("member").cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.fixture
def api_schema(document, session):
    """Requests stay in the test's transaction. The test client connects the signals again, so it comes before."""
    for operations in document["paths"].values():
        del operations["get"]["security"]  # all are signed in here; test_problems.py has those who are not
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_document_is_openapi_3_1_and_lists_every_address(document):
    validate_schema(document)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == set(PATHS)


def test_document_comes_as_yaml_where_that_is_asked_for(signed_in):
    response = signed_in("viewer").get("/api/schema/", headers={"accept": "application/yaml"})
    assert response.content.startswith(b"openapi: 3.1.0\n")


def test_document_names_the_session_and_the_filters(document):
    assert document["components"]["securitySchemes"]["session"]["name"] == settings.SESSION_COOKIE_NAME
    teams = document["paths"]["/api/v1/teams/"]["get"]
    assert {parameter["name"] for parameter in teams["parameters"]} == {
        *(
            "cursor",
            "page_size",
            "search",
            "key",
            "name",
            "parent",
            "mission_goals",
            "personas",
            "stance",
            "stance_reason",
        ),
        *("stance_until", "stance_until__gte", "stance_until__lte"),
        *("archived_on", "archived_on__gte", "archived_on__lte"),
    }
    assert set(teams["responses"]) == {"200", "400", "401", "405", "406"}


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", PATHS)
def test_api_does_what_the_document_says(path, mode, api_schema, session):
    """Whatever the document allows is answered as it says, and whatever it forbids is refused."""

    @given(case=api_schema[path]["GET"].as_strategy(generation_mode=mode))
    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def holds(case):
        case.query.pop("cursor", None)  # not to be made up
        case.call_and_validate(cookies=session, headers={"Accept-Encoding": "identity"})  # it does not unpack

    holds()
