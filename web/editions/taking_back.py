"""Takes a published edition back, with what that would do shown first."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.edition_effects import taking_back
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.services.dates import now
from lib.services.errors import RefusedError
from lib.services.permissions import require
from strategy.access import edition_for, strategy_for
from strategy.enums import EditionKind, StrategyStatus
from strategy.models import Edition, Goal, Measure, Strategy
from strategy.selectors.taking_back import KINDS, why_it_stays
from strategy.services.preparing.taking_back import check_taken_back, take_back_edition
from teams.models import Person
from web.readers import reader_of
from web.strategy.forms import ask_why, reason_in

JUST_NOW = dt.timedelta(minutes=1)
OF_ALL = "The strategy becomes a draft again, with the goals that became active with it."
OF_CHANGES = (
    "Everything that it changed becomes as it was before: texts, goals, places, measures. An edition of its own says "
    "so, and edition {} stays to be read. Owners, the order by hand and check-ins stay as they are."
)


@form_view
def edition_taking_back(request: HttpRequest, key: str, number: int) -> HttpResponse:
    reader = reader_of(request)
    strategy: Strategy = strategy_for(reader, key)
    edition = edition_for(reader, strategy, number)
    url = reverse("edition_detail", args=[key, number])
    require(take_back_edition, reader, edition)
    form = VersionedForm(posted(request), initial={"version": edition.number})
    ask_why(form, at_once=True)
    form.fields["because"].label = "Why it is taken back"
    page = FormPage(
        title=f"Take edition {number} back",
        lede=OF_ALL if edition.kind == EditionKind.PUBLISHED else OF_CHANGES.format(number),
        form=form,
        action_label="Take it back",
        cancel_url=url,
        crumbs=[("Strategy", reverse("strategy_list")), (strategy.title, _url(strategy)), (f"Edition {number}", url)],
        danger=True,
    )
    page.stopped = _why_it_stays(edition)
    if page.stopped:
        page.lede, page.instead = "", _instead(strategy)

    def prepare() -> None:
        if not page.stopped:
            page.effect = taking_back(edition, reader=reader, at=now())

    return page.handle(
        request,
        save=lambda: take_back_edition(edition, actor=reader, at=now(), **reason_in(form)),
        done=lambda row: Success(_said(row, number), _url(row)),
        current=lambda _row: {"version": edition.number},
        prepare=prepare,
    )


def offered_to(reader: Person, edition: Edition, at: dt.datetime, *, followed: bool) -> tuple[str, str]:
    """The address at which `reader` can take it back, '' where they cannot; and why it stays, where they might ask. No
    query."""
    if not reader.has_perm("strategy.publish_strategy", edition.strategy) or edition.kind not in KINDS or followed:
        return "", ""
    stays = why_it_stays(edition, at, followed=followed)
    return ("", stays) if stays else (taking_back_url(edition), "")


def taking_back_last(strategy: Strategy) -> str:
    """For what was published just now. One query."""
    return taking_back_url(Edition.objects.filter(strategy=strategy).select_related("strategy").latest("number"))


def taking_back_just_made(reader: Person, row: Strategy | Goal | Measure) -> str:
    """Where `reader` can take back the edition that they made of it just now, '' where they made none or may not. One
    query."""
    goal = row.goal if isinstance(row, Measure) else row
    of = {"strategy": row} if isinstance(row, Strategy) else {"strategy__goals": goal.path[0]}  # type: ignore[union-attr]
    recent = Edition.objects.filter(**of, person=reader, at__gte=now() - JUST_NOW).select_related("strategy")
    last = recent.order_by("-number").first()
    return offered_to(reader, last, now(), followed=False)[0] if last else ""


def taking_back_url(edition: Edition) -> str:
    return reverse("edition_taking_back", args=[edition.strategy.key, edition.number])


def _why_it_stays(edition: Edition) -> str:
    try:
        check_taken_back(edition, now())
    except RefusedError as refused:
        return str(refused)
    return ""


def _instead(strategy: Strategy) -> list[tuple[str, str]]:
    if strategy.status != StrategyStatus.PUBLISHED:
        return []
    ways = (("Amend the strategy", "amendment_detail"), ("Archive it", "strategy_archive"))
    return [(label, reverse(name, args=[strategy.key])) for label, name in ways]


def _said(strategy: Strategy, number: int) -> str:
    if strategy.status == StrategyStatus.DRAFT:
        return f"“{strategy}” is a draft again, and so are the goals that became active with it."
    return f"Edition {number} is taken back: what is published is as it was before."


def _url(strategy: Strategy) -> str:
    return reverse("strategy_detail", args=[strategy.key])
