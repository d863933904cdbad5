"""People, who sign in with their e-mail address."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from rules.permissions import has_perm

from lib.db import fields
from lib.db.folding import folded_index
from lib.db.named import Named
from lib.db.triggers import Versioned, counted_version
from teams.enums import Role


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.with_email(username or "").get()

    def with_email(self, email: str) -> models.QuerySet[Person]:
        """The person with this address, compared without case, if there is one."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.strip().lower())

    def visible_to(self, person: Person) -> models.QuerySet[Person]:
        """Everybody in the company sees all people in it (DESIGN.md, *Visibility*)."""
        return self.all() if person.is_active else self.none()


class Person(Named, AbstractBaseUser, Versioned):
    """A person in the company. `joined_at` is the instant they accepted their invitation; before it they have no
    password and get no digests.

    The weekly digest: `digests` says whether they want it, `digests_always` whether they want it even without news. It
    is due on ISO weekday `digest_weekday` (1 is Monday) at `digest_hour` (0 to 23) in their own zone; None means the
    company's value. They get no digest that was due before `digests_since`. `turn_mails` says whether they want a mail
    on days on which it became their turn in a conversation; it leaves at that hour. `refused_at` is when a mail server
    permanently refused the address, `refusal` its answer.

    Who has left is not `is_active`. The database takes their password then, and their sessions and one-time addresses
    end with it, also if they come back. `erased_at` is when their name and address were replaced for good.
    """

    email = models.EmailField(max_length=fields.EMAIL_LIMIT, unique=True)
    name = fields.LineField()
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    timezone = models.CharField(max_length=64, blank=True, default="")
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(null=True, blank=True, editable=False)
    digests = models.BooleanField(default=True, db_default=True)
    digests_always = models.BooleanField(default=False, db_default=False)
    turn_mails = models.BooleanField(default=True, db_default=True)
    digests_since = models.DateTimeField(null=True, blank=True, editable=False)
    digest_weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True, editable=False)
    refusal = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="", db_default="", editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name__folded", "id"]
        indexes = [
            models.Index(folded_index("name"), "id", name="teams_person_by_name"),
            GinIndex(OpClass(folded_index("name"), name="gin_trgm_ops"), name="teams_person_name_trgm"),
            GinIndex(OpClass(folded_index("email"), name="gin_trgm_ops"), name="teams_person_email_trgm"),
        ]
        constraints = [
            UniqueConstraint(
                Lower("email"),
                name="teams_person_email_once",
                violation_error_message="Somebody with this e-mail address is here already.",
            ),
            fields.filled("teams_person", "name"),
            *fields.one_line("teams_person", "name"),
            fields.one_of("teams_person", "role", Role.values),
            fields.between("teams_person", "digest_weekday", 1, 7),
            fields.between("teams_person", "digest_hour", 0, 23),
            *fields.one_line("teams_person", "refusal"),
            CheckConstraint(condition=Q(erased_at=None) | Q(is_active=False), name="teams_person_erased_has_left"),
        ]
        triggers = [
            counted_version(
                *("email", "name", "role", "timezone", "is_active"),
                *("digests", "digests_always", "digest_weekday", "digest_hour", "turn_mails"),
            ),
            pgtrigger.Trigger(
                name="left",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("is_active"),
                condition=pgtrigger.Condition("OLD.is_active AND NOT NEW.is_active"),
                func="NEW.password := '!' || gen_random_uuid()::text; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="last_admin",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("role", "is_active") | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("OLD.role = 'admin' AND OLD.is_active"),
                func=pgtrigger.Func("""
                    PERFORM pg_advisory_xact_lock(hashtext('{meta.db_table}.last_admin'));
                    IF NOT EXISTS (SELECT FROM {meta.db_table} WHERE role = 'admin' AND is_active) THEN
                        RAISE EXCEPTION 'the company needs an administrator'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_person_last_admin';
                    END IF;
                    RETURN NULL;
                """),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Follows the apps' rules.py; an unregistered permission is granted to nobody."""
        return bool(has_perm(perm, self, obj))

    @cached_property
    def team_roles(self) -> dict[int, str]:
        """The person's role on each of their teams that is not archived, by team id. For the signed-in person it comes
        from `roles_on_teams` (accounts.adapter), so pages need no query for it.
        """
        rows = getattr(self, "roles_on_teams", None)
        if rows is None:
            return dict(self.memberships.filter(team__archived_on=None).values_list("team_id", "role"))
        return {row["team"]: row["role"] for row in rows}

    @property
    def is_admin(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    @property
    def sees_everything(self) -> bool:
        """Leaders and administrators see drafts and confidential goals."""
        return self.is_active and self.role in {Role.ADMIN, Role.LEADER}
