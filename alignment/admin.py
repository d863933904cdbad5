"""The read-only `/admin/` pages of links, figures and flags; Django's admin cannot show composite keys."""

from __future__ import annotations

from django.contrib.admin import register

from alignment.models import (
    CompanyWeek,
    Dirty,
    Flag,
    GoalFigures,
    InitiativeFigures,
    InitiativeHistory,
    Link,
    LinkFigures,
    LinkHistory,
    LinkPage,
    LinkPersona,
    Proposal,
    ProposalWork,
    Recompute,
    TeamFigures,
)
from lib.admin import ReadOnlyAdmin, site

PARTS = ("effort", "aligned", "reasoned", "endorsed", "exploring", "sustaining", "orphaned")


@register(Link, site=site)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ("id", "initiative", "goal", "share", "state", "outcome", "confirmed_on", "version")
    list_filter = ("state", "outcome")
    list_select_related = ("initiative", "goal")
    search_fields = ("=initiative__key", "=goal__key")


@register(LinkPage, site=site)
class LinkPageAdmin(ReadOnlyAdmin):
    list_display = ("id", "link", "page")
    list_select_related = ("link", "page")
    search_fields = ("=link__initiative__key", "=page__key")


@register(LinkPersona, site=site)
class LinkPersonaAdmin(ReadOnlyAdmin):
    list_display = ("id", "link", "persona")
    list_select_related = ("link", "persona")
    search_fields = ("=link__initiative__key", "=persona__key")


@register(Proposal, site=site)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("id", "thread", "title", "goal", "linked_at", "version")
    list_select_related = ("thread", "goal")
    search_fields = ("=thread__key", "=goal__key")


@register(ProposalWork, site=site)
class ProposalWorkAdmin(ReadOnlyAdmin):
    list_display = ("id", "proposal", "initiative")
    list_select_related = ("proposal", "initiative")
    search_fields = ("=proposal__thread__key", "=initiative__key")


@register(Flag, site=site)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ("id", "code", "initiative", "goal", "team", "first_seen", "resolved_on", "snoozed_until")
    list_filter = ("code",)
    list_select_related = ("initiative", "goal", "team")
    search_fields = ("=initiative__key", "=goal__key", "=team__key")


@register(InitiativeFigures, site=site)
class InitiativeFiguresAdmin(ReadOnlyAdmin):
    list_display = ("initiative", "team", *PARTS, "unsized")
    list_select_related = ("initiative", "team")
    search_fields = ("=initiative__key", "=team__key")


@register(TeamFigures, site=site)
class TeamFiguresAdmin(ReadOnlyAdmin):
    list_display = ("team", *PARTS, "initiatives", "unsized")
    list_select_related = ("team",)
    search_fields = ("=team__key",)


@register(GoalFigures, site=site)
class GoalFiguresAdmin(ReadOnlyAdmin):
    list_display = ("goal", "live", "anchored", "reason", "effort", "initiatives", "teams", "unsized")
    list_filter = ("live", "anchored", "reason")
    list_select_related = ("goal",)
    search_fields = ("=goal__key",)


@register(LinkFigures, site=site)
class LinkFiguresAdmin(ReadOnlyAdmin):
    list_display = ("link", "initiative", "goal", "endorsed", "amount")
    list_select_related = ("link", "initiative", "goal")
    search_fields = ("=initiative__key", "=goal__key")


@register(InitiativeHistory, site=site)
class InitiativeHistoryAdmin(ReadOnlyAdmin):
    list_display = ("id", "initiative_id", "team", "as_of", *PARTS, "cause")
    list_select_related = ("team", "cause")
    search_fields = ("=initiative__key", "=team__key")


@register(LinkHistory, site=site)
class LinkHistoryAdmin(ReadOnlyAdmin):
    list_display = ("id", "link_id", "initiative_id", "goal_id", "as_of", "state", "amount", "cause")
    list_select_related = ("cause",)
    search_fields = ("=initiative__key", "=goal__key")


@register(CompanyWeek, site=site)
class CompanyWeekAdmin(ReadOnlyAdmin):
    list_display = ("week", "as_of", *PARTS, "goals_anchored", "goals_covered", "priority_fit")


@register(Recompute, site=site)
class RecomputeAdmin(ReadOnlyAdmin):
    list_display = ("id", "as_of", "finished_at", "cause")
    list_select_related = ("cause",)


@register(Dirty, site=site)
class DirtyAdmin(ReadOnlyAdmin):
    list_display = ("id", "what", "of", "cause")
    list_filter = ("what",)
    list_select_related = ("cause",)
