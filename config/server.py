"""Odoo as a process: its configuration, starting, waiting until it answers, stopping."""

import os
import signal
import socket
import string
import subprocess
import textwrap
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import database, environment, paths, postgres
from .console import Failure, Progress, say
from .odoo_source import Odoo

PIDFILE = paths.STATE / "odoo.pid"
LOG = paths.LOGS / "odoo.log"


def write_configuration(odoo: Odoo) -> None:
    connection = postgres.connection()
    addons = [*odoo.addons_paths, paths.ADDONS]
    template = string.Template((paths.CONFIG / "odoo-development.conf").read_text())
    text = template.substitute(
        addons_path=",".join(str(path) for path in addons if path.exists()),
        data_dir=paths.DATA,
        db_host=connection.get("PGHOST", ""),
        db_port=connection.get("PGPORT", "5432"),
        db_user=connection.get("PGUSER", ""),
    )
    paths.write_atomically(paths.ODOO_CONF, text)


def command(*arguments: str) -> list[str]:
    return [str(environment.PYTHON), "-m", "odoo", *arguments]


def variables() -> dict[str, str]:
    """The process environment for Odoo: the database ``osc`` unless -d says else."""
    env = environment.variables(postgres.connection())
    return {**env, "ODOO_RC": str(paths.ODOO_CONF), "PGDATABASE": database.NAME}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Failure(
                f"Port {port} is reserved for root.",
                "Use a port from 1024 on: ./osc run --port 8069",
            ) from error
        except OSError:
            return False
    return True


class Server:
    """An Odoo server process on a port of this machine."""

    def __init__(self, name: str, port: int, log: Path, *options: str, env=None):
        self.name, self.port, self.log = name, port, log
        self.options = options
        self.env = env or variables()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        arguments = ["-d", self.name, "--db-filter", f"^{self.name}$"]
        arguments += ["--http-port", str(self.port), *self.options]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                # It ends with whoever started it, even if that is killed.
                ["setpriv", "--pdeathsig", "TERM", *command(*arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=paths.STATE,
                # A group of its own, so that all its workers can be stopped at once.
                start_new_session=True,
            )

    def answers(self) -> bool:
        try:
            # The login page, and not the health check, which answers too early.
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=60) as page:
                return page.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_it_answers(self, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while not self.answers():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > end:
                tail = self.log.read_text(errors="replace").splitlines()[-15:]
                what = "ended" if ended else f"did not answer within {seconds:.0f} s"
                raise Failure(
                    f"Odoo {what}. The end of {self.log}:\n" + "\n".join(tail),
                    "Mend the cause and start again.",
                )
            time.sleep(0.2)

    def kill(self) -> None:
        """Kill all its processes at once, as a crash would."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()

    def stop(self, seconds: float = 30) -> None:
        """Let it finish what it does, then stop it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait_until_it_answers()


def running() -> tuple[int, int] | None:
    """Process number and port of the server of ``./osc run``, if it runs.

    A pid file that a crash left is of no account: the process of that number has to
    be our Odoo.
    """
    try:
        pid, port = map(int, PIDFILE.read_text().split())
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        env = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    ours = f"ODOO_RC={paths.ODOO_CONF}".encode() in env
    return (pid, port) if ours and b"odoo" in arguments else None


def stop() -> bool:
    """Stop the server of ``./osc run``; tells whether there was one."""
    found = running()
    if not found:
        return False
    pid = found[0]
    os.kill(pid, signal.SIGTERM)
    for _ in range(300):
        if not running():
            return True
        time.sleep(0.1)
    os.killpg(pid, signal.SIGKILL)
    return True


def check_port(port: int) -> None:
    if not port_is_free(port):
        raise Failure(
            f"Port {port} of 127.0.0.1 is taken by another program.",
            f"Stop that program, or use another port: ./osc run --port {port + 1}",
        )


def serve(port: int) -> int:
    """Run the server until Ctrl-C."""
    check_port(port)
    server = Server(database.NAME, port, LOG)
    try:
        with Progress("Starting Odoo"):
            server.start()
            PIDFILE.write_text(f"{server.process.pid} {port}\n")
            server.wait_until_it_answers()
        say(f"\nThe suite is at {server.url} (log: {LOG}). Ctrl-C stops it.")
        say("Demonstration logins; the password is the login:")
        for role, logins in database.demonstration_logins(database.NAME):
            indented = textwrap.wrap(logins, 64)
            say(f"  {role:<20} " + f"\n{'':23}".join(indented))
        code = server.process.wait()
        say(f"Odoo ended (exit code {code}).")
        return code
    except KeyboardInterrupt:
        say("\nStopping Odoo. PostgreSQL stays up until ./osc stop.")
        server.stop()
        return 0
    finally:
        if server.process and server.process.poll() is None:
            server.stop()
        PIDFILE.unlink(missing_ok=True)
