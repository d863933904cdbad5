"""Shows the guided path: each step with its place today."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from demo.people import people_here
from demo.progress import done_before, next_step
from demo.steps import STEPS, Place, Seen, Step

MISSING = "{} is not in this company any more, so look at it as yourself."


@dataclass(frozen=True)
class Row:
    """`steps_over`: the visitor has to become another persona first; `note` says what is not as planned."""

    step: Step
    place: Place
    note: str
    done: bool
    steps_over: bool
    is_next: bool


@login_not_required
@require_safe
def guided_path(request: HttpRequest) -> HttpResponse:
    """At most eight queries: who asks, the cast, and five reads for the places."""
    seen, done = Seen(people_here()), done_before(request)
    following = next_step(done)
    email = getattr(request.user, "email", "")
    rows = [_row(step, seen, email=email, done=step.key in done, is_next=step is following) for step in STEPS]
    context = {"rows": rows, "done": len(done), "all_done": following is None, "anybody": bool(seen.people)}
    return render(request, "demo/path.html", context)


def _row(step: Step, seen: Seen, *, email: str, done: bool, is_next: bool) -> Row:
    person = seen.people.get(step.part.role)
    found = step.find(person, seen) if person and step.find else None
    gone = step.gone if step.find and not found else ""
    note = gone if person else MISSING.format(step.part.name)
    steps_over = person is not None and email != step.part.email
    return Row(step, found or step.otherwise(), note, done, steps_over, is_next)
