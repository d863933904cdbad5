from __future__ import annotations

from django.urls import path

from web.support import answering, teams, views

urlpatterns = [
    path("initiatives/<slug:key>/support/new/", views.support_new, name="support_new"),
    path("initiatives/<slug:key>/support/offers/new/", answering.support_offer, name="support_new_offer"),
    path("initiatives/<slug:key>/support/restoration/", views.support_restoration, name="support_restoration"),
    path("support/<int:pk>/", views.support_detail, name="support_detail"),
    path("support/<int:pk>/edit/", views.support_edit, name="support_edit"),
    path("support/<int:pk>/answer/", answering.support_answer, name="support_answer"),
    path("support/<int:pk>/acceptance/", answering.support_acceptance, name="support_acceptance"),
    path("support/<int:pk>/delivery/", answering.support_delivery, name="support_delivery"),
    path("support/<int:pk>/confirmation/", answering.support_confirmation, name="support_confirmation"),
    path("support/<int:pk>/thanks/", answering.support_thanks, name="support_thanks"),
    path("support/<int:pk>/offer/end/", answering.support_offer_end, name="support_offer_end"),
    path("support/<int:pk>/removal/", views.support_removal, name="support_removal"),
    path("support/<int:pk>/undo/", views.support_undo, name="support_undo"),
    path("teams/<slug:key>/support/", teams.team_support, name="team_support"),
]
