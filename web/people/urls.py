from __future__ import annotations

from django.urls import path

from web.people import editing, inviting, leaving, pages, rollout, suggestions
from web.people import views as people

urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/invite/", inviting.invite, name="person_invite"),
    path("people/invite/<int:number>/", inviting.invite_round, name="invite_round"),
    path("people/invite/<int:number>/again/", inviting.invite_round_again, name="invite_round_again"),
    path("people/invitations/", people.invitations, name="invitations"),
    path("people/rollout/", rollout.rollout, name="person_rollout"),
    path("people/suggestions/", suggestions.person_suggestions, name="person_suggestions"),
    path("people/<int:pk>/", pages.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", editing.person_edit, name="person_edit"),
    path("people/<int:pk>/address/withdrawal/", editing.person_address_withdrawal, name="person_address_withdrawal"),
    path("people/<int:pk>/invitation/", people.invitation, name="person_invitation"),
    path("people/<int:pk>/role/", people.role, name="person_role"),
    path("people/<int:pk>/leaving/", leaving.leaving, name="person_leaving"),
    path("people/<int:pk>/return/", leaving.comeback, name="person_return"),
    path("people/<int:pk>/erasure/", leaving.erasure, name="person_erasure"),
    path("people/<int:pk>/data/", leaving.data, name="person_data"),
]
