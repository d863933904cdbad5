"""A company whose every text is markup meant to run: no page, search, form or digest makes an element of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.services.invitations import send_invitation
from alignment.enums import FlagCode
from alignment.refresh.recompute import recompute_alignment
from teams.enums import Role
from teams.models import Initiative, Person
from tests.exchange.bundles import AT, COMPANY, TODAY, imported
from tests.factories import PASSWORD
from tests.html import parsed

pytestmark = pytest.mark.slow

LINE = """<evil onerror=alert(1)>"'><evil><script>alert(1)</script>{{ 7|add:7 }}{% now 'Y' %}"""
UNIT = "\"'><evil onclick=a()></td>"
LINES = f"""{LINE}

[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1) "<evil>") [c](data:text/html,<evil>) ![d](https://evil.example/x.png)
<javascript:alert(1)> [e](vbscript:a) [f]: javascript:alert(1) `<evil>`

<evil><a href="javascript:alert(1)" onclick="alert(1)">click</a><style>*{{}}</style><iframe src=evil></iframe>"""
TEXTS = {
    **dict.fromkeys(("name", "title", "stance_reason", "evidence", "ask"), LINE),
    **dict.fromkeys(("problem", "body", "mission", "narrative", "why", "rationale"), LINES),
    "unit": UNIT,
}
PAGES = [
    *("/", "/strategy/", "/strategies/plan/", "/strategies/next/", "/goals/growth/", "/goals/sales/", "/goals/repair/"),
    *("/teams/", "/teams/home/", "/teams/shop/", "/teams/depot/", "/initiatives/?status=any", "/initiatives/checkout/"),
    *("/initiatives/robots/", "/initiatives/?goal=growth&team=home", "/people/", "/flags/", "/accounts/password/"),
    *(f"/strategies/plan/{step}/" for step in ("edit", "archive", "goals/new")),
    *(f"/strategies/next/{step}/" for step in ("edit", "publication", "removal")),
    *("/strategies/plan/editions/", "/strategies/plan/editions/1/", "/strategies/plan/editions/1/changes/"),
    *(f"/goals/growth/{step}/" for step in ("edit", "closure", "position", "goals/new")),
    *("/goals/sales/position/?to=growth", "/teams/home/goals/new/"),
    *(f"/flags/?code={code}" for code in FlagCode),
    *(f"/teams/home/{page}/" for page in ("edit", "position", "removal", "mission", "stance", "personas", "members")),
    *("/teams/new/?parent=home", "/personas/"),
    *("/context/", *(f"/context/who-buys/{step}" for step in ("", "edit/", "removal/"))),
    *("/digests/", "/digests/next/", "/digests/administration/", "/settings/"),
    *(f"/digests/administration/preview/?as={part}" for part in ("leader", "lead", "member")),
]


def dangerous(html: HttpResponseBase | str, *, digest: bool = False) -> list[tuple[str, dict[str, str]]]:
    """The elements that only a text can have made; digests, unlike pages, have styles of their own."""
    found = [(tag.name, {name: str(value) for name, value in tag.attrs.items()}) for tag in parsed(html).find_all(True)]
    assert found
    return [
        (tag, attributes)
        for tag, attributes in found
        if tag in {"evil", "iframe", "object", "embed", "base"}
        or (tag == "style" and not digest)
        or (tag == "script" and not attributes.get("src", "").startswith("/static/"))
        or (tag == "img" and not attributes.get("src", "").startswith("/static/"))
        or any(name.startswith("on") or (name == "style" and not digest) for name in attributes)
        or any(
            attributes.get(name, "").split(":")[0].strip().lower() in {"javascript", "vbscript", "data"}
            for name in ("href", "src", "action", "formaction")
        )
    ]


def poisoned(content: str) -> str:
    """The bundle file with every text replaced."""
    header, *rows = [row.strip() for row in content.strip().splitlines()]
    names = header.split(",")
    told = [
        ",".join(quoted(TEXTS.get(name, cell)) for name, cell in zip(names, row.split(","), strict=True))
        for row in rows
        if row
    ]
    return "\n".join([header, *told]) + "\n"


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '",\n') else cell


@pytest.fixture(scope="module")
def poisoned_company(whole_module):
    bundle = {name: poisoned(content) for name, content in COMPANY.items()}
    imported(bundle | {"company": f"setting,value\nname,{quoted(LINE)}\n"})
    recompute_alignment(as_of=dt.date.fromisoformat(TODAY), at=AT)
    person = Person.objects.get(email="ada@example.org")
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])


@pytest.fixture
def ada(poisoned_company, db):
    return Person.objects.get(email="ada@example.org")


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def test_texts_are_there_as_they_were_written(ada):
    assert Initiative.objects.get(key="checkout").problem == LINES


@pytest.mark.parametrize("page", PAGES)
def test_page_makes_no_element_of_a_text(page, client):
    response = client.get(page)

    assert response.status_code == 200
    assert dangerous(response) == []
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["/people/", "/teams/", "/initiatives/", "/strategy/", "/flags/"])
@pytest.mark.parametrize("parameter", ["q", "team", "goal", "code", "sort", "status", "after", "role"])
def test_page_makes_no_element_of_a_parameter(page, parameter, client):
    assert dangerous(client.get(page, {parameter: LINE})) == []


def test_forms_make_no_element_of_what_was_typed(client, ada):
    typed = {"name": LINE, "email": LINE, "role": LINE}
    stale = client.post(reverse("person_role", args=[ada.pk]), {"role": Role.LEADER, "version": ada.version + 1})

    assert stale.status_code == 409
    assert dangerous(stale) == []
    assert dangerous(client.post(reverse("invitations"), typed)) == []
    assert dangerous(Client().post(reverse("account_login"), {"login": LINE, "password": LINE})) == []


def test_digest_makes_no_element_and_no_header_of_a_name(ada, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send_invitation(Person.objects.get(email="grace@example.org"), actor=ada, at=AT)
    digest = mail.outbox[0]

    assert dangerous(str(digest.alternatives[0].content), digest=True) == []
    assert set(digest.message().keys()) == {
        "Content-Type",
        "MIME-Version",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
    }


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@example.org", "Ada\nX: y", "Ada\x85Bcc: eve@example.org"])
def test_invitation_refuses_a_name_that_would_be_a_header(name, client):
    response = client.post(reverse("invitations"), {"name": name, "email": "new@example.org", "role": "member"})

    assert response.status_code == 422
    assert not Person.objects.filter(email="new@example.org").exists()
