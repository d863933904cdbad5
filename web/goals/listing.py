"""The company goals that are wanted now, and what they lack."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lib.db.counting import capped_count
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.text.counts import count_text
from strategy.selectors.clarity import Lack, company_goals_now
from web.filters import ListFilter
from web.readers import reader_of

LACKS = [
    ("", "Anything or nothing"),
    (Lack.WHY.value, "A why"),
    (Lack.MEASURE.value, "A measure"),
    (Lack.OWNER.value, "An owner"),
]


class GoalFilter(ListFilter):
    q = forms.CharField(label="Find by title", max_length=200, widget=forms.SearchInput())
    lacks = forms.ChoiceField(label="What they lack", choices=LACKS)


@require_safe
def goal_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    form = GoalFilter(request.GET, {})
    given, words = form.given(), form.words()
    rows = company_goals_now(reader, words=given.get("q", ""), lacks=given.get("lacks", ""))
    named = {"lacks": f"Without: {words['lacks'].lower()}"} if "lacks" in words else {}
    active = [
        (label, request.path + query(request.GET, **{name: None, "after": None}))
        for name, label in (words | named).items()
    ]
    return render(
        request,
        "goals/goal_list.html",
        {
            "form": form,
            "page": keyset_page(rows, order=("title__folded", "id"), params=request.GET),
            "count_text": count_text(capped_count(rows), "goal", "goals"),
            "active": active,
            "crumbs": [("Strategy", reverse("strategy_list"))],
        },
    )
