"""The `/admin/` lists of people, teams and their work."""

from __future__ import annotations

from django.contrib.admin import register

from lib.admin import ReadOnlyAdmin, site
from teams.models import Company, Contributor, Initiative, LogEntry, Membership, Person, StanceRange, Support, Team


@register(Person, site=site)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "role", "is_active", "invited_at", "joined_at", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")


@register(Team, site=site)
class TeamAdmin(ReadOnlyAdmin):
    list_display = ("name", "key", "parent", "stance", "stance_until", "version")
    list_filter = ("stance",)
    list_select_related = ("parent",)
    search_fields = ("name", "key")


@register(Membership, site=site)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("id", "team", "person", "role")
    list_filter = ("role",)
    list_select_related = ("team", "person")
    search_fields = ("team__name", "person__name")


@register(Initiative, site=site)
class InitiativeAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "team", "kind", "origin", "status", "effort", "touched_on", "version")
    list_filter = ("kind", "status", "origin")
    list_select_related = ("team",)
    search_fields = ("title", "=key", "=team__key")


@register(Contributor, site=site)
class ContributorAdmin(ReadOnlyAdmin):
    list_display = ("id", "initiative", "person")
    list_select_related = ("initiative", "person")
    search_fields = ("=initiative__key", "=person__email")


@register(Support, site=site)
class SupportAdmin(ReadOnlyAdmin):
    list_display = ("id", "initiative", "team", "size", "status", "asked_on")
    list_filter = ("status", "size")
    list_select_related = ("initiative", "team")
    search_fields = ("=initiative__key", "=team__key")


@register(Company, site=site)
class CompanyAdmin(ReadOnlyAdmin):
    list_display = ("name", "purpose", "timezone", "grace_days", "silent_days", "default_effort", "check_in_rhythm")


@register(StanceRange, site=site)
class StanceRangeAdmin(ReadOnlyAdmin):
    list_display = (
        *("stance", "coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor"),
        "sustaining_ceiling",
    )


@register(LogEntry, site=site)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "action", "subject_kind", "subject_id", "row_version", "actor")
    list_filter = ("subject_kind",)
    list_select_related = ("actor",)
    search_fields = ("=action", "=actor__email")
