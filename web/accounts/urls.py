from __future__ import annotations

from django.urls import path, re_path

from web.accounts import views as accounts
from web.people.editing import account_address

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
    path("accounts/address/<str:token>/", account_address, name="account_address"),
    re_path(
        r"^accounts/invitations/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/renewal/$",
        accounts.invitation_renewal,
        name="account_invitation_renewal",
    ),
]
