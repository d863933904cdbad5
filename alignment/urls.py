from __future__ import annotations

from django.urls import path

from alignment.views.digest_administration import (
    digest_address,
    digest_administration,
    digest_resend,
    digest_resend_failed,
)
from alignment.views.digest_previews import digest_preview
from alignment.views.digest_running import (
    digest_pause,
    digest_resume,
    digest_start,
    digest_times_of_company,
    digest_times_reversal,
)
from alignment.views.digests import digest_detail, digest_list, digest_next
from alignment.views.flags import flag_list
from alignment.views.home import home
from alignment.views.judgements import link_dispute, link_endorsement, link_judgement_removal
from alignment.views.links import (
    link_confirmation,
    link_edit,
    link_new,
    link_new_from_goal,
    link_outcome,
    link_removal,
    link_restoration,
    link_shares,
)
from alignment.views.outbox import digest_outbox, digest_outbox_file, digest_outbox_mail
from alignment.views.replies import digest_reply
from alignment.views.settings import settings, settings_reversal
from alignment.views.snoozing import flag_snooze, flag_waking
from alignment.views.subscriptions import digest_times, digest_unsubscription

urlpatterns = [
    path("", home, name="home"),
    path("flags/", flag_list, name="flag_list"),
    path("flags/<int:pk>/snooze/", flag_snooze, name="flag_snooze"),
    path("flags/<int:pk>/waking/", flag_waking, name="flag_waking"),
    path("initiatives/<slug:key>/links/new/", link_new, name="link_new"),
    path("initiatives/<slug:key>/shares/", link_shares, name="link_shares"),
    path("goals/<slug:key>/links/new/", link_new_from_goal, name="link_new_from_goal"),
    path("links/<int:pk>/edit/", link_edit, name="link_edit"),
    path("links/<int:pk>/removal/", link_removal, name="link_removal"),
    path("links/<int:pk>/confirmation/", link_confirmation, name="link_confirmation"),
    path("links/<int:pk>/outcome/", link_outcome, name="link_outcome"),
    path("links/<int:pk>/endorsement/", link_endorsement, name="link_endorsement"),
    path("links/<int:pk>/dispute/", link_dispute, name="link_dispute"),
    path("links/<int:pk>/judgement/removal/", link_judgement_removal, name="link_judgement_removal"),
    path("removed-links/<int:pk>/restoration/", link_restoration, name="link_restoration"),
    path("settings/", settings, name="settings"),
    path("settings/reversal/", settings_reversal, name="settings_reversal"),
    path("digests/", digest_list, name="digest_list"),
    path("digests/next/", digest_next, name="digest_next"),
    path("digests/administration/", digest_administration, name="digest_administration"),
    path("digests/administration/times/", digest_times_of_company, name="digest_times_of_company"),
    path("digests/administration/times/reversal/", digest_times_reversal, name="digest_times_reversal"),
    path("digests/administration/preview/", digest_preview, name="digest_preview"),
    path("digests/administration/start/", digest_start, name="digest_start"),
    path("digests/administration/pause/", digest_pause, name="digest_pause"),
    path("digests/administration/resumption/", digest_resume, name="digest_resume"),
    path("digests/administration/failed/", digest_resend_failed, name="digest_resend_failed"),
    path("digests/administration/failed/<int:pk>/", digest_resend, name="digest_resend"),
    path("digests/administration/addresses/<int:pk>/", digest_address, name="digest_address"),
    path("digests/administration/outbox/", digest_outbox, name="digest_outbox"),
    path("digests/administration/outbox/<str:name>/<int:number>/", digest_outbox_mail, name="digest_outbox_mail"),
    path("digests/administration/outbox/<str:name>/<int:number>/file/", digest_outbox_file, name="digest_outbox_file"),
    path("digests/replies/<str:token>/", digest_reply, name="digest_reply"),
    path("digests/unsubscription/<str:token>/", digest_unsubscription, name="digest_unsubscription"),
    path("digests/times/<str:token>/", digest_times, name="digest_times"),
    path("digests/<str:week>/", digest_detail, name="digest_detail"),
]
