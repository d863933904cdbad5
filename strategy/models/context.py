"""Business context: short pages under three lenses."""

from __future__ import annotations

from typing import Self

from django.db import models

from lib.db import fields
from lib.db.named import Named
from lib.db.triggers import Versioned, counted_version
from strategy.enums import Lens
from teams.models import Person


class ContextPageQuerySet(models.QuerySet["ContextPage"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees every page (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()


class ContextPage(Named, Versioned):
    """`confirmed_on` is the day on which somebody last wrote or imported it, or said that it is still true; None where
    the page is older than that question."""

    key = fields.KeyField()
    lens = models.CharField(max_length=10, choices=Lens)
    title = fields.LineField()
    body = fields.LinesField()
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="context_pages")
    confirmed_on = models.DateField(null=True, blank=True)

    objects = ContextPageQuerySet.as_manager()

    class Meta:
        constraints = [
            fields.slug_key("strategy_contextpage"),
            fields.filled("strategy_contextpage", "title"),
            *fields.one_line("strategy_contextpage", "title"),
            *fields.at_most("strategy_contextpage", fields.MARKDOWN_LIMIT, "body"),
            fields.one_of("strategy_contextpage", "lens", Lens.values),
            *fields.days("strategy_contextpage", "confirmed_on"),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.title
