"""The visitor's progress on the path, stored in the session."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from demo.steps import BY_KEY, STEPS, Step, seen_in
from teams.models import LogEntry, Person

KEY = "demo_done"


def done_before(request: HttpRequest) -> frozenset[str]:
    """Keys of the steps that were done before this request."""
    return frozenset(request.session.get(KEY, ())) & BY_KEY.keys()


def done_now(request: HttpRequest) -> frozenset[str]:
    """Adds those that a successful visit to this page does."""
    found: frozenset[str] | None = getattr(request, "_demo_done", None)
    if found is None:
        before = done_before(request)
        found = before | (frozenset() if getattr(request, "demo_refused", False) else seen_in(request, before))
        request._demo_done = found  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def deeds_of(person: Person, *, since: dt.datetime, done: frozenset[str]) -> frozenset[str]:
    """The steps, of those not done before, that log entries of `person` since then do; one query."""
    waiting = [step for step in STEPS if step.deeds and step.key not in done and step.is_of(person.email)]
    if not waiting:
        return frozenset()
    actions = frozenset().union(*(step.deeds for step in waiting))
    did = set(LogEntry.objects.filter(actor=person, at__gte=since, action__in=actions).values_list("action", flat=True))
    return frozenset(step.key for step in waiting if step.deeds & did)


def keep(request: HttpRequest, done: frozenset[str]) -> None:
    """Stores them also in a new session, after a change of persona or a sign-out."""
    if done != done_before(request):
        request.session[KEY] = sorted(done)


def next_step(done: frozenset[str]) -> Step | None:
    return next((step for step in STEPS if step.key not in done), None)
