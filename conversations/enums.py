"""Choices of threads."""

from __future__ import annotations

from django.db import models


class Side(models.TextChoices):
    """The two sides of a thread; whose turn it is is one of them, or neither."""

    ASKS = "asks", "Whoever asked"
    ANSWERS = "answers", "Whoever answers"
