from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    name = "alignment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from alignment.services.refresh import refresh
        from lib.changes import subscribe

        subscribe(refresh)
