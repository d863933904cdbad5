from __future__ import annotations

from django.urls import path

from web.threads.editing import message_edit, message_text, thread_new
from web.threads.steps import (
    thread_following,
    thread_muting,
    thread_outcome,
    thread_pin,
    thread_reminder,
    thread_reopening,
)
from web.threads.views import thread_detail, thread_list

urlpatterns = [
    path("threads/", thread_list, name="thread_list"),
    path("threads/new/", thread_new, name="thread_new"),
    path("threads/<slug:key>/", thread_detail, name="thread_detail"),
    path("threads/<slug:key>/outcomes/<slug:outcome>/", thread_outcome, name="thread_outcome"),
    path("threads/<slug:key>/reopening/", thread_reopening, name="thread_reopening"),
    path("threads/<slug:key>/reminder/", thread_reminder, name="thread_reminder"),
    path("threads/<slug:key>/following/", thread_following, name="thread_following"),
    path("threads/<slug:key>/muting/", thread_muting, name="thread_muting"),
    path("threads/<slug:key>/messages/<int:pk>/edit/", message_edit, name="message_edit"),
    path("threads/<slug:key>/messages/<int:pk>/text/removal/", message_text, name="message_text"),
    path("threads/<slug:key>/messages/<int:pk>/pin/", thread_pin, name="thread_pin"),
]
