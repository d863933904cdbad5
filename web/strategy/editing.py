"""Creates, edits, publishes, archives, restores and removes strategies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.effects import archiving, editing, figures_day, publishing, restoring
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted, seen_version, undo
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import counted
from lib.text.isolation import isolated
from strategy.access import strategy_for
from strategy.enums import StrategyStatus
from strategy.models import Strategy
from strategy.selectors.editions import makes_editions, was_published
from strategy.selectors.strategies import drafts_in, goals_in
from strategy.services.preparing.outlines import outline_strategy
from strategy.services.strategies import (
    NO_GOAL,
    archive_strategy,
    create_strategy,
    edit_strategy,
    publish_strategy,
    remove_strategy,
    restore_strategy,
)
from web.amendments.planning import planning_strategy
from web.editions.taking_back import taking_back_last
from web.readers import reader_of
from web.strategy.common import values_of
from web.strategy.forms import NewStrategyForm, StrategyEditForm, ask_why, reason_in
from web.strategy.hints import hints_for

WRITE, PUBLISH = "strategy.write_strategy", "strategy.publish_strategy"


@form_view
def strategy_new(request: HttpRequest) -> HttpResponse:
    """With `?outline=yes`, begins with an outline."""
    reader = reader_of(request)
    require(create_strategy, reader)
    outlined = request.GET.get("outline") == "yes"
    form = NewStrategyForm(posted(request), initial={"owner": reader}, outlined=outlined)
    page = FormPage(
        title="Write a strategy",
        lede="It starts as a draft that only leaders see. Its goals come next; publishing it comes last.",
        form=form,
        action_label="Save the draft",
        cancel_url=reverse("strategy_list"),
        crumbs=[("Strategy", reverse("strategy_list"))],
        template="strategy/strategy_new.html",
        extra={"outline_url": "" if outlined else f"{request.path}?outline=yes"},
    )

    def save() -> Strategy:
        values = dict(form.cleaned_data)
        service = outline_strategy if values.pop("examples", False) else create_strategy
        return service(actor=reader, at=now(), **values)

    def done(made: Strategy) -> Success:
        text = "The draft is saved. Add its goals now: the outcomes that teams can choose to work on."
        if not form.cleaned_data.get("examples"):
            return Success(text, _url(made))
        text = "The draft is saved, with example goals. Write your own over them, and remove what is left."
        return Success(text, reverse("strategy_goals", args=[made.key]))

    return page.handle(request, save=save, done=done)


@form_view
def strategy_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader, strategy = reader_of(request), _strategy(request, key)
    require(edit_strategy, reader, strategy)
    plan = planning_strategy(reader, strategy)
    form = StrategyEditForm(posted(request), initial=values_of(plan.shown))
    if makes_editions(strategy):
        ask_why(form, planned=plan.is_offered)
    page = _page(strategy, title=f"Edit “{strategy}”", form=form, action_label="Save")
    plan.offer(page)

    def edit(version: int) -> Strategy:
        return edit_strategy(strategy, actor=reader, at=now(), version=version, **form.values())

    return page.handle(
        request,
        save=lambda: plan.save(request, form.opened_version, edit, form.values()),
        done=plan.done(lambda row: Success("The strategy is saved.", _url(row))),
        current=lambda row: values_of(plan.now(row)),
        weigh=lambda: editing(strategy, form.values(), reader=reader, on=figures_day(now())),
    )


@form_view
def strategy_publication(request: HttpRequest, key: str) -> HttpResponse:
    """Publishes a draft with its goals, or an archived strategy again."""
    reader, strategy = reader_of(request), _strategy(request, key)
    require(publish_strategy, reader, strategy)
    form = _step(request, strategy)
    again = strategy.status == StrategyStatus.ARCHIVED
    if not again and was_published(strategy):
        ask_why(form, at_once=True)
    page = _page(
        strategy,
        title=f"Publish “{strategy}”{' again' if again else ''}",
        form=form,
        action_label="Publish it",
        lede=AGAIN if again else _what_publishing_does(strategy),
    )
    page.template = "strategy/strategy_publication.html"

    if strategy.status == StrategyStatus.DRAFT and not goals_in(strategy):
        page.stopped, page.lede = NO_GOAL.format(isolated(strategy.title)), ""
        page.instead = [("Write its goals", reverse("strategy_goals", args=[strategy.key]))]

    def prepare() -> None:
        if strategy.status != StrategyStatus.PUBLISHED and not page.stopped:
            page.effect = (restoring if again else publishing)(strategy, reader=reader, on=figures_day(now()))
            page.extra = {"hints": hints_for(strategy, reader)}

    service = restore_strategy if again else publish_strategy
    return page.handle(
        request,
        save=lambda: service(strategy, actor=reader, at=now(), version=form.opened_version, **reason_in(form)),
        done=_restored if again else _published,
        current=values_of,
        prepare=prepare,
    )


@form_view
def strategy_archive(request: HttpRequest, key: str) -> HttpResponse:
    reader, strategy = reader_of(request), _strategy(request, key)
    require(archive_strategy, reader, strategy)
    form = _step(request, strategy)
    page = _page(
        strategy,
        title=f"Archive “{strategy}”",
        form=form,
        action_label="Archive it",
        lede="It stays to be read. Its goals stay as they are, and links to them stop counting.",
    )
    page.danger = True

    def done(row: Strategy) -> Success:
        back = f"{reverse('strategy_restoration', args=[row.key])}?version={row.version}"
        return Success(f"“{row}” is archived.", _url(row), undo=back)

    def prepare() -> None:
        if strategy.status == StrategyStatus.PUBLISHED:
            page.effect = archiving(strategy, reader=reader, on=figures_day(now()))

    return page.handle(
        request,
        save=lambda: archive_strategy(strategy, actor=reader, at=now(), version=form.opened_version),
        done=done,
        current=values_of,
        prepare=prepare,
    )


@require_POST
def strategy_restoration(request: HttpRequest, key: str) -> HttpResponse:
    """Undoes the archiving that led to `?version=`."""
    reader, strategy = reader_of(request), _strategy(request, key)
    version = seen_version(request)
    text = f"“{strategy}” is published again."
    return undo(
        request,
        lambda: restore_strategy(strategy, actor=reader, at=now(), version=version),
        _url(strategy),
        text,
    )


@form_view
def strategy_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, strategy = reader_of(request), _strategy(request, key)
    require(remove_strategy, reader, strategy)
    form = _step(request, strategy)
    goals = goals_in(strategy)
    page = _page(
        strategy,
        title=f"Remove “{strategy}”",
        form=form,
        action_label="Remove the draft",
        lede=f"The draft goes{f' with its {counted(goals, GOAL)}' if goals else ''}. This cannot be undone.",
    )
    page.danger = True
    return page.handle(
        request,
        save=lambda: remove_strategy(strategy, actor=reader, at=now(), version=form.opened_version),
        done=lambda _row: Success(f"The draft “{strategy}” is removed.", reverse("strategy_list")),
        current=values_of,
    )


GOAL, DRAFT = "goal", "draft goal"
AGAIN = "Its goals are as they were when it was archived, and links to them count again."


def _what_publishing_does(strategy: Strategy) -> str:
    drafts = drafts_in(strategy)
    become = f"Its {counted(drafts, DRAFT)} become{'s' if drafts == 1 else ''} active with it. " if drafts else ""
    return f"Everybody in the company will see it, and teams can link their work to its goals. {become}"


def _published(row: Strategy) -> Success:
    text = f"“{row}” is published. Its goals are active, and teams can link their work to them."
    return Success(text, _url(row), take_back=taking_back_last(row))


def _restored(row: Strategy) -> Success:
    return Success(f"“{row}” is published again.", _url(row))


def _strategy(request: HttpRequest, key: str) -> Strategy:
    strategy: Strategy = strategy_for(reader_of(request), key)
    return strategy


def _step(request: HttpRequest, strategy: Strategy) -> VersionedForm:
    """A form that only confirms a step."""
    return VersionedForm(posted(request), initial={"version": strategy.version})


def _page(strategy: Strategy, *, title: str, form: Any, action_label: str, lede: str = "") -> FormPage:
    crumbs, url = [("Strategy", reverse("strategy_list")), (strategy.title, _url(strategy))], _url(strategy)
    return FormPage(title=title, form=form, action_label=action_label, cancel_url=url, lede=lede, crumbs=crumbs)


def _url(strategy: Strategy) -> str:
    return reverse("strategy_detail", args=[strategy.key])
