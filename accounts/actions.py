"""Registers the log's actions for sign-in and invitations."""

from __future__ import annotations

from lib.log.actions import Action, register

register(
    Action("person.invited", "person", "Invited somebody, for the first time or again."),
    Action("people.invited", "", "Invited several people at once, or those again whose invitation failed."),
    Action("person.invitation_asked", "person", "Asked for a new invitation, as theirs had expired."),
    Action("person.joined", "person", "Accepted their invitation."),
    Action("person.password_changed", "person", "Chose another password."),
    Action("person.erased", "person", "Replaced the name and the address of somebody who had left."),
    Action("person.renamed", "person", "Gave somebody another name."),
    Action("person.zone_set", "person", "Set somebody’s time zone."),
    Action("person.address_asked", "person", "Gave somebody another address, which they are to confirm."),
    Action("person.address_withdrawn", "person", "Took back another address that was not confirmed yet."),
    Action("person.address_changed", "person", "Somebody’s address was changed."),
    Action("person.made_admin", "person", "Somebody was made an administrator from the command line."),
)
