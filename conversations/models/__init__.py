from conversations.models.following import Following
from conversations.models.message import Mention, Message
from conversations.models.thread import Thread

__all__ = ["Following", "Mention", "Message", "Thread"]
