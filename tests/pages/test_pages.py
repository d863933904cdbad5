"""The pages of the lively World, each fetched once for whoever it is looked at as.

They say what they have to, offer what their reader may do and nothing else, and leave nothing blank.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.urls import resolve

from tests.html import parsed, texts_apart
from tests.kept import Kept
from tests.pages.offered import OFFERED, ROLES
from tests.pages.reading import links, post_forms, url_name
from tests.pages.said import SAID
from tests.pages.soundness import faults
from tests.pages.words import in_order
from tests.pages.world import Lively

READ = ("_list", "_detail", "_history", "home", "digest_next", "measure_check_in", "edition_changes")
"""How the names of pages end that only show something."""

KEYED = {
    "goals": "strategy.goal",
    "strategies": "strategy.strategy",
    "measures": "strategy.measure",
    "check-ins": "strategy.checkin",
    "context": "strategy.contextpage",
    "decisions": "strategy.decision",
    "personas": "strategy.persona",
    "teams": "teams.team",
    "initiatives": "teams.initiative",
    "support": "teams.support",
    "people": "teams.person",
    "links": "alignment.link",
    "flags": "alignment.flag",
    "threads": "conversations.thread",
}
"""What the first part of an address is about, where it names one thing."""


class Pages:
    def __init__(self, built: Kept[Lively]) -> None:
        self._client = cache(built.client)
        self.get = cache(self._get)

    def _get(self, who: str, address: str) -> BeautifulSoup | None:
        """None where the page is not for them."""
        response = self._client(who).get(address)
        assert response.status_code in {200, 403, 404}
        return parsed(response) if response.status_code == 200 else None


@pytest.fixture(scope="module")
def pages(built: Kept[Lively]) -> Pages:
    return Pages(built)


@pytest.mark.parametrize(("who", "address"), SAID, ids=[f"{address} as {who}" for who, address in SAID])
def test_page_says_what_it_has_to(who: str, address: str, pages: Pages, db: None) -> None:
    said, words = texts_apart(pages.get(who, address)), SAID[who, address]

    assert in_order(said, words) == words, said


@pytest.mark.parametrize("address", OFFERED)
def test_page_offers_exactly_what_its_reader_may_do(address: str, pages: Pages, db: None) -> None:
    as_roles, offered = OFFERED[address]

    assert {role: offers(pages.get(ROLES[role], address), address) for role in as_roles} == {
        role: offered.get(role, set()) for role in as_roles
    }


def offers(page: BeautifulSoup | None, address: str) -> set[str]:
    if page is None:
        return set()
    main: Any = copy.copy(page.find("main"))
    for crumbs in main.find_all("nav"):
        crumbs.decompose()
    names = {f"{form.name}!" for form in post_forms(main, address)}
    for link in links(main, address):
        name, fragment = url_name(link), urlsplit(link).fragment
        if not name.endswith(READ) and name != url_name(address):
            names.add(name)
        elif name == "measure_check_in" and fragment:
            names.add(f"{name}#{fragment}")
    return names


BUTTONS = {
    "Still going on": "initiative_confirmation",
    "It is still going on": "initiative_confirmation",
    "It is still true": "context_confirmation",
    "I have read it": "edition_read",
    "I have not read it": "edition_unread",
    "It is decided": "decision_conclusion",
    "Make it a draft again": "decision_reopening",
    "It is answered": "thread_outcome",
    "Yes, that is it": "thread_outcome",
    "You changed my mind": "thread_outcome",
    "We agree to differ": "thread_outcome",
    "Withdraw the question": "thread_outcome",
    "Open it again": "thread_reopening",
    "Follow": "thread_following",
    "Mute": "thread_muting",
    "Pin as the answer": "thread_pin",
    "Pin it no longer": "thread_pin",
    "Preview": "thread_detail",
    "Send": "thread_detail",
    "It still holds": "link_confirmation",
    "It was delivered": "support_delivery",
    "Withdraw": "support_removal",
    "Accept it": "support_acceptance",
    "It is there": "support_confirmation",
    "Ask it again now": "flag_waking",
    "Pause the digests": "digest_pause",
    "Send again": "digest_resend",
    "Send all again": "digest_resend_failed",
    "Try this address again": "digest_address",
    "Send the invitation": "invitations",
    "Send invitation": "person_invitation",
    "Check in": "measure_check_in",
    "Check them in": "check_ins_due",
    "Add them": "team_members",
    "Mark as not here yet": "team_absence",
    "Sign out": "account_logout",
}
"""What each button does, by its words for everybody; those of several meanings are below."""

SAVES = {"/people/": "person_role", "/teams/crew/members/": "team_member"}
REMOVES = {"/teams/crew/members/": "team_member_removal"}
WAYS = {
    "Edit": {
        "initiative_edit",
        "goal_edit",
        "strategy_edit",
        "measure_edit",
        "context_edit",
        "decision_edit",
        "persona_edit",
        "link_edit",
        "person_edit",
    },
    "Endorse": {"link_endorsement"},
    "Dispute": {"link_dispute"},
    "Say how it turned out": {"link_outcome"},
    "Change the link": {"link_edit"},
    "Link it": {"link_new"},
    "Declare it": {"initiative_kind"},
    "Stop it": {"initiative_status"},
    "Size it": {"initiative_edit"},
    "Snooze": {"flag_snooze"},
    "Answer": {"support_answer"},
    "Change the answer": {"support_answer"},
    "Change it": {"support_edit"},
    "Ask again": {"support_edit"},
    "Ask another team": {"support_new"},
    "Offer your help": {"support_new_offer"},
    "Change the terms": {"support_answer"},
    "Change the offer": {"support_answer"},
    "Answer their terms": {"support_edit"},
    "Ask for something else": {"support_edit"},
    "Say what is missing": {"support_edit"},
    "Thank them": {"support_thanks"},
    "Change the thanks": {"support_thanks"},
    "Take it back": {"support_offer_end"},
    "Decline it with thanks": {"support_offer_end"},
    "Set it active": {"goal_activation"},
    "Add a goal below": {"goal_new_below"},
    "Add a goal": {"goal_new"},
    "Write its goals": {"strategy_goals"},
    "Move": {"goal_position"},
    "Close": {"goal_closure"},
    "Reopen": {"goal_reopening"},
    "Carry over": {"strategy_next"},
    "Archive": {"strategy_archive"},
    "Remove the draft": {"strategy_removal", "goal_removal"},
    "Publish it": {"strategy_publication"},
    "Publish it again": {"strategy_publication"},
    "Rename it": {"team_edit"},
    "Add a sub-team": {"team_new"},
    "Move it": {"team_position"},
    "Check in": {"measure_check_in"},
    "Correct": {"check_in_correction"},
}


def words_of(node: Any) -> str:
    """Of a way or a button, as it is seen: without what is said to screen readers alone."""
    shown = copy.copy(node)
    for hidden in shown.select(".visually-hidden"):
        hidden.decompose()
    return texts_apart(shown).partition(":")[0]


def test_button_and_way_do_what_they_say(pages: Pages, db: None) -> None:
    wrong = []
    for who, address in LOOKED_AT:
        page = pages.get(who, address)
        for form in page.select("form[method=post]") if page else ():
            does = url_name(str(form.get("action") or address))
            said = words_of(form.find("button"))
            known = {"Save": SAVES.get(address, ""), "Remove": REMOVES.get(address, "")} | BUTTONS
            if known.get(said) != does:
                wrong.append(f"{address}: “{said}” does {does}")
        for link in page.select("main a[href^='/']") if page else ():
            leads = url_name(str(link["href"]))
            if leads not in WAYS.get(words_of(link), {leads}):
                wrong.append(f"{address}: “{words_of(link)}” leads to {leads}")
    assert wrong == []


LOOKED_AT = sorted(
    {*SAID, *((ROLES[role], address) for address, (roles, _offered) in OFFERED.items() for role in roles)}
)


def test_page_leaves_nothing_blank_and_names_nothing_that_is_not_there(pages: Pages, db: None) -> None:
    wrong = {key: found for key in LOOKED_AT if (page := pages.get(*key)) and (found := faults(page))}

    assert wrong == {}


def test_way_leads_to_something_that_is_there(pages: Pages, db: None) -> None:
    """Of a part of a page as leaders see it: to others some of what is counted is not shown."""
    there = {model: known(model) for model in KEYED.values()}
    wrong = []
    for who, address in LOOKED_AT:
        page = pages.get(who, address)
        for link in dict.fromkeys(links(page, address)) if page else ():
            path, fragment = urlsplit(link).path, urlsplit(link).fragment
            if not leads_somewhere(path, there):
                wrong.append(f"{address} → {link}")
            further = pages.get(who, path) if fragment and who == "leader" else None
            if further and further.find(id=fragment) is None:
                wrong.append(f"{address} → {link} has no such part")
    assert wrong == []


def known(model: str) -> set[str]:
    rows = apps.get_model(model)._default_manager
    names = ("pk", "key") if hasattr(apps.get_model(model), "key") else ("pk",)
    return {str(value) for row in rows.values_list(*names) for value in row}


def leads_somewhere(path: str, there: dict[str, set[str]]) -> bool:
    """As far as the address itself tells."""
    first = path.strip("/").partition("/")[0]
    names: Iterable[Any] = [value for name, value in resolve(path).kwargs.items() if name in {"key", "pk"}][:1]
    return first not in KEYED or all(str(name) in there[KEYED[first]] for name in names)
