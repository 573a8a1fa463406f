"""Real Odoo processes against a copy of the template."""

from config import paths, server

from .databases import Database
from .rpc import Json2, Session

NOBODY_LISTENS = 9  # the discard port: mail that a test doesn't expect goes nowhere


class OdooServer(server.Server):
    """An Odoo server of a test; ``.url``, ``.kill()``, ``.stop()``, ``.restart()``.

    Without ``workers`` it has one process with threads, as ``./osc run`` has: live
    updates work. With ``workers`` it forks as in production, without live updates.
    """

    def __init__(
        self, database: Database, *options, workers=0, cron=False, smtp=None, env=None
    ):
        self.database = database
        mail_port = smtp.port if smtp else NOBODY_LISTENS
        arguments = [f"--workers={workers}", f"--max-cron-threads={int(cron)}"]
        arguments += ["--gevent-port", str(server.free_port())]
        arguments += ["--smtp", "127.0.0.1", "--smtp-port", str(mail_port)]
        log = paths.STATE / "test-results" / f"server-{database.name}.log"
        super().__init__(
            database.name,
            server.free_port(),
            log,
            *arguments,
            *options,
            env={**database.variables, **(env or {})},
        )

    def log_text(self) -> str:
        """All that the server logged so far."""
        return self.log.read_text(errors="replace")

    def session(self, login: str, password: str | None = None) -> Session:
        """A session of a user, as the web client has one."""
        return Session(self.url, self.name, login, password or login)

    def json2(self, login: str) -> Json2:
        """The external interface, with a key of that user."""
        return Json2(self.url, self.name, self.database.api_key(login))
