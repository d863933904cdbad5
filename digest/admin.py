"""The read-only `/admin/` pages of the weekly digest."""

from __future__ import annotations

from django.contrib.admin import register

from digest.models import Digest, DigestSettings, TurnMail
from lib.admin import ReadOnlyAdmin, site


@register(DigestSettings, site=site)
class DigestSettingsAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "weekday", "hour", "previewed_at", "started_at", "paused_at", "planned_to")


@register(Digest, site=site)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ("id", "person", "week", "state", "due_at", "built_at", "sent_at", "attempts", "problem")
    list_filter = ("state", "week")
    list_select_related = ("person",)
    search_fields = ("=person__email",)


@register(TurnMail, site=site)
class TurnMailAdmin(ReadOnlyAdmin):
    list_display = ("id", "person", "day", "state", "due_at", "sent_at", "attempts", "problem")
    list_filter = ("state", "day")
    list_select_related = ("person",)
    search_fields = ("=person__email",)
