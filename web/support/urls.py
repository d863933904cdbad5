from __future__ import annotations

from django.urls import path

from web.support import views as support

urlpatterns = [
    path("initiatives/<slug:key>/support/new/", support.support_new, name="support_new"),
    path("initiatives/<slug:key>/support/restoration/", support.support_restoration, name="support_restoration"),
    path("support/<int:pk>/edit/", support.support_edit, name="support_edit"),
    path("support/<int:pk>/answer/", support.support_answer, name="support_answer"),
    path("support/<int:pk>/delivery/", support.support_delivery, name="support_delivery"),
    path("support/<int:pk>/removal/", support.support_removal, name="support_removal"),
    path("support/<int:pk>/undo/", support.support_undo, name="support_undo"),
]
