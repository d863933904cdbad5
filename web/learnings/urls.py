from __future__ import annotations

from django.urls import path

from web.learnings.views import learning_list

urlpatterns = [path("learnings/", learning_list, name="learning_list")]
