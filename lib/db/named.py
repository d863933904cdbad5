"""Rows that people gave a name."""

from __future__ import annotations

from django.db import models

from lib.text.isolation import isolated


class Named(models.Model):
    """`str(row)` is its name. In a sentence, an f-string, the name is isolated from what stands around it."""

    class Meta:
        abstract = True

    def __format__(self, spec: str) -> str:
        return format(isolated(self), spec)
