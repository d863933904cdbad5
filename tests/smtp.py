"""A real SMTP server for tests: in this process, with answers that a test scripts (the fixture `smtp_sink`), or as a
process of its own that journals what it took: `python -m tests.smtp PORT JOURNAL [SECONDS]`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class Step(StrEnum):
    """Where in a conversation a scripted answer is given: instead of a greeting, to the sender, to a recipient, to the
    message, or to the message after it was taken."""

    GREETING = "greeting"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    TAKEN = "taken"


CLOSE = ""
"""An answer: none, the connection is closed. At Step.TAKEN that is a lost acknowledgement."""


@dataclass(frozen=True)
class Received:
    """A message that was taken, with the envelope that it came in."""

    at: dt.datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class Script:
    """`to` is one recipient, or None for any; `times` how often it is still given, None for always."""

    step: Step
    answer: str
    to: str | None
    times: int | None

    def fits(self, step: Step, recipients: list[str]) -> bool:
        return self.step is step and self.times != 0 and (self.to is None or self.to in recipients)


@dataclass
class Sink:
    """Takes every message, unless a script says otherwise; of several that fit the one that was given first answers.

    `received` has the messages in the order in which they were taken. `pause` is how many seconds it takes over each
    before it is taken, and again before that is acknowledged.
    """

    port: int = 0
    pause: float = 0.0
    connections: int = 0
    received: list[Received] = field(default_factory=list)
    takes: Callable[[Received], object] = lambda _received: None
    _scripts: list[Script] = field(default_factory=list)

    def answer(self, step: Step, answer: str, *, to: str | None = None, times: int | None = None) -> None:
        """Gives `answer` ("550 5.1.1 Nobody here", or CLOSE) at `step`."""
        self._scripts.append(Script(step, answer, to, times))

    def to(self, address: str) -> list[Received]:
        return [each for each in self.received if address in each.recipients]

    async def handle_MAIL(  # noqa: N802 -- these names are aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self._scripted(Step.MAIL, server, [])
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self._scripted(Step.RCPT, server, [address])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self._scripted(Step.DATA, server, envelope.rcpt_tos)
        if refusal is not None:
            return refusal
        await asyncio.sleep(self.pause)
        self._take(envelope)
        await asyncio.sleep(self.pause)
        return self._scripted(Step.TAKEN, server, envelope.rcpt_tos) or "250 OK"

    def _take(self, envelope: Envelope) -> None:
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        at = dt.datetime.fromtimestamp(time.time(), dt.UTC)
        received = Received(at, envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
        self.takes(received)
        self.received.append(received)

    def _scripted(self, step: Step, server: SMTP, recipients: list[str]) -> str | None:
        script = next((each for each in self._scripts if each.fits(step, recipients)), None)
        if script is None:
            return None
        if script.times is not None:
            script.times -= 1
        if script.answer == CLOSE:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            raise asyncio.CancelledError  # by which aiosmtpd ends a conversation without another word
        return script.answer

    def talk(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        """A new conversation."""
        self.connections += 1
        return Conversation(self, hostname="sink.test", loop=loop)


class Conversation(SMTP):
    """One that may be over before it began."""

    async def _handle_client(self) -> None:
        answer = self.event_handler._scripted(Step.GREETING, self, [])
        if answer is None:
            return await super()._handle_client()
        await self.push(answer)
        self.transport.close()
        return None


@contextmanager
def serving(sink: Sink) -> Iterator[None]:
    """In a thread, at a port that is free and from then on that of `sink`."""
    loop = asyncio.new_event_loop()
    with closing(socket.create_server((HOST, 0))) as listening:
        sink.port = listening.getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, name="smtp", daemon=True)
        thread.start()

        def there(what: Coroutine[Any, Any, Any]) -> Any:
            """In its thread: that of the test may have a loop of its own, a browser's."""
            return asyncio.run_coroutine_threadsafe(what, loop).result()

        server = there(loop.create_server(partial(sink.talk, loop), sock=listening))
        try:
            yield
        finally:
            there(_end(server, loop))
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def _end(server: asyncio.Server, loop: asyncio.AbstractEventLoop) -> None:
    """With conversations that are still open."""
    server.close()
    rest = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def journal(path: Path) -> Callable[[Received], None]:
    """Writes a line for each recipient of a message, on the disk before the message is acknowledged."""
    file = path.open("a", encoding="utf-8")

    def write(received: Received) -> None:
        for recipient in received.recipients:
            line = {"at": received.at.timestamp(), "id": received.id, "to": recipient}
            file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())

    return write


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Its lines in order: `at` (seconds since 1970), `id` (the Message-ID) and `to`."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def _serve(port: int, path: Path, pause: float) -> None:
    sink = Sink(port=port, pause=pause, takes=journal(path))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(sink.talk, loop), HOST, port)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if sys.argv[3:] else 0.0))
