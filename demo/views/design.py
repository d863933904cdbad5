"""`/design/`: the design system, drawn with the components that the pages use, in light and in dark."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from demo.design import samples
from demo.design.tokens import TEXT_CONTRAST, colours, lengths
from lib.forms.sending import Unsaved

SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Chapter:
    """Drawn in both schemes by demo/design/_<key>.html. `once`: its landmarks or ids must be unique on a page, so its
    second copy is inert. `still`: both copies are inert, as its links lead to what is made up."""

    key: str
    title: str
    about: str
    once: bool = False
    still: bool = False

    @property
    def template(self) -> str:
        return f"demo/design/_{self.key}.html"

    @property
    def frames(self) -> list[tuple[str, bool]]:
        """Each scheme, and whether its copy is inert."""
        return [(scheme, self.still or (self.once and scheme != SCHEMES[0])) for scheme in SCHEMES]


CHAPTERS = (
    Chapter(
        "parts",
        "The four parts of effort",
        "One order, one colour, one mark and one label everywhere. A bar is read by its "
        "patterns as well: plain, dots, lines, stripes.",
    ),
    Chapter(
        "figures",
        "Figures",
        "A figure opens to its formula with its own numbers. One that does not exist is a dash "
        "with its reason, never 0 %.",
    ),
    Chapter(
        "trend",
        "Trend and progress",
        "A line of coverage by week, with its table; how far a measure has come, and where it went against what was "
        "wanted.",
    ),
    Chapter(
        "line",
        "Line of sight",
        "From the work to the strategy, with the bet on it. A link that does not count says why.",
    ),
    Chapter("flags", "Flags", "What is found and asked, with the answers, oldest first; housekeeping is one line."),
    Chapter(
        "tables", "Tables and trees", "Rows become cards on a phone. A tree opens by itself where there is little."
    ),
    Chapter("buttons", "Buttons, chips and facts", "One accent: what can be pressed. A chip’s mark tells its state."),
    Chapter(
        "forms", "Forms", "What is wrong is said beside its field, with what would be right; what was typed stays."
    ),
    Chapter("states", "Empty and error states", "An empty page teaches: what belongs here, why, and one button."),
    Chapter(
        "page", "The head of a page, and lists that filter", "Where it is, what it is, what can be done.", once=True
    ),
    Chapter("messages", "Messages", "What was done, with the way back; what was not, and why.", once=True),
    Chapter("effect", "Effect", "What a step would do, above the button that does it.", still=True),
    Chapter("digest", "Digest", "As on paper: one column, what is said in serif.", once=True),
)


class Samples:
    """The data of the chapters, made on demand."""

    here = samples.HERE
    work, none, parts_row = samples.WORK, samples.NONE, samples.parts(4, 2, 0, 1)
    crumbs = [("Teams", samples.HERE), ("Insurance", samples.HERE)]
    chips = [("Stance", "spotlight", "Spotlight"), ("Status", "active", "Active")]
    all_chips = [
        *(("active", "Active"), ("paused", "Paused"), ("draft", "Draft"), ("done", "Done"), ("dropped", "Dropped")),
        *(("claimed", "Claimed"), ("endorsed", "Endorsed"), ("disputed", "Disputed")),
    ]
    actions = [("Link it to a goal", samples.HERE, False), ("Edit", samples.HERE, False)]
    facts = [("Owner", "Ada Byrne", samples.HERE), ("Ends", "30 Jun 2026", None), ("Asked of", "", None)]
    active = [("Status: active", samples.HERE)]
    page = {"next_url": samples.HERE, "first_url": samples.HERE}
    wrong = [("Title", "id_light-title"), ("Kind", "id_light-kind")]
    differences = [{"label": "Title", "now": "Claims within a day", "yours": samples.GOAL}]
    unsaved = Unsaved(UUID(int=0), dt.datetime(2026, 3, 16, 9, 30, tzinfo=dt.UTC), samples.HERE)
    housekeeping = [("3 initiatives are not sized", samples.HERE), ("1 link has no reason", samples.HERE)]
    progress = {"at": "62%", "words": "At 31, 62 % of the way from 0 to 50."}
    filters = samples.SampleFilters()

    @cached_property
    def coverage(self) -> Any:
        return samples.coverage(samples.WORK)

    @cached_property
    def missing(self) -> Any:
        return samples.missing()

    @cached_property
    def forms(self) -> dict[str, Any]:
        return {scheme: samples.form(scheme) for scheme in SCHEMES}

    chart = cached_property(lambda _self: samples.way())
    spark = cached_property(lambda _self: samples.spark())
    trend = cached_property(lambda _self: samples.weeks())
    nodes = cached_property(lambda _self: samples.nodes())
    flags = cached_property(lambda _self: samples.flags())
    lines = cached_property(lambda _self: samples.lines())
    effect = cached_property(lambda _self: samples.effect())
    digest = cached_property(lambda _self: samples.digest())
    judged = cached_property(lambda _self: samples.judged())
    said = cached_property(lambda _self: samples.messages())


@login_not_required
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    context = {
        "schemes": SCHEMES,
        "chapters": CHAPTERS,
        "it": Samples(),
        "colours": colours(),
        "text_contrast": TEXT_CONTRAST,
        "type": lengths("text"),
        "space": lengths("space"),
    }
    return render(request, "demo/design.html", context)
