from __future__ import annotations

from django.urls import path

from web.teams import aims, archiving, editing, members, presence
from web.teams import undo as undo
from web.teams import views as teams

urlpatterns = [
    path("teams/", teams.team_list, name="team_list"),
    path("teams/new/", editing.team_new, name="team_new"),
    path("teams/<slug:key>/", teams.team_detail, name="team_detail"),
    path("teams/<slug:key>/edit/", editing.team_edit, name="team_edit"),
    path("teams/<slug:key>/position/", editing.team_position, name="team_position"),
    path("teams/<slug:key>/undo/", undo.team_undo, name="team_undo"),
    path("teams/<slug:key>/removal/", editing.team_removal, name="team_removal"),
    path("teams/<slug:key>/archival/", archiving.team_archival, name="team_archival"),
    path("teams/<slug:key>/restoration/", archiving.team_restoration, name="team_restoration"),
    path("archived-teams/", archiving.archived_team_list, name="archived_team_list"),
    path("teams/<slug:key>/absence/", presence.team_absence, name="team_absence"),
    path("teams/<slug:key>/arrival/", presence.team_arrival, name="team_arrival"),
    path("teams/<slug:key>/mission/", aims.team_mission, name="team_mission"),
    path("teams/<slug:key>/stance/", aims.team_stance, name="team_stance"),
    path("teams/<slug:key>/personas/", aims.team_personas, name="team_personas"),
    path("teams/<slug:key>/members/", members.team_members, name="team_members"),
    path("teams/<slug:key>/members/<int:pk>/", members.team_member, name="team_member"),
    path("teams/<slug:key>/members/<int:pk>/removal/", members.team_member_removal, name="team_member_removal"),
    path(
        "teams/<slug:key>/members/<int:pk>/restoration/",
        members.team_member_restoration,
        name="team_member_restoration",
    ),
]
