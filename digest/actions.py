"""What the log tells of the weekly digest, and who may see it."""

from __future__ import annotations

from django.db.models import QuerySet

from digest.models import Digest, Letter
from lib.log.actions import Action, register
from lib.log.kinds import register_kind
from teams.models import Person


def _settings_for(person: Person) -> QuerySet[Digest]:
    return Digest.objects.all() if person.is_admin else Digest.objects.none()


register_kind("letter", Letter, visible_to=Letter.objects.visible_to, parents=("person",))
register_kind("digest", Digest, visible_to=_settings_for)
register(
    Action("digest.previewed", "digest", "An administrator saw what letters look like."),
    Action("digest.started", "digest", "Started the weekly letters."),
    Action("digest.paused", "digest", "Paused the weekly letters."),
    Action("digest.resumed", "digest", "Let the weekly letters go again."),
    Action("digest.times_set", "digest", "Set when letters leave for everybody who chose no time."),
    Action("letter.resent", "letter", "Had a letter sent once more."),
    Action("letters.resent", "", "Had all letters sent once more that had failed."),
    Action("person.letters_chosen", "person", "Chose which letters they want, and when."),
    Action("person.letters_stopped", "person", "Wanted no more letters."),
    Action("person.letters_started", "person", "Wanted letters again."),
    Action("person.mail_refused", "person", "A mail server refused somebody’s address for good."),
    Action("person.letters_allowed", "person", "Let mail go again to an address that was refused."),
)
