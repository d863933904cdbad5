from __future__ import annotations

from django.urls import path

from web.people import views as people

urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/invitations/", people.invitations, name="invitations"),
    path("people/<int:pk>/invitation/", people.invitation, name="person_invitation"),
    path("people/<int:pk>/role/", people.role, name="person_role"),
]
