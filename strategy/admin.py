"""The `/admin/` lists of strategies, goals and the business context."""

from __future__ import annotations

from django.contrib.admin import register

from lib.admin import ReadOnlyAdmin, site
from strategy.models import (
    Amendment,
    AmendmentEdit,
    CheckIn,
    ContextPage,
    Edition,
    EditionGoal,
    Goal,
    Measure,
    MissionGoal,
    Persona,
    Strategy,
    TeamPersona,
)


@register(Strategy, site=site)
class StrategyAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "status", "starts_on", "ends_on", "owner", "version")
    list_filter = ("status",)
    list_select_related = ("owner",)
    search_fields = ("title", "key")


@register(Goal, site=site)
class GoalAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "parent", "strategy", "team", "status", "visibility", "weight", "version")
    list_filter = ("status", "kind", "visibility")
    list_select_related = ("parent", "strategy", "team")
    search_fields = ("title", "=key", "=strategy__key", "=team__key")


@register(Measure, site=site)
class MeasureAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "goal", "kind", "unit", "baseline", "current", "target", "keeper", "version")
    list_filter = ("kind",)
    list_select_related = ("goal", "keeper")
    search_fields = ("title", "key", "=goal__key")


@register(CheckIn, site=site)
class CheckInAdmin(ReadOnlyAdmin):
    list_display = ("id", "measure", "at", "person", "value", "confidence", "corrects")
    list_filter = ("confidence",)
    list_select_related = ("measure", "person")
    search_fields = ("=measure__key",)


@register(Edition, site=site)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("id", "strategy", "number", "at", "person", "kind")
    list_filter = ("kind",)
    list_select_related = ("strategy", "person")
    search_fields = ("=strategy__key",)


@register(EditionGoal, site=site)
class EditionGoalAdmin(ReadOnlyAdmin):
    list_display = ("id", "edition", "goal", "hidden")
    list_select_related = ("edition", "goal")
    search_fields = ("=goal__key",)


@register(Amendment, site=site)
class AmendmentAdmin(ReadOnlyAdmin):
    list_display = ("id", "strategy", "state", "opened_by", "opened_at", "ended_by", "ended_at", "version")
    list_filter = ("state",)
    list_select_related = ("strategy", "opened_by", "ended_by")
    search_fields = ("=strategy__key",)


@register(AmendmentEdit, site=site)
class AmendmentEditAdmin(ReadOnlyAdmin):
    list_display = ("id", "amendment", "kind", "goal_id", "measure_id", "person", "at", "version")
    list_filter = ("kind",)
    list_select_related = ("amendment", "person")


@register(MissionGoal, site=site)
class MissionGoalAdmin(ReadOnlyAdmin):
    list_display = ("id", "team", "goal")
    list_select_related = ("team", "goal")
    search_fields = ("=team__key", "=goal__key")


@register(Persona, site=site)
class PersonaAdmin(ReadOnlyAdmin):
    list_display = ("name", "key", "version")
    search_fields = ("name", "key")


@register(TeamPersona, site=site)
class TeamPersonaAdmin(ReadOnlyAdmin):
    list_display = ("id", "team", "persona")
    list_select_related = ("team", "persona")
    search_fields = ("=team__key", "=persona__key")


@register(ContextPage, site=site)
class ContextPageAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "lens", "owner", "version")
    list_filter = ("lens",)
    list_select_related = ("owner",)
    search_fields = ("title", "key")
