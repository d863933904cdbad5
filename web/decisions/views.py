"""Shows decisions: the list, and each with its reasons."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lib.db.counting import capped_count
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.text.counts import count_text
from lib.text.days import day
from lib.text.markdown import excerpt
from strategy.access import decision_for
from strategy.enums import DecisionStatus, Visibility
from strategy.models import Decision
from strategy.models.decision import DECISION_TEXTS
from strategy.selectors.decisions import decision_pages, decisions, is_superseded, neighbours
from teams.models import Person
from web.decisions.forms import DecisionFilter
from web.people.naming import person_fact
from web.readers import reader_of
from web.threads.asking import ask_url
from web.threads.subjects import conversations_about

WORDS = 32
SUPERSEDED = "A later decision takes its place."


@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    form = DecisionFilter(request.GET, {})
    given = form.given()
    rows = decisions(reader, words=given.get("q", ""), state=given.get("state", ""))
    page = keyset_page(rows, order=("-day", "-id"), params=request.GET)
    words = form.words()
    return render(
        request,
        "decisions/decision_list.html",
        {
            "form": form,
            "page": page,
            "listed": [(row, excerpt(row.choice or row.context, WORDS), chips_of(row)) for row in page.rows],
            "count_text": count_text(capped_count(rows), "decision", "decisions"),
            "active": [
                (label, request.path + query(request.GET, **{name: None, "after": None}))
                for name, label in words.items()
            ],
            "may_write": reader.has_perm("strategy.write_decision"),
        },
    )


@require_safe
def decision_detail(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    row: Any = decision_for(reader, key, rows=decision_pages(reader))
    before, after = neighbours(reader, row)
    row.is_superseded = is_superseded(row) if after is None else after.status == DecisionStatus.DECIDED
    return render(
        request,
        "decisions/decision_detail.html",
        {
            "decision": row,
            "crumbs": [("Decisions", reverse("decision_list"))],
            "chips": [("State", *chip) for chip in chips_of(row)],
            "actions": _actions(reader, row, is_last=after is None and not row.is_superseded),
            "texts": [(name, name.capitalize(), getattr(row, name)) for name in DECISION_TEXTS],
            "facts": _facts(row),
            "before": before,
            "after": after,
            "superseded": SUPERSEDED if row.is_superseded and after is None else "",
            "conversations": conversations_about(reader, ask_url("decision", row.key), ("decision", row.pk)),
            "draft_after": after is not None and after.status == DecisionStatus.DRAFT,
        },
    )


def chips_of(row: Any) -> list[tuple[str, str]]:
    """Pairs of code and label; what is decided and in force for everybody has none."""
    chips = []
    if row.status == DecisionStatus.DRAFT:
        chips.append((DecisionStatus.DRAFT.value, str(DecisionStatus.DRAFT.label)))
    elif row.is_superseded:
        chips.append(("archived", "Superseded"))
    if row.visibility == Visibility.LEADERS:
        chips.append(("leaders", str(Visibility.LEADERS.label)))
    return chips


def _facts(row: Any) -> list[tuple[str, str, str | None]]:
    decided = day(row.decided_on) if row.decided_on else ""
    return [
        ("Decided on", decided if row.status == DecisionStatus.DECIDED else "Not yet", None),
        person_fact("Owner", row.owner, "Nobody yet"),
        ("Who may read it", _who(row), None),
    ]


def _who(row: Decision) -> str:
    if row.status == DecisionStatus.DRAFT:
        return "Leaders and its owner, until it is decided"
    return str(Visibility(row.visibility).label)


def _actions(reader: Person, row: Decision, *, is_last: bool) -> list[tuple[str, str, int]]:
    """Triples for components/_actions.html."""
    edits, draft = reader.has_perm("strategy.edit_decision", row), row.status == DecisionStatus.DRAFT
    offered = [
        ("Edit", "decision_edit", 0, edits),
        ("What it touches", "decision_relations", 0, edits),
        ("It is decided", "decision_conclusion", row.version, edits and draft),
        ("Make it a draft again", "decision_reopening", row.version, edits and not draft and is_last),
        ("Remove", "decision_removal", 0, edits and draft),
    ]
    actions = [(label, reverse(name, args=[row.key]), version) for label, name, version, may in offered if may]
    if is_last and not draft and reader.has_perm("strategy.write_decision"):
        successor = f"{reverse('decision_new')}?{urlencode({'supersedes': row.key})}"
        actions.append(("Write what takes its place", successor, 0))
    return actions
