"""The page of a strategy's open amendment, which publishes it; beginning and dropping one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.edition_effects import amending
from alignment.selectors.links import work_on
from lib.forms.pages import FormPage, Success, VersionedForm, by_second, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import require
from strategy.access import strategy_for
from strategy.models import Amendment, AmendmentEdit, Strategy
from strategy.selectors.amendments import all_edits_of, amendment_version, open_amendment_of, planned
from strategy.selectors.editions import visible_goals
from strategy.selectors.prepared import prepared
from strategy.services.preparing.amendments import drop_amendment, explain_amendment, open_amendment, publish_amendment
from teams.models import Person
from web.amendments.forms import AmendmentForm
from web.amendments.reading import goals_named, planned_goals, planned_of_strategy
from web.editions.taking_back import taking_back_last
from web.readers import reader_of

WORK_NAMED = 3
PUBLISHED = "The amendment is published: everybody reads what changed in the new edition."
LEDE = "What is planned here is published at once, as one edition. Until then leaders and the strategy’s owner see it."


@form_view
def amendment_detail(request: HttpRequest, key: str) -> HttpResponse:
    reader, strategy = reader_of(request), _strategy(request, key)
    require(open_amendment, reader, strategy)
    amendment = open_amendment_of(strategy)
    if amendment is None:
        return render(request, "amendments/amendment_begin.html", {"strategy": strategy, "crumbs": _crumbs(strategy)})
    edits = all_edits_of(amendment)
    form = _form(request, amendment, edits)
    publishes = reader.has_perm("strategy.publish_strategy", strategy)
    page = FormPage(
        title="The amendment",
        lede=LEDE,
        form=form,
        action_label="Publish the amendment" if publishes else KEEP,
        second=KEEP if publishes else "",
        cancel_url=_url(strategy),
        crumbs=_crumbs(strategy),
        template="amendments/amendment_detail.html",
        extra=_shown(reader, strategy, edits) | {"strategy": strategy, "amendment": amendment},
    )

    def save() -> Amendment:
        service = publish_amendment if publishes and not by_second(request) else explain_amendment
        because = form.cleaned_data["because"]
        return service(amendment, actor=reader, at=now(), version=form.opened_version, because=because)

    return page.handle(
        request,
        save=save,
        done=lambda row: _saved(strategy, row),
        current=lambda row: {"because": row.because, "version": amendment_version(row)},
        weigh=(lambda: amending(amendment, reader=reader, at=now())) if publishes else None,
        tries=False,
    )


KEEP = "Keep this text"


def _form(request: HttpRequest, amendment: Amendment, edits: list[AmendmentEdit]) -> AmendmentForm:
    return AmendmentForm(
        posted(request),
        initial={"because": amendment.because, "version": amendment_version(amendment, edits)},
    )


def _saved(strategy: Strategy, row: Amendment) -> Success:
    if row.state == "published":
        url = reverse("strategy_detail", args=[strategy.key])
        return Success(PUBLISHED, url, take_back=taking_back_last(strategy))
    return Success("What changes, and why, is kept.", reverse("amendment_detail", args=[strategy.key]))


def _shown(reader: Person, strategy: Strategy, edits: list[AmendmentEdit]) -> dict[str, Any]:
    """What the template shows beside the form, as far as the reader may see the goals."""
    rows = planned(strategy, [edit for edit in edits if edit.changes])
    today = visible_goals(reader, goals_named(rows))
    if not reader.sees_everything:
        rows = [row for row in rows if row.edit.goal_id is None or row.edit.goal_id in today]
    found = prepared(strategy, rows)
    work = work_on([0, *(change.pk for change in found.goals)], each=WORK_NAMED)
    return {
        "own": planned_of_strategy(found, rows),
        "goals": planned_goals(found, rows, today, work),
        "waiting": sum(row.is_open for row in rows),
    }


@require_POST
def amendment_opening(request: HttpRequest, key: str) -> HttpResponse:
    reader, strategy = reader_of(request), _strategy(request, key)
    seen_version(request)
    url = reverse("amendment_detail", args=[strategy.key])
    text = "The amendment is begun. What you and others edit now can be added to it."
    return click(request, lambda: open_amendment(strategy, actor=reader, at=now()), url, done=text)


@form_view
def amendment_removal(request: HttpRequest, key: str) -> HttpResponse:
    """Drops it."""
    reader, strategy = reader_of(request), _strategy(request, key)
    require(open_amendment, reader, strategy)
    amendment = open_amendment_of(strategy)
    if amendment is None:
        raise Http404
    url = reverse("amendment_detail", args=[strategy.key])
    page = FormPage(
        title="Drop the amendment",
        lede="Nothing of it is published. Goals that it would have added stay drafts.",
        form=VersionedForm(posted(request), initial={"version": amendment_version(amendment)}),
        action_label="Drop it",
        cancel_url=url,
        crumbs=[*_crumbs(strategy), ("The amendment", url)],
        danger=True,
    )
    return page.handle(
        request,
        save=lambda: drop_amendment(amendment, actor=reader, at=now(), version=_version(page.form)),
        done=lambda _row: Success("The amendment is dropped.", reverse("strategy_detail", args=[strategy.key])),
        current=lambda row: {"version": amendment_version(row)},
    )


def _version(form: Any) -> int:
    return int(form.opened_version)


def _strategy(request: HttpRequest, key: str) -> Strategy:
    strategy: Strategy = strategy_for(reader_of(request), key)
    return strategy


def _url(strategy: Strategy) -> str:
    return reverse("strategy_detail", args=[strategy.key])


def _crumbs(strategy: Strategy) -> list[tuple[str, str]]:
    return [("Strategy", reverse("strategy_list")), (strategy.title, _url(strategy))]
