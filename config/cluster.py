"""A private PostgreSQL cluster: its folder, its programs, starting and stopping it.

It listens on a Unix socket only, in a folder that only its owner can enter. PostgreSQL
refuses to run as root, so for root it runs as an unprivileged user, with the right to
traverse the folders above it if it needs that.
"""

import functools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import paths
from .console import Failure, run_step

ROLE = "osc"
LONGEST_SOCKET = 107  # bytes, a limit of the system
TRAVERSE = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def program_folders() -> list[Path]:
    """Folders with PostgreSQL's server programs, newest version first."""

    def version(folder: Path) -> float:
        text = folder.parent.name
        return float(text) if re.fullmatch(r"[\d.]+", text) else 0

    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders = sorted(debian, key=version, reverse=True)
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return [folder for folder in folders if (folder / "initdb").exists()]


def program(name: str) -> str:
    """A client program such as psql."""
    folders = program_folders()
    return str(folders[0] / name) if folders else name


def psql(sql: str, database: str, env: dict, **values) -> list[list[str]]:
    """Run SQL through psql; ``:'name'`` in it stands for a quoted value."""
    command = [program("psql"), "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
    for name, value in values.items():
        command += ["-v", f"{name}={value}"]
    env = {**os.environ, **env, "PGDATABASE": database, "PGOPTIONS": ""}
    done = subprocess.run(command, input=sql, env=env, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"PostgreSQL: {done.stderr.strip()}")
    return [line.split("\t") for line in done.stdout.splitlines()]


class Cluster:
    """A private PostgreSQL cluster in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"

    @functools.cached_property
    def owner(self) -> pwd.struct_passwd | None:
        """The user that runs it when we are root; None when we run it ourselves."""
        if os.geteuid():
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise Failure("PostgreSQL refuses to run as root, and no other user is there.")

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.owner:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)

    @functools.cached_property
    def _as_owner(self) -> list[str]:
        """The prefix that runs a command as the owner."""
        if not self.owner:
            return []
        uid, gid = self.owner.pw_uid, self.owner.pw_gid
        plain = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        for prefix in (plain, plain + TRAVERSE):
            # A clone under /root can't be entered by other users. Entering it for real
            # tells; access(2), which "test" asks, knows nothing of this capability.
            enter = [*prefix, "sh", "-c", 'cd "$0" 2>/dev/null', self.folder]
            if not subprocess.run(enter, cwd="/").returncode:
                return prefix
        raise Failure(
            f"The user {self.owner.pw_name}, who runs PostgreSQL for root, can't enter "
            f"{self.folder}.",
            "Set OSC_STATE to a folder that this user can enter, such as /var/tmp/osc.",
        )

    @functools.cached_property
    def sockets(self) -> Path:
        """The folder of the socket: a short one elsewhere if the path is too long."""
        folder = self.folder / "run"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return folder
        base = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None
        name = f"osc-{os.geteuid()}-{paths.fingerprint(str(self.folder))}"
        return Path(base or tempfile.gettempdir()) / name

    def _make_socket_folder(self) -> None:
        self._own(self.sockets)
        found = self.sockets.lstat()
        ours = self.owner.pw_uid if self.owner else os.geteuid()
        if self.sockets.is_symlink() or found.st_uid != ours or found.st_mode & 0o077:
            raise Failure(
                f"{self.sockets}, for PostgreSQL's socket, is not private.",
                "Remove it and start again.",
            )

    def variables(self) -> dict[str, str]:
        return {"PGHOST": str(self.sockets), "PGPORT": "5432", "PGUSER": ROLE}

    def _programs(self) -> Path:
        """The programs of the version that made the cluster."""
        folders = program_folders()
        if not (self.data / "PG_VERSION").exists():
            return folders[0]
        wanted = (self.data / "PG_VERSION").read_text().strip()
        for folder in folders:
            shown = subprocess.run(
                [folder / "postgres", "-V"], capture_output=True, text=True
            )
            if re.search(rf"\) {re.escape(wanted)}\b", shown.stdout):
                return folder
        raise Failure(
            f"The databases in {self.data} are of PostgreSQL {wanted}, which is gone.",
            f"Install it again: sudo apt-get install postgresql-{wanted}",
        )

    def pid(self) -> int | None:
        """The process number of the running server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.data).encode() in command else None

    def create(self) -> None:
        """Make the cluster; it gets its name only when it is complete."""
        if self.data.exists():
            return
        self._own(self.folder)
        scratch = self.folder / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        command = [self._programs() / "initdb", "-D", scratch, "-U", "postgres"]
        command += [
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=trust",
            "--no-instructions",
        ]
        log = paths.LOGS / "postgres-create.log"
        title = "Making a private PostgreSQL cluster"
        run_step(title, [*self._as_owner, *command], log, cwd="/", fds=paths.held_locks)
        with (scratch / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude 'osc.conf'\n")
        scratch.rename(self.data)

    def start(self) -> None:
        """Start it unless it runs; a stale pid file of a crash does no harm."""
        if self.pid() and self.answers():
            return
        self._make_socket_folder()
        quoted = str(self.sockets).replace("'", "''")
        settings = (paths.CONFIG / "postgresql-development.conf").read_text()
        settings += f"unix_socket_directories = '\"{quoted}\"'\n"
        paths.write_atomically(self.data / "osc.conf", settings)
        command = [
            self._programs() / "pg_ctl",
            "-D",
            self.data,
            "-w",
            "-t",
            "120",
            "-s",
        ]
        command += ["-l", self.folder / "postgres.log", "start"]
        # A session of its own: Ctrl-C is for Odoo, not for the database under it.
        started = subprocess.run(
            [*self._as_owner, *command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if started.returncode and not self.answers():
            log = self.folder / "postgres.log"
            tail = log.read_text(errors="replace")[-1500:] if log.exists() else ""
            raise Failure(
                f"PostgreSQL did not start; the end of {log}:\n{tail}",
                "Mend the cause and start again; the databases are kept.",
            )
        sql = f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"
        if not self.query(sql):
            self.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        # Dropping a database ends who works on it, PostgreSQL's own autovacuum too.
        self.query(f"GRANT pg_signal_backend TO {ROLE}")

    def answers(self) -> bool:
        command = [self._programs() / "pg_isready", "-q", "-h", self.sockets]
        return not subprocess.run(command).returncode

    def query(self, sql: str) -> list[list[str]]:
        """Run SQL as the cluster's superuser, who owns nothing of the suite's."""
        return psql(sql, "postgres", {**self.variables(), "PGUSER": "postgres"})

    def stop(self) -> bool:
        """Stop it; tells whether there was something to stop."""
        pid = self.pid()
        if not pid:
            return False
        os.kill(pid, signal.SIGINT)  # "fast": open connections end, nothing is lost
        for _ in range(600):
            if not self.pid():
                return True
            time.sleep(0.1)
        raise Failure(f"PostgreSQL (process {pid}) did not stop within a minute.")

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut would (for crash tests)."""
        pid = self.pid()
        if not pid:
            return
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for process in (pid, *map(int, children)):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        while any(Path(f"/proc/{process}").exists() for process in (pid, *children)):
            time.sleep(0.02)

    def remove(self) -> None:
        """Stop it and remove its folders (for throw-away clusters)."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
