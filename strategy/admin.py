"""The `/admin/` lists of strategies, goals and the business context."""

from __future__ import annotations

from django.contrib.admin import register

from lib.admin import ReadOnlyAdmin, site
from strategy.models import (
    Amendment,
    AmendmentEdit,
    CheckIn,
    ContextPage,
    Decision,
    DecisionGoal,
    DecisionPage,
    DecisionPerson,
    DecisionPersona,
    Edition,
    EditionGoal,
    Goal,
    GoalPage,
    GoalPersona,
    GoalSuccessor,
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


@register(GoalSuccessor, site=site)
class GoalSuccessorAdmin(ReadOnlyAdmin):
    list_display = ("id", "goal", "successor")
    list_select_related = ("goal", "successor")
    search_fields = ("=goal__key", "=successor__key")


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


@register(Decision, site=site)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("title", "key", "status", "visibility", "decided_on", "owner", "version")
    list_filter = ("status", "visibility")
    list_select_related = ("owner",)
    search_fields = ("title", "key")


@register(DecisionPerson, site=site)
class DecisionPersonAdmin(ReadOnlyAdmin):
    list_display = ("id", "decision", "person")
    list_select_related = ("decision", "person")
    search_fields = ("=decision__key", "=person__email")


@register(DecisionGoal, site=site)
class DecisionGoalAdmin(ReadOnlyAdmin):
    list_display = ("id", "decision", "goal")
    list_select_related = ("decision", "goal")
    search_fields = ("=decision__key", "=goal__key")


@register(DecisionPage, site=site)
class DecisionPageAdmin(ReadOnlyAdmin):
    list_display = ("id", "decision", "page")
    list_select_related = ("decision", "page")
    search_fields = ("=decision__key", "=page__key")


@register(DecisionPersona, site=site)
class DecisionPersonaAdmin(ReadOnlyAdmin):
    list_display = ("id", "decision", "persona")
    list_select_related = ("decision", "persona")
    search_fields = ("=decision__key", "=persona__key")


@register(GoalPage, site=site)
class GoalPageAdmin(ReadOnlyAdmin):
    list_display = ("id", "goal", "page")
    list_select_related = ("goal", "page")
    search_fields = ("=goal__key", "=page__key")


@register(GoalPersona, site=site)
class GoalPersonaAdmin(ReadOnlyAdmin):
    list_display = ("id", "goal", "persona")
    list_select_related = ("goal", "persona")
    search_fields = ("=goal__key", "=persona__key")
