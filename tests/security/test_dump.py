"""Nothing confidential is in plain text outside of the process of the server.

A story with marked names, numbers, sentences and files is played on a real server with
a PostgreSQL of its own; then everything that a thief of a disk, a reader of a dump, of a
log or of a mailbox could get hold of is searched for the marks, in many encodings.
"""

import itertools
import smtplib
import subprocess
from pathlib import Path

import pytest

from config import database, paths
from config.cluster import program
from tests.journeys import case_pages
from tests.support.browser import Browser
from tests.support.bus import BusListener
from tests.support.crash import PrivatePostgres
from tests.support.crowd import wait_until
from tests.support.mail import SmtpSink
from tests.support.marks import Scanner
from tests.support.servers import OdooServer

from . import marked_casework, marked_house
from .marked import BORN, TYPED, of
from .marked import MARKS as MARKS_OF_THE_REPORT
from .marked_story import Story

MARKS = MARKS_OF_THE_REPORT | marked_casework.MARKS | marked_house.MARKS
LISTENERS = ("lhr.casework", "lhr.police", "lhr.manager", "lhr.shelter")
# The log tells everything that Odoo can tell, with each SQL statement: an administrator
# who looks for a fault may switch that on.
LOG = ["--log-level=debug", "--log-handler=odoo.sql_db:DEBUG"]


