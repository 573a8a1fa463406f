"""A mail server that keeps what it gets."""

import time
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from config.server import free_port


class SmtpSink:
    """Listens on ``.port``; ``.messages`` are the letters that arrived."""

    def __init__(self):
        self.messages = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        letter.recipients = list(envelope.rcpt_tos)
        self.messages.append(letter)
        return "250 OK"

    def wait_for(self, number: int = 1, seconds: float = 30) -> list:
        """The messages, once there are that many."""
        end = time.monotonic() + seconds
        while len(self.messages) < number:
            if time.monotonic() > end:
                raise AssertionError(f"{len(self.messages)} of {number} letters came")
            time.sleep(0.1)
        return self.messages
