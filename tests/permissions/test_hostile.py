"""What no person's browser sends, to every address: it is refused, or read as far as it can be; it is never a fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db.models import Model
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch, reverse

from lib.admin import site
from tests.permissions.table import ROWS, Row

pytestmark = pytest.mark.slow

VALUES = ("a\x00b", "9" * 40, "-1", "1e999", "é" * 4000, "//[example.com")
RAW = "q=%ED%A0%80&after=%FF&%C0%80=%u0041&&==&%00=1&to[]=1&team[b]=2"
ALWAYS = ("q", "after", "next", "version")
HEADERS: tuple[dict[str, str], ...] = (
    {"Accept": "x/y;q=z, */"},
    {"Accept": "application/" + "a" * 3000},
    {"Accept-Language": "xx-" + "y" * 600},
    {"Accept-Encoding": "gzip;q=9, br;q=é"},
    {"Cookie": "sessionid=\x01; messages=garbage; csrftoken=é"},
    {"If-Modified-Since": "yesterday", "If-None-Match": '"'},
    {"Range": "bytes=9-1"},
    {"X-Forwarded-For": "not an address, ,", "X-Request-ID": "\t" * 80},
    {"HX-Request": "true", "HX-Current-URL": "http://[", "HX-Target": "\x7f"},
    {"Host": "localhost:99999"},
)
PART = b'--x\r\nContent-Disposition: form-data; name="a"'
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded; charset=latin-1", b"login=%E9"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"login=a"),
    ("application/x-www-form-urlencoded; charset=zlib_codec", b"login=a"),
    ("multipart/form-data; boundary=x; charset=undefined", PART + b"\r\n\r\nb\r\n--x--"),
    ("multipart/form-data; boundary=x; charset=idna", PART + b"\r\n\r\nb\xe9\r\n--x--"),
    ("multipart/form-data", b"--x"),
    ("multipart/form-data; boundary=", b"--x"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data; boundary=x", PART + b'; filename="b\x00"\r\n\r\nc\r\n--x--'),
    ("multipart/form-data; boundary=x", PART + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n--x--"),
    ("application/json; charset=utf-16", b"\xff\xfe{"),
    ("application/json", b"[" * 5000),
    ("garbage", b"a\xff"),
    ("", b"a=%00"),
)
BY_NAME = {row.name: row for row in ROWS}
ADMIN_NAMES = ("q", "p", "o", "e", "all", "id", "id__exact", "pk", "_popup", "_to_field", "_changelist_filters")
LOOKUPS = ("", "__in", "__gte")
FIRST_OF_KIND = {
    type(field): field for model in reversed(list(site._registry)) for field in reversed(model._meta.concrete_fields)
}
"""Of each kind of field one: the admin reads its parameters by the kind."""


@pytest.fixture
def client(client_of) -> Client:
    """An administrator, to whom a fault would be shown as a page."""
    client: Client = client_of("admin")
    client.raise_request_exception = False
    return client


def faults(client: Client, addresses: Iterable[str]) -> list[str]:
    return [address[:120] for address in addresses if client.get(address).status_code >= 500]


class Watched(QueryDict):
    """Notes the parameters that a page asks for."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().getlist(name, default)


def asked_by(client: Client, address: str) -> list[str]:
    """The parameters that the page asks for, and those in its own links and forms. What is no fault alone may be one
    beside others, so some are sent: first none that is known, then all that were asked for."""
    asked: set[str] = set()
    with mock.patch.object(WSGIRequest, "GET", property(lambda request: Watched(request.environ["QUERY_STRING"]))):
        for query in (RAW, urlencode(dict.fromkeys(ALWAYS, "1"))):
            Watched.asked = set()
            response = client.get(f"{address}?{query}")
            assert response.status_code < 500, query
            asked |= Watched.asked
    page = b"" if response.streaming else response.content
    return sorted({*filter(None, asked), *re.findall(r"[?;&]([\w.]+)=", page.decode(errors="replace"))})


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_parameters_of_an_address_are_no_fault(name: str, apart, client):
    """All at once, and each of its own alone, as the first that is refused hides the others."""
    with apart() as world:
        address = reverse(name, kwargs=BY_NAME[name].args(world))
        names = asked_by(client, address)
        at_once = (urlencode(dict.fromkeys(names, value)) for value in VALUES)
        alone = (f"{each}=a%00b" for each in names)
        assert faults(client, (f"{address}?{query}" for query in (*at_once, *alone) if names)) == []


@pytest.mark.parametrize("model", site._registry, ids=str)
def test_parameters_of_admin_are_no_fault(model: type[Model], apart, client):
    with apart():
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        lookups = [f"{field.name}{how}" for field in FIRST_OF_KIND.values() if field.model is model for how in LOOKUPS]
        at_once = (urlencode(dict.fromkeys(ADMIN_NAMES, value)) for value in VALUES)
        alone = (f"{each}=a%00b" for each in lookups)
        assert faults(client, (f"{address}?{query}" for query in (*at_once, RAW, *alone))) == []
        assert faults(client, [f"{address}{part}/change/" for part in ("%00", "9" * 40, "_5F", "é", "1_00")]) == []


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_parts_of_an_address_are_no_fault(name: str, apart, client):
    with apart() as world:
        given = BY_NAME[name].args(world)
        for part in given:
            for value in ("a\x00b", "9" * 19, "9" * 40, "é" * 300):
                try:
                    address = reverse(name, kwargs=given | {part: value})
                except NoReverseMatch:
                    continue
                for method in ("get", "post"):
                    assert getattr(client, method)(address).status_code < 500, (part, value[:40])


POSTED = [row for row in ROWS if row.method in {"post", "put", "patch", "delete"}]


@pytest.mark.parametrize("row", POSTED, ids=str)
def test_what_is_posted_is_no_fault(row: Row, apart, client):
    for value in VALUES:
        with apart() as world:
            address, data = reverse(row.name, kwargs=row.args(world)), row.data(world) or {}
            assert client.post(address, dict.fromkeys([*data, "version", "next"], value)).status_code < 500, value[:40]
            for each in data if value == VALUES[0] else ():
                assert client.post(address, {**data, each: value}).status_code < 500, (each, value[:40])


FORMS = ("account_login", "team_new", "team_list", "api_team_list")


@pytest.mark.parametrize("role", ["anonymous", "admin"])
@pytest.mark.parametrize("name", FORMS)
def test_bodies_that_are_no_form_are_no_fault(name: str, role: str, client_of):
    client = client_of(role)
    client.raise_request_exception = False
    for kind, body in BODIES:
        assert client.generic("POST", reverse(name), body, content_type=kind).status_code < 500, kind


@pytest.mark.parametrize("name", FORMS)
def test_headers_are_no_fault(name: str, client):
    for headers in HEADERS:
        assert client.get(reverse(name), headers=headers).status_code < 500, headers
