"""Everything that is kept about a person."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import AddressChange, AddressNotice, Invitation, InvitationRound, ResetRequest, SentForm
from alignment.models import Flag, Link
from conversations.models import Following, Message, Thread
from digest.models import Digest, TurnMail
from strategy.models import (
    Amendment,
    AmendmentEdit,
    CheckIn,
    ContextPage,
    Decision,
    DecisionPerson,
    Edition,
    EditionRead,
    Goal,
    Measure,
    Strategy,
)
from teams.models import Contributor, Initiative, LogEntry, Membership, Person

OWN_FIELDS = tuple(
    field.attname for field in Person._meta.concrete_fields if field.name not in {"id", "password", "version"}
)
KEPT: dict[str, tuple[type[Model], str, tuple[str, ...]]] = {
    "teams": (Membership, "person", ("team__key", "role")),
    "strategies": (Strategy, "owner", ("key", "title", "status")),
    "goals": (Goal, "owner", ("key", "title", "status")),
    "measures": (Measure, "keeper", ("key", "title")),
    "initiatives": (Initiative, "owner", ("key", "title", "status")),
    "contributions": (Contributor, "person", ("initiative__key", "initiative__title")),
    "context_pages": (ContextPage, "owner", ("key", "title")),
    "decisions": (Decision, "owner", ("key", "title", "status")),
    "decided": (DecisionPerson, "person", ("decision__key", "decision__title")),
    "judgements": (Link, "judged_by", ("id", "state", "judged_on", "note")),
    "snoozed_flags": (Flag, "snoozed_by", ("id", "code", "snoozed_until", "snooze_reason")),
    "editions": (Edition, "person", ("strategy__key", "number", "at", "kind", "because")),
    "amendments_begun": (Amendment, "opened_by", ("strategy__key", "opened_at")),
    "amendments_ended": (Amendment, "ended_by", ("strategy__key", "state", "ended_at", "because")),
    "planned_edits": (AmendmentEdit, "person", ("amendment__strategy__key", "kind", "at", "changes")),
    "editions_read": (EditionRead, "person", ("edition__strategy_id", "edition__number", "at")),
    "check_ins": (CheckIn, "person", ("id", "at", "value", "confidence", "note", "corrects")),
    "conversations": (Thread, "asker", ("key", "kind", "opened_at", "outcome", "closed_at")),
    "messages": (Message, "author", ("thread__key", "at", "text", "edited_at", "removed_at")),
    "texts_removed": (Message, "removed_by", ("thread__key", "removed_at")),
    "followed": (Following, "person", ("thread__key", "muted")),
    "digests": (Digest, "person", ("week", "state", "due_at", "sent_at", "subject", "content")),
    "turn_mails_of_days": (TurnMail, "person", ("day", "state", "due_at", "sent_at")),
    "sign_in_addresses": (EmailAddress, "user", ("email", "verified")),
    "forms": (SentForm, "person", ("at", "url", "address", "typed")),
    "password_resets": (ResetRequest, "person", ("asked_at",)),
    "invitations": (Invitation, "person", ("asked_at", "state", "sent_at", "problem")),
    "invited": (Invitation, "actor", ("asked_at", "state")),
    "invitation_rounds": (InvitationRound, "actor", ("at",)),
    "new_address": (AddressChange, "person", ("email", "asked_at")),
    "new_addresses_asked": (AddressChange, "actor", ("asked_at",)),
    "address_notices": (AddressNotice, "person", ("mail", "to", "old", "new", "due_at")),
    "done": (LogEntry, "actor", ("at", "action", "subject_kind", "subject_id")),
}
"""By the name in the file, every table that refers to people: by which column, and what of a row is about the person.
What others wrote is theirs, so of a judged link there is the judgement, and of an action what it was done to."""


def kept_about(person: Person) -> dict[str, Any]:
    """All that is kept about `person`, as plain values. One query."""
    about = LogEntry.objects.filter(subject_kind="person", subject_id=OuterRef("pk")).order_by("pk")
    columns = {
        f"kept_{name}": _rows(QuerySet(model).filter(**{column: OuterRef("pk")}).order_by("pk"), names)
        for name, (model, column, names) in KEPT.items()
    }
    columns["kept_history"] = _rows(about, ("at", "action", "changes", "note"))
    row = Person.objects.filter(pk=person.pk).annotate(**columns).values(*OWN_FIELDS, *columns).get()
    own = {name: row[name] for name in OWN_FIELDS}
    return {"person": own} | {name.removeprefix("kept_"): row[name] for name in columns}


def _rows(rows: QuerySet[Any], names: tuple[str, ...]) -> ArraySubquery:
    return ArraySubquery(rows.values(row=JSONObject(**{name.replace("__", "_"): name for name in names})))
