from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from lib.text.numbers import NONE

urlpatterns = [
    path("", lambda request: HttpResponse(), name="home"),
    path("strategy/", lambda request: HttpResponse(), name="strategy_list"),
]


def drawn(source: str, address: str = "/", **context: Any) -> str:
    template = engines["django"].from_string("{% load throughline %}" + source)
    return template.render(context, RequestFactory().get(address))


def test_day_is_machine_readable() -> None:
    assert drawn("{{ it|day }}", it=dt.date(2026, 11, 2)) == '<time datetime="2026-11-02">2 Nov 2026</time>'


def test_day_of_an_instant_is_the_readers() -> None:
    instant = dt.datetime(2026, 11, 2, 23, 30, tzinfo=dt.UTC)
    with timezone.override("Asia/Tokyo"):
        assert "3 Nov 2026" in drawn("{{ it|day }}", it=instant)


def test_day_missing_is_a_dash() -> None:
    assert drawn("{{ it|day }}", it=None) == NONE


def test_markdown_is_rendered_safe() -> None:
    assert drawn("{{ it|markdown }}", it="*a* <script>") == "<p><em>a</em> &lt;script&gt;</p>"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/strategy/", "page"),
        ("/strategy/?q=a", "page"),
        ("/strategy/x/", "true"),
        ("/goals/x/", "true"),
        ("/", ""),
        ("/teams/", ""),
    ],
)
def test_nav_link_says_what_is_current(address: str, current: str) -> None:
    html = drawn('{% nav_link "strategy_list" "Strategy" "/goals/" %}', address)
    mark = f' aria-current="{current}"' if current else ""
    assert html == f'<a href="/strategy/"{mark}>Strategy</a>'


@override_settings(ROOT_URLCONF=__name__)
def test_nav_link_home_is_current_only_on_itself() -> None:
    assert "aria-current" in drawn('{% nav_link "home" "Home" %}', "/")
    assert "aria-current" not in drawn('{% nav_link "home" "Home" %}', "/teams/")


def test_address_breaks_before_its_at():
    assert drawn("{{ it|address }}", it="ada@example.com") == "ada<wbr>@example.com"
    assert drawn("{{ it|address }}", it="<b>@example.com") == "&lt;b&gt;<wbr>@example.com"


@pytest.mark.parametrize(
    ("tags", "address"), [("undo /undo/7/", "/undo/7/"), ("undo ", ""), ("", ""), (None, ""), ("safe undo /x/", "")]
)
def test_message_leads_to_its_undo(tags: str | None, address: str) -> None:
    assert drawn("{{ it|undo_address }}", it=Message(25, "Done.", extra_tags=tags)) == address


def test_day_of_an_instant_without_a_zone_is_its_own() -> None:
    naive = dt.datetime(2026, 11, 2, 23, 30)  # noqa: DTZ001 -- as a form may hold it
    with timezone.override("Asia/Tokyo"):
        assert "2 Nov 2026" in drawn("{{ it|day }}", it=naive)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ it|number }}", "0.5"), ("{{ it|percent }}", "50.0 %"), ("{{ it|weeks }}", "0.5 person-weeks"),
        ('{{ it|quantity:"percent" }}', "50.0 %"), ('{{ it|quantity:"count" }}', "0.5"),
    ],
)  # fmt: skip
def test_figure_is_drawn_as_people_read_it(source: str, text: str) -> None:
    assert drawn(source, it=0.5).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(("count", "said"), [(0, "0 goals"), (1, "1 goal"), (1200, "1\N{NO-BREAK SPACE}200 goals")])
def test_count_comes_with_its_noun(count: int, said: str) -> None:
    assert drawn('{{ it|counted:"goal" }}', it=count) == said


def test_name_of_a_person_leads_to_their_page_if_they_have_one() -> None:
    known, described = SimpleNamespace(pk=7, name="<Ada>"), SimpleNamespace(pk=None, name="Ada")

    assert drawn("{{ it|person_link }}", it=known) == '<a href="/people/7/"><bdi>&lt;Ada&gt;</bdi></a>'
    assert drawn("{{ it|person_link }}", it=described) == "<bdi>Ada</bdi>"
    assert drawn("{{ it|person_link }}", it=None) == NONE