class Evidence:
    """A server on which the story was played, and all that it left behind."""

    def __init__(self, template: str, folder: Path):
        self.postgres = PrivatePostgres(template)
        self.database = self.postgres.database
        self.data, self.temporary = folder / "data", folder / "tmp"
        self.data.mkdir(parents=True)
        self.temporary.mkdir()
        self.filestore = database.filestore(self.database.name)
        (self.data / "filestore").symlink_to(paths.DATA / "filestore")
        self.sink = SmtpSink()
        self.sink.controller.start()
        self.server = OdooServer(
            self.database,
            f"--data-dir={self.data}",
            f"--log-db={self.database.name}",
            *LOG,
            cron=True,
            smtp=self.sink,
            env={"TMPDIR": str(self.temporary)},
        )
        self.listeners: list[BusListener] = []

    def start(self) -> None:
        self.server.start()
        self.server.wait_until_it_answers()
        self.story = Story(self.server)
        self.listeners = [BusListener(self.story.user(login)) for login in LISTENERS]

    def stop(self) -> None:
        for listener in self.listeners:
            listener.close()
        self.server.stop()
        self.sink.controller.stop()
        self.postgres.remove()

    # ------------------------------------------------------------------
    # Where things could be
    # ------------------------------------------------------------------
    def dump(self) -> bytes:
        """The whole database as text; bytes are written as hexadecimal digits."""
        done = subprocess.run(
            [program("pg_dump"), "--inserts", self.database.name],
            env=self.database.variables,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def log(self) -> bytes:
        return self.server.log.read_bytes()

    def postgres_log(self) -> bytes:
        return (self.postgres.folder / "postgres.log").read_bytes()

    def letters(self) -> bytes:
        """E-mails as they were sent, and decoded, headers too."""
        parts = []
        for letter in self.sink.messages:
            parts.append(letter.as_bytes())
            parts += [str(value).encode() for value in letter.values()]
            parts += [part.get_payload(decode=True) or b"" for part in letter.walk()]
        return b"\n".join(parts)

    def bus(self) -> bytes:
        rows = self.database.sql("SELECT channel, message FROM bus_bus")
        return "\n".join(map(str, itertools.chain(*rows))).encode()

    def frames(self) -> bytes:
        frames = [listener.frames for listener in self.listeners]
        return "\n".join(itertools.chain(*frames)).encode()

    def names_of_files(self) -> bytes:
        folders = (self.data, self.temporary, self.filestore)
        names = [str(path) for folder in folders for path in folder.rglob("*")]
        return "\n".join(names).encode()

    def files(self, folder: Path) -> bytes:
        """What is in the files of a folder, packed or not."""
        return b"\n".join(
            path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        )

    def places(self) -> dict[str, bytes]:
        return {
            "dump": self.dump(),
            "server log": self.log(),
            "PostgreSQL's log": self.postgres_log(),
            "e-mails": self.letters(),
            "bus": self.bus(),
            "open windows": self.frames(),
            "file store": self.files(self.filestore),
            "data folder": self.files(self.data),
            "temporary files": self.files(self.temporary),
            "names of files": self.names_of_files(),
        }

    def find(self, scanner: Scanner) -> dict[str, set[str]]:
        """The marks that a scanner finds in each place."""
        found = {name: scanner.find(content) for name, content in self.places().items()}
        # Dead rows and the write-ahead log as well, as they lie on the disk.
        found["PostgreSQL's disk"] = scanner.find_plain(self.postgres.data)
        return found


def _intake(browser: Browser, server: OdooServer) -> None:
    """A case worker types what a survivor tells, and searches for her, in a browser."""
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    case_pages.new_case(page, server.url)
    case_pages.choose(page, "channel", "Came by herself")
    case_pages.choose(page, "urgency", "Emergency")
    case_pages.tick(page, "in_danger")
    case_pages.add_incident(page, "Rape")
    page.fill(".o_field_widget[name=survivor_name] input", of("name"))
    page.fill(".o_field_widget[name=survivor_phone] input", of("phone"))
    case_pages.report(page)
    page.goto(f"{server.url}/odoo/osc-survivors")
    page.locator(".o_searchview_input").press_sequentially(of("name"))
    page.click(".o_searchview_autocomplete .o-dropdown-item:has-text('Whole name')")
    page.wait_for_selector(".o_data_row")
    visit.assert_quiet()


@pytest.fixture(scope="module")
def evidence(template, chromium, tmp_path_factory):
    evidence = Evidence(template, tmp_path_factory.mktemp("server"))
    try:
        evidence.start()
        _intake(chromium, evidence.server)
        chromium.close_windows()
        evidence.story.play()
        wait_until(lambda: len(evidence.sink.messages) >= 3, 30, "e-mails arrived")
        yield evidence
    finally:
        evidence.stop()


def test_the_marks_are_readable_by_who_may(evidence):
    read = evidence.story.readable()
    assert set(read) == set(MARKS) - TYPED
    for what, text in read.items():
        assert MARKS[what][0] in text, what


def test_the_marks_are_nowhere(evidence):
    found = evidence.find(Scanner(MARKS))
    assert not any(found.values()), {
        place: marks for place, marks in found.items() if marks
    }


def test_her_birth_date_is_in_her_record_only(evidence):
    """It isn't encrypted: ages are counted with. It is nowhere but in her record."""
    lines = [line for line in evidence.dump().splitlines() if BORN.encode() in line]
    assert lines
    assert all(line.startswith(b"INSERT INTO public.osc_survivor ") for line in lines)


def test_the_story_reached_every_place(evidence):
    """Codes of the cases are where they belong: the places aren't empty.

    Not in the log: SQL statements are there without their values.
    """
    code = evidence.story.worker.call(
        "osc.case", "read", [evidence.story.case], ["name"]
    )[0]["name"]
    scanner = Scanner({"code": [code]})
    found = evidence.find(scanner)
    for place in ("dump", "e-mails", "bus", "open windows", "PostgreSQL's disk"):
        assert found[place], place
    log = evidence.log()
    for line in (b'query: INSERT INTO "osc_survivor"', b"bad query: ", b"Traceback"):
        assert line in log, line
    assert evidence.files(evidence.filestore)
    assert evidence.files(evidence.data), "sessions"
    assert evidence.database.sql("SELECT count(*) FROM ir_logging")[0][0]


PLANTED = "Plantagenista Überzwerch"


def test_a_planted_mark_is_found(evidence):
    """In every place, also when it is packed."""
    sql = evidence.database.sql
    sql("UPDATE res_partner SET comment = %s WHERE id = 1", [PLANTED])
    sql(
        "INSERT INTO bus_bus (channel, message) VALUES "
        "('x', json_build_object('a', %s::text)::text)",
        [PLANTED],
    )
    officer = evidence.story.user("lhr.police")
    partner = evidence.story.worker.info["partner_id"]
    officer.call(
        "res.partner", "message_notify", [partner], partner_ids=[partner], body=PLANTED
    )
    evidence.story.worker.get(f"/web/login?redirect=/{PLANTED}")
    with smtplib.SMTP("127.0.0.1", evidence.sink.port) as smtp:
        smtp.sendmail(
            "a@osc.example", "b@osc.example", f"Subject: x\n\n{PLANTED}".encode()
        )
    for folder in (evidence.filestore, evidence.data, evidence.temporary):
        (folder / f"{PLANTED}.txt").write_bytes(PLANTED.encode("utf-16"))
    with (evidence.postgres.folder / "postgres.log").open("a") as log:
        log.write(PLANTED)
    scanner = Scanner({"planted": [PLANTED]})
    wait_until(lambda: scanner.find(evidence.frames()), 60, "the bus told a window")
    found = evidence.find(scanner)
    assert all(found.values()), {place for place, marks in found.items() if not marks}
