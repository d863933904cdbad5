"""What waits for a worker, and forms that people sent: what came of them, or what was typed where they could not be
taken.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from accounts.enums import InvitationState, NoticeMail
from lib.db import fields
from teams.models import Person


class ResetRequest(models.Model):
    """A link for a forgotten password that somebody asked for, and that a worker is to mail at `due_at`.

    `person` is null where nobody may have it: that is written as well, so that the page takes as long for everybody.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"asked at {self.asked_at}"


class InvitationRound(models.Model):
    """Invitations that an administrator sent together."""

    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitations of {self.at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """A mail that invites `person`, in the name of `actor` (None: of the company), which a worker sends at `due_at`.

    `round` is None for one that its person asked for, when an earlier one had expired. `link_at` is the instant of its
    link, the person's `invited_at`; it is set before the mail is sent, and again where the mail server refused it for
    the time being. `problem` is the mail server's last answer. A person has one that waits at most.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(InvitationRound, null=True, on_delete=models.CASCADE, related_name="invitations")
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    link_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")

    class Meta:
        indexes = [
            models.Index("due_at", "id", name="accounts_invitation_waiting", condition=Q(state="waiting")),
            models.Index("round", "state", name="accounts_invitation_by_round"),
        ]
        constraints = [
            UniqueConstraint(fields=["person"], condition=Q(state="waiting"), name="accounts_invitation_waits_once"),
            fields.one_of("accounts_invitation", "state", InvitationState.values),
            CheckConstraint(
                condition=Q(sent_at__isnull=False, state="sent") | (Q(sent_at=None) & ~Q(state="sent")),
                name="accounts_invitation_sent_at",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.person_id}"


class AddressChange(models.Model):
    """Another address of a person, which counts once it is confirmed from there; a person has one at most. Its link has
    `asked_at` in it: an earlier one ends.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="address_change")
    email = models.EmailField(max_length=fields.EMAIL_LIMIT)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"another address of {self.person_id}"


class AddressNotice(models.Model):
    """A mail to `to`, one of the addresses `old` and `new` of a person, that a worker is to send at `due_at`. It is
    deleted once it was sent.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    mail = models.CharField(max_length=20, choices=NoticeMail)
    to = models.EmailField(max_length=fields.EMAIL_LIMIT)
    old = models.EmailField(max_length=fields.EMAIL_LIMIT)
    new = models.EmailField(max_length=fields.EMAIL_LIMIT)
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [fields.one_of("accounts_addressnotice", "mail", NoticeMail.values)]

    def __str__(self) -> str:
        return f"{self.mail} of {self.person_id}"


class SentForm(models.Model):
    """One form, by the nonce that it was drawn with. `url` is where saving it led; before that, `typed` may hold what
    was in its fields when its session had ended, at `address`. Only `person` gets it back into the form; whoever signs
    in as somebody else where it was typed sees it to copy.

    The database does not check the person: that would lock their row, which some forms are about.
    """

    nonce = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField(db_index=True)
    url = models.TextField(default="")
    address = models.TextField(default="")
    typed: models.JSONField[dict[str, list[str]] | None, dict[str, list[str]] | None] = models.JSONField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(url="") | Q(typed__isnull=True), name="accounts_sentform_saved_or_kept"),
        ]

    def __str__(self) -> str:
        return str(self.nonce)
