"""Registers the log's actions and kinds for the weekly digest, and who may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from digest.models import Digest, DigestSettings
from lib.log.actions import Action, register
from lib.log.kinds import register_kind
from teams.models import Person


def _settings_for(person: Person) -> QuerySet[DigestSettings]:
    return DigestSettings.objects.all() if person.is_admin else DigestSettings.objects.none()


register_kind("digest", Digest, visible_to=Digest.objects.visible_to, parents=("person",))
register_kind("digestsettings", DigestSettings, visible_to=_settings_for)
register(
    Action("digest.previewed", "digestsettings", "Looked at what digests would say."),
    Action("digest.started", "digestsettings", "Started the weekly digests."),
    Action("digest.paused", "digestsettings", "Paused the weekly digests."),
    Action("digest.resumed", "digestsettings", "Let the weekly digests go again."),
    Action("digest.times_set", "digestsettings", "Set when digests leave for everybody who chose no time."),
    Action("digest.resent", "digest", "Had a digest sent once more."),
    Action("digests.resent", "", "Had all digests sent once more that had failed."),
    Action("person.digests_chosen", "person", "Chose which digests they want, and when."),
    Action("person.digests_stopped", "person", "Wanted no more digests."),
    Action("person.digests_started", "person", "Wanted digests again."),
    Action("person.turn_mails_stopped", "person", "Wanted no more mails about turns in conversations."),
    Action("person.turn_mails_started", "person", "Wanted mails about turns in conversations again."),
    Action("person.mail_refused", "person", "A mail server refused somebody’s address for good."),
    Action("person.digests_allowed", "person", "Let mail go again to an address that was refused."),
)
