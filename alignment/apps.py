from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AlignmentConfig(AppConfig):
    name = "alignment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from alignment.refresh.edits import refresh
        from alignment.services.back_briefs import ask_for_back_briefs
        from alignment.services.proposals import follow_proposals
        from lib.db.routines import make_routines
        from lib.services.changes import subscribe
        from lib.services.finishing import register_step

        import_module("alignment.actions")
        import_module("alignment.topics")
        import_module("alignment.services.disputes")
        register_step(ask_for_back_briefs)
        register_step(follow_proposals)
        subscribe(refresh)
        post_migrate.connect(make_routines, sender=self)
