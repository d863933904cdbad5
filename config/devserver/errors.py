"""The one way in which embedded servers fail."""


class EmbeddedError(Exception):
    """The servers cannot be had; the message is one line for the person at the terminal, its log may follow."""
