"""Addresses of who we are and what we work on."""

from __future__ import annotations

from django.urls import path, re_path

from teams.views import accounts, aims, editing, initiatives, members, people, reversals, support, teams, work

urlpatterns = [
    path("accounts/login/", accounts.login, name="account_login"),
    path("accounts/logout/", accounts.logout, name="account_logout"),
    path("accounts/inactive/", accounts.inactive, name="account_inactive"),
    path("accounts/password/", accounts.password_change, name="account_change_password"),
    path("accounts/password/reset/", accounts.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", accounts.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        accounts.one_time_link,
        name="account_reset_password_from_key",
    ),
    path("people/", people.person_list, name="person_list"),
    path("people/invitations/", people.invitations, name="invitations"),
    path("people/<int:pk>/invitation/", people.invitation, name="person_invitation"),
    path("people/<int:pk>/role/", people.role, name="person_role"),
    path("teams/", teams.team_list, name="team_list"),
    path("teams/new/", editing.team_new, name="team_new"),
    path("teams/<slug:key>/", teams.team_detail, name="team_detail"),
    path("teams/<slug:key>/edit/", editing.team_edit, name="team_edit"),
    path("teams/<slug:key>/position/", editing.team_position, name="team_position"),
    path("teams/<slug:key>/reversal/", reversals.team_reversal, name="team_reversal"),
    path("teams/<slug:key>/removal/", editing.team_removal, name="team_removal"),
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
    path("initiatives/", initiatives.initiative_list, name="initiative_list"),
    path("initiatives/new/", work.initiative_start, name="initiative_start"),
    path("teams/<slug:key>/initiatives/new/", work.initiative_new, name="initiative_new"),
    path("initiatives/<slug:key>/", initiatives.initiative_detail, name="initiative_detail"),
    path("initiatives/<slug:key>/edit/", work.initiative_edit, name="initiative_edit"),
    path("initiatives/<slug:key>/kind/", work.initiative_kind, name="initiative_kind"),
    path("initiatives/<slug:key>/status/", work.initiative_status, name="initiative_status"),
    path("initiatives/<slug:key>/confirmation/", work.initiative_confirmation, name="initiative_confirmation"),
    path("initiatives/<slug:key>/reversal/", work.initiative_reversal, name="initiative_reversal"),
    path("initiatives/<slug:key>/support/new/", support.support_new, name="support_new"),
    path("initiatives/<slug:key>/support/restoration/", support.support_restoration, name="support_restoration"),
    path("support/<int:pk>/edit/", support.support_edit, name="support_edit"),
    path("support/<int:pk>/answer/", support.support_answer, name="support_answer"),
    path("support/<int:pk>/delivery/", support.support_delivery, name="support_delivery"),
    path("support/<int:pk>/removal/", support.support_removal, name="support_removal"),
    path("support/<int:pk>/reversal/", support.support_reversal, name="support_reversal"),
]
