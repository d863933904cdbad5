from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.middleware import note_use
        from accounts.services.forms import Keeper
        from lib.forms.sending import register_keeper

        import_module("accounts.actions")
        register_keeper(Keeper())
        user_logged_in.connect(note_use, dispatch_uid="accounts.note_use")
