"""What links cite: pages of the business context, and the personas that they are about."""

from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from alignment.models.link import Link
from strategy.models import ContextPage, Persona


class LinkPage(models.Model):
    """A page of the business context on which a bet rests."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="page_citations")
    page = models.ForeignKey(ContextPage, on_delete=models.CASCADE, related_name="link_citations")

    class Meta:
        constraints = [UniqueConstraint(fields=["link", "page"], name="alignment_linkpage_once")]

    def __str__(self) -> str:
        return f"{self.link_id} cites {self.page_id}"


class LinkPersona(models.Model):
    """A persona that a bet is about."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="persona_citations")
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="link_citations")

    class Meta:
        constraints = [UniqueConstraint(fields=["link", "persona"], name="alignment_linkpersona_once")]

    def __str__(self) -> str:
        return f"{self.link_id} is about {self.persona_id}"
