"""The `/admin/` lists of threads; texts of messages are read on their pages."""

from __future__ import annotations

from django.contrib.admin import register

from conversations.models import Following, Mention, Message, Thread
from lib.admin import ReadOnlyAdmin, site


@register(Thread, site=site)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ("key", "kind", "about_kind", "about_id", "aspect", "asker", "turn", "due_on", "outcome", "last_at")
    list_filter = ("turn",)

    list_select_related = ("asker",)
    search_fields = ("=key", "=asker__email")


@register(Message, site=site)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("id", "thread", "author", "at", "edited_at", "removed_at")
    list_select_related = ("thread", "author")
    search_fields = ("=thread__key", "=author__email")


@register(Mention, site=site)
class MentionAdmin(ReadOnlyAdmin):
    list_display = ("id", "message", "kind", "object_id")


@register(Following, site=site)
class FollowingAdmin(ReadOnlyAdmin):
    list_display = ("id", "thread", "person", "muted")
    list_select_related = ("thread", "person")
    search_fields = ("=thread__key", "=person__email")
