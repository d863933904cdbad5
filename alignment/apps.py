from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AlignmentConfig(AppConfig):
    name = "alignment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from alignment.refresh.edits import refresh
        from lib.db.routines import make_routines
        from lib.services.changes import subscribe

        import_module("alignment.actions")
        import_module("alignment.topics")
        import_module("alignment.services.disputes")
        subscribe(refresh)
        post_migrate.connect(make_routines, sender=self)
