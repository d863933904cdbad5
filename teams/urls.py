"""Addresses of who we are and what we work on."""

from __future__ import annotations

from django.urls import path, re_path

from teams.views import accounts, initiatives, people, teams

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
    path("teams/<slug:key>/", teams.team_detail, name="team_detail"),
    path("initiatives/", initiatives.initiative_list, name="initiative_list"),
    path("initiatives/<slug:key>/", initiatives.initiative_detail, name="initiative_detail"),
]
