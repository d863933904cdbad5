"""Who follows a thread."""

from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from conversations.models.thread import Thread
from teams.models import Person


class Following(models.Model):
    """`person` is told what is said in `thread`; with `muted` they are not, whatever is said there. It is personal:
    neither in the log nor in bundles.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="following")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="following")
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "thread"], name="conversations_following_once")]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.thread_id}"
