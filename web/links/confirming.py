"""Confirms several links of a team at once, after the meaning of their goals changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.models import Link
from alignment.narrative.flags import other_meaning
from alignment.selectors.company import company_now
from alignment.selectors.confirming import ToConfirm, links_to_confirm
from alignment.services.links import confirm_link
from lib.forms.pages import FormPage, Success, form_view, posted
from lib.services.dates import now
from lib.services.errors import RefusedError, StaleError
from lib.text.counts import counted
from strategy.narrative import Said, goal_said
from strategy.selectors.editions import visible_goals
from teams.access import team_for
from teams.models import Person, Team
from web.editions.reading import naming
from web.readers import reader_of

WORK_ON = "teams.work_on"
CHOOSE = "Choose the links that still hold, or change those that do not."
LEDE = (
    "The meaning of these goals changed after the team last confirmed its links. Leave those chosen that hold for the "
    "goal as it is now; the others stay as they are until somebody changes them."
)
SEEN = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,18})", re.ASCII)
MICROSECONDS = 1_000_000


class SeenLinks(forms.MultipleChoiceField):
    """Links, each with its version and that of its goal as they were on view; the service compares them."""

    def valid_value(self, value: str) -> bool:
        return bool(SEEN.fullmatch(value))


class ConfirmingForm(forms.Form):
    seen_at = forms.IntegerField(min_value=0, max_value=10**17, widget=forms.HiddenInput())
    holds = SeenLinks(label="Links that still hold", error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})

    def chosen(self) -> list[tuple[int, int, int]]:
        """Id and versions of the link and of its goal."""
        found = (SEEN.fullmatch(value) for value in self.cleaned_data["holds"])
        return [(int(each[1]), int(each[2]), int(each[3])) for each in found if each]

    def at(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.cleaned_data["seen_at"] / MICROSECONDS, dt.UTC)


@dataclass(frozen=True)
class Row:
    link: Link
    value: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """A goal that changed, what of it, and the links that rest on it."""

    title: str
    url: str
    since: str
    said: list[Said]
    rows: list[Row]


@form_view
def team_confirmations(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    team: Team = team_for(reader, key)
    if not reader.has_perm(WORK_ON, team):
        raise PermissionDenied
    found, url = links_to_confirm(team, reader, company_now().as_of), reverse("team_detail", args=[team.key])
    if not found and request.method != "POST":
        return Success(f"No link of {team} waits to be confirmed.", url).response(request)
    form = ConfirmingForm(posted(request))
    page = FormPage(
        title="Do these links still hold?",
        lede=LEDE,
        form=form,
        action_label="They still hold",
        cancel_url=url,
        crumbs=[("Teams", reverse("team_list")), (team.name, url)],
        template="links/team_confirmations.html",
        extra={"groups": _groups(found, form, reader)},
    )
    by_id = {link.pk: link for each in found for link in each.links}
    return page.handle(
        request,
        save=lambda: _confirm(form, by_id, reader),
        done=lambda count: Success(_confirmed(count), url),
    )


def _confirm(form: ConfirmingForm, by_id: dict[int, Link], reader: Person) -> int:
    """All of them or none. Raises RefusedError."""
    count = 0
    for pk, version, goal_version in form.chosen():
        link = by_id.get(pk)
        if link is None:  # confirmed, changed or removed meanwhile
            continue
        seen: dict[str, Any] = {"version": version, "goal_version": goal_version, "seen_at": form.at()}
        try:
            confirm_link(link, actor=reader, at=now(), **seen)
        except StaleError as stale:
            raise RefusedError(f"{stale} Nothing was confirmed: look at “{link.initiative}” once more.") from stale
        count += 1
    return count


def _confirmed(count: int) -> str:
    if not count:
        return "Somebody confirmed, changed or removed these links meanwhile, so nothing was left to confirm."
    return f"{counted(count, 'link')} confirmed: the work still moves its goals."


def _groups(found: Sequence[ToConfirm], form: ConfirmingForm, reader: Person) -> list[Group]:
    """One query, where a goal was put below another."""
    put_below = {each.change.after["parent"] for each in found if each.change and each.change.after}
    name = naming(visible_goals(reader, {pk for pk in put_below if pk is not None}))
    sent: Any = form.data
    chosen = sent.getlist("holds") if form.is_bound else []
    groups = []
    for each in found:
        rows = [(link, f"{link.pk}-{link.version}-{link.goal.version}") for link in each.links]
        groups.append(
            Group(
                title=each.goal.title,
                url=reverse("goal_detail", args=[each.goal.key]),
                since=other_meaning(each.links[0].goal),
                said=goal_said(each.change, name) if each.change else [],
                rows=[Row(link, value, not form.is_bound or value in chosen) for link, value in rows],
            )
        )
    return groups
