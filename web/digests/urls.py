from __future__ import annotations

from django.urls import path

from web.digests.administration import digest_address, digest_administration, digest_resend, digest_resend_failed
from web.digests.outbox import digest_outbox, digest_outbox_file, digest_outbox_mail
from web.digests.previews import digest_preview
from web.digests.replies import digest_reply
from web.digests.running import (
    digest_pause,
    digest_resume,
    digest_start,
    digest_times_of_company,
    digest_times_undo,
)
from web.digests.subscriptions import digest_times, digest_unsubscription, turn_mails_stop
from web.digests.views import digest_detail, digest_list, digest_next

urlpatterns = [
    path("digests/", digest_list, name="digest_list"),
    path("digests/next/", digest_next, name="digest_next"),
    path("digests/administration/", digest_administration, name="digest_administration"),
    path("digests/administration/times/", digest_times_of_company, name="digest_times_of_company"),
    path("digests/administration/times/undo/", digest_times_undo, name="digest_times_undo"),
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
    path("digests/turns/<str:token>/", turn_mails_stop, name="turn_mails_stop"),
    path("digests/times/<str:token>/", digest_times, name="digest_times"),
    path("digests/<str:week>/", digest_detail, name="digest_detail"),
]
