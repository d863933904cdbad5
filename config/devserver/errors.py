"""The error of the embedded servers."""


class EmbeddedError(Exception):
    """The servers are not available; the message is one line for the person at the terminal, optionally followed by a
    log.
    """
