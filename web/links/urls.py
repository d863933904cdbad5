from __future__ import annotations

from django.urls import path

from web.links.confirming import team_confirmations
from web.links.judgements import link_dispute, link_endorsement, link_judgement_removal
from web.links.successions import link_return, link_succession
from web.links.views import (
    link_confirmation,
    link_edit,
    link_new,
    link_new_from_goal,
    link_outcome,
    link_removal,
    link_restoration,
    link_shares,
)

urlpatterns = [
    path("initiatives/<slug:key>/links/new/", link_new, name="link_new"),
    path("initiatives/<slug:key>/successors/<slug:goal_key>/", link_succession, name="link_succession"),
    path("initiatives/<slug:key>/shares/", link_shares, name="link_shares"),
    path("teams/<slug:key>/confirmations/", team_confirmations, name="team_confirmations"),
    path("goals/<slug:key>/links/new/", link_new_from_goal, name="link_new_from_goal"),
    path("links/<int:pk>/edit/", link_edit, name="link_edit"),
    path("links/<int:pk>/removal/", link_removal, name="link_removal"),
    path("links/<int:pk>/confirmation/", link_confirmation, name="link_confirmation"),
    path("links/<int:pk>/outcome/", link_outcome, name="link_outcome"),
    path("links/<int:pk>/endorsement/", link_endorsement, name="link_endorsement"),
    path("links/<int:pk>/dispute/", link_dispute, name="link_dispute"),
    path("links/<int:pk>/judgement/removal/", link_judgement_removal, name="link_judgement_removal"),
    path("links/<int:pk>/return/", link_return, name="link_return"),
    path("removed-links/<int:pk>/restoration/", link_restoration, name="link_restoration"),
]
