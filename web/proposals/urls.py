from __future__ import annotations

from django.urls import path

from web.proposals.views import proposal_acceptance, proposal_new, proposal_new_from_work

urlpatterns = [
    path("proposals/new/", proposal_new, name="proposal_new"),
    path("initiatives/<slug:key>/proposal/", proposal_new_from_work, name="proposal_new_from_work"),
    path("threads/<slug:key>/acceptance/", proposal_acceptance, name="proposal_acceptance"),
]
