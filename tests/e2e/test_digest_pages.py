"""The weekly digest in the browser: previewed, started, watched; its day chosen; its archive read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, Page, expect

from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.selectors.digests import digest_settings
from lib.mail import outbox
from lib.services.dates import monday, now
from teams.models import Person
from tests import factories as make
from tests.digest.digests import DIGESTS
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ADMINISTRATION = "/digests/administration/"


@pytest.fixture
def firm() -> Firm:
    return build_firm()


@pytest.fixture
def admin(firm) -> Person:
    return make.AdminFactory(name="Ada Admin")


def digest_to(person: Person, state: DigestState = DigestState.SENT, **values) -> Digest:
    at = now()
    given = {"subject": "A second edition", "content": DIGESTS["everything"].to_json()} | values
    return make.DigestFactory(
        person=person,
        week=monday(at.date()),
        due_at=at,
        ends_at=at.replace(year=at.year + 1),
        state=state,
        sent_at=at if state == DigestState.SENT else None,
        **given,
    )


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def reader(request, page: Page, browser: Browser) -> Iterator[Page]:
    """A page of somebody whose cookies are those of `page`, with and without scripts."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_digests_are_previewed_started_chosen_and_read(reader, page, firm, admin, sign_in, live_server):
    sign_in(admin)
    reader.context.add_cookies(page.context.cookies())
    reader.goto(live_server.url + ADMINISTRATION)
    expect(reader.get_by_role("heading", name="They are off")).to_be_visible()
    reader.get_by_role("link", name="Preview a digest").last.click()
    expect(reader.get_by_role("heading", name="To Ada Admin")).to_be_visible()
    reader.get_by_label("A member").check()
    reader.get_by_role("button", name="Show the digest").click()
    expect(reader.get_by_role("heading", name="To Mia Member")).to_be_visible()
    reader.get_by_role("button", name="It reads well").click()
    expect(reader.get_by_text("3 people get a digest once a week")).to_be_visible()
    reader.get_by_role("button", name="Start the digests").click()
    expect(reader.get_by_role("heading", name="They are running")).to_be_visible()
    assert digest_settings().is_running

    sign_in(firm.member)
    reader.context.clear_cookies()
    reader.context.add_cookies(page.context.cookies())
    reader.goto(live_server.url)
    reader.get_by_text("Account").click()
    reader.get_by_role("link", name="Settings").click()
    reader.get_by_role("combobox", name="Day").select_option("Thursday")
    reader.get_by_role("combobox", name="Hour").select_option("17:00")
    reader.get_by_role("button", name="Save").click()
    expect(reader.get_by_text(re.compile(r"Saved\. The next one comes on Thursday"))).to_be_visible()
    reader.get_by_role("button", name="Undo").click()
    expect(reader.get_by_text("Your settings are as they were.")).to_be_visible()
    assert Person.objects.get(pk=firm.member.pk).digest_weekday is None

    digest_to(firm.member)
    reader.get_by_text("Account").click()
    reader.get_by_role("link", name="Digests", exact=True).click()
    reader.get_by_role("link", name="A second edition").click()
    expect(reader.get_by_role("heading", name="Published this week")).to_be_visible()


def test_progress_comes_by_itself_while_work_goes_on(page, admin, firm, sign_in, live_server):
    DigestSettings.objects.update(previewed_at=now(), started_at=now())
    digest = digest_to(firm.member, DigestState.BUILT)
    sign_in(admin)
    page.goto(live_server.url + ADMINISTRATION)
    row = page.get_by_role("row", name=re.compile("this week"))
    expect(row.get_by_role("cell").nth(4)).to_have_text("0")

    Digest.objects.filter(pk=digest.pk).update(state=DigestState.SENT, sent_at=now())

    expect(row.get_by_role("cell").nth(4)).to_have_text("1", timeout=15_000)
    expect(page.get_by_text("looks again by itself")).to_have_count(0)


@pytest.mark.parametrize("state", ["empty", "busy"])
def test_pages_have_nothing_that_axe_finds(admin, firm, sign_in, live_server, accessible, settings, tmp_path, state):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = outbox.BACKEND, str(tmp_path)
    paths = ["/digests/", "/digests/next/", "/settings/", ADMINISTRATION, f"{ADMINISTRATION}outbox/"]
    paths += [f"{ADMINISTRATION}preview/?as=leader", f"{ADMINISTRATION}times/"]
    if state == "empty":
        DigestSettings.objects.update(previewed_at=now())
        paths += [f"{ADMINISTRATION}start/"]
    else:
        DigestSettings.objects.update(previewed_at=now(), started_at=now())
        sent = digest_to(admin)
        digest_to(firm.member, DigestState.FAILED, problem="552 5.3.4 Too large")
        digest_to(make.PersonFactory(refused_at=now(), refusal="550 5.1.1 Unknown"), DigestState.FAILED)
        digest_to(firm.leader, DigestState.BUILT)
        EmailMessage("A mail", "Its text, and https://example.com/.", to=["a@example.com"]).send()
        [file] = tmp_path.iterdir()
        paths += [
            f"/digests/{sent.iso_week}/",
            f"{ADMINISTRATION}outbox/{file.name}/1/",
            f"{ADMINISTRATION}resumption/",
        ]
    sign_in(admin)

    accessible(*(live_server.url + path for path in paths))
