"""The template context of the demo's pages: the personas of the sign-in page, and the strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from demo.cast import ABOUT, CAST, COMPANY, Part
from demo.moving import is_demo
from demo.people import BY_EMAIL, people_here
from demo.progress import done_now, next_step
from demo.steps import STEPS, Step
from teams.models import Person


@dataclass(frozen=True)
class Strip:
    """The person signed in (`part` is None outside the cast), the others of the cast, and the next step."""

    name: str
    part: Part | None
    others: list[Part]
    next: Step | None
    done: int
    steps: int


class Demo:
    """Read by templates; what a page does not show costs no query."""

    title = f"Step into {COMPANY}"
    lede = (
        f"{COMPANY} makes {ABOUT}. The company is made up, its figures are not. Choose through whose eyes to look, and "
        "change what you like."
    )

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def personas(self) -> list[Part]:
        """The cast members in this company; one query."""
        here = people_here()
        return [part for part in CAST if part.role in here]

    @cached_property
    def strip(self) -> Strip | None:
        """None where no one is signed in, and in a company that is not the demo's. One query."""
        person: Any = getattr(self._request, "user", None)
        if not isinstance(person, Person) or not is_demo():
            return None
        part = BY_EMAIL.get(person.email)
        done = done_now(self._request)
        others = [other for other in CAST if other is not part]
        return Strip(person.name, part, others, next_step(done), len(done), len(STEPS))


def demo(request: HttpRequest) -> dict[str, Demo]:
    return {"demo": Demo(request)}
