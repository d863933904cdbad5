"""What every page of the demo can show: the personas of the sign-in page, and the strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from demo.cast import ABOUT, CAST, COMPANY, Part
from demo.people import BY_EMAIL, people_here
from demo.progress import done_now, next_step
from demo.steps import STEPS, Step
from teams.models import Person


@dataclass(frozen=True)
class Strip:
    """Who one is (`part` is None for somebody who is not of the cast), whom one could be, and what comes next."""

    name: str
    part: Part | None
    others: list[Part]
    next: Step | None
    done: int
    steps: int


class Demo:
    """Asked by templates; what a page does not show costs it nothing."""

    title = f"Step into {COMPANY}"
    lede = (
        f"{COMPANY} makes {ABOUT}. The company is made up, its figures are not. Choose through whose eyes to look, and "
        "change what you like."
    )

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def personas(self) -> list[Part]:
        """Of those who are there; one query."""
        here = people_here()
        return [part for part in CAST if part.role in here]

    @cached_property
    def strip(self) -> Strip | None:
        """For whoever is signed in; without a query."""
        person: Any = getattr(self._request, "user", None)
        if not isinstance(person, Person):
            return None
        done = done_now(self._request)
        part = BY_EMAIL.get(person.email)
        others = [other for other in CAST if other is not part]
        return Strip(person.name, part, others, next_step(done), len(done), len(STEPS))


def demo(request: HttpRequest) -> dict[str, Demo]:
    return {"demo": Demo(request)}
