from importlib import import_module

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lib.services.finishing import register_step

        import_module("conversations.questions")
        import_module("conversations.support")
        import_module("conversations.actions")
        from conversations.services.support import follow_support

        register_step(follow_support)
