"""Centers of a test's own, made through public methods, and who is told by them.

The intimation rules that the suite ships are switched off: a test knows exactly whom a
case concerns, whatever the rules of the demonstration data become.
"""

import itertools
import random
from datetime import datetime, timedelta, timezone

from stdnum import damm

DISCIPLINES = ("medical", "forensic", "police", "legal", "psychosocial", "shelter")

# What a case is about, and which disciplines the rules below make of it.
EVERYBODY = "rape"
KINDS = {
    EVERYBODY: ["medical", "forensic", "police", "legal", "psychosocial"],
    "denial": ["legal", "psychosocial"],
    "unknown": ["psychosocial"],
}
RULES = [
    ("psychosocial", "[]"),
    ("legal", "[('incident_ids.type_id.code', 'in', ['rape', 'denial'])]"),
    ("medical", "[('incident_ids.type_id.code', '=', 'rape')]"),
    ("forensic", "[('incident_ids.type_id.code', '=', 'rape')]"),
    ("police", "[('incident_ids.type_id.code', '=', 'rape')]"),
    ("shelter", "[('no_safe_place', '=', True)]"),
]
_numbers = itertools.count(1)


def assert_code(code: str, center: str, year: int | None = None) -> int:
    """Check a case code; its number."""
    begin, years, number, digit = code.split("-")
    assert begin == center
    assert int(years) == (year or datetime.now(timezone.utc).year)
    assert len(number) == 6
    digits = "".join(str(int(character, 36)) for character in begin)
    assert damm.is_valid(f"{digits}{years}{number}{digit}")
    return int(number)


def shuffled_code() -> str:
    """A center code that no other center has."""
    letters = "".join(random.choices("BCDFGHJKLMNPQRSTVWXZ", k=4))
    return f"{letters}{next(_numbers)}"


class Catalog:
    """What the administrator of a database looks up and sets once.

    :param cases: whether ``osc_cases`` is installed
    """

    def __init__(self, admin, cases=True):
        self.admin = admin
        self.groups = self._ids("res.groups", "osc_base")
        self.disciplines = {
            row["code"]: row["id"]
            for row in admin.call("osc.discipline", "search_read", [], ["code"])
        }
        # People of tests have a password and no second factor, as in a demonstration.
        settings = admin.call("osc.account.settings", "search", [])
        admin.call(
            "osc.account.settings", "write", settings, {"two_factor_required": False}
        )
        self.country = admin.call("res.country", "search", [("code", "=", "PK")])[0]
        if cases:
            types = admin.call("osc.incident.type", "search_read", [], ["code"])
            self.types = {row["code"]: row["id"] for row in types}
            jobs = self._ids("ir.cron", "osc_cases")
            self.watch_job = jobs["osc_intimation_cron_watch"]

    def _ids(self, model: str, module: str) -> dict[str, int]:
        domain = [("model", "=", model), ("module", "=", module)]
        rows = self.admin.call(
            "ir.model.data", "search_read", domain, ["name", "res_id"]
        )
        return {row["name"]: row["res_id"] for row in rows}

    def own_rules(self) -> None:
        """Switch the shipped rules off and put those of this file in their place."""
        shipped = self.admin.call("osc.intimation.rule", "search", [])
        self.admin.call("osc.intimation.rule", "write", shipped, {"active": False})
        self.admin.call(
            "osc.intimation.rule",
            "create",
            [
                {
                    "name": f"Test: {discipline}",
                    "discipline_id": self.disciplines[discipline],
                    "domain": domain,
                }
                for discipline, domain in RULES
            ],
        )

    def users(self, logins: list[str], role: str, log_in=True) -> dict[str, int]:
        """Users of a role, whose password is their login, if they have one."""
        ids = self.admin.call(
            "res.users",
            "create",
            [
                {
                    "name": login,
                    "login": login,
                    **({"password": login} if log_in else {}),
                    "notification_type": "inbox",
                    "tz": "UTC",
                    "group_ids": [(4, self.groups[f"group_{role}"])],
                }
                for login in logins
            ],
            context={"no_reset_password": True},
        )
        return dict(zip(logins, ids, strict=True))

    def run_watch(self) -> None:
        """Run the watch job as its button does; who finds it running does nothing."""
        self.admin.call("ir.cron", "method_direct_trigger", [self.watch_job])


class Center:
    """A center with people on duty now.

    :param people: representatives on duty for each discipline; ``backups`` likewise
    :param workers: how many case workers
    :param without: disciplines that nobody is there for
    :param log_in: the representatives have a password: hashing it takes its time
    """

    def __init__(
        self,
        catalog,
        server,
        people=1,
        *,
        backups=0,
        workers=2,
        without=(),
        log_in=False,
        company=None,
    ):
        self.catalog, self.server, self.admin = catalog, server, catalog.admin
        self.code = shuffled_code()
        self.in_company = {"company_id": company} if company else {}
        prefix = f"test.{self.code.lower()}"
        self.manager = f"{prefix}.manager"
        self.coordinator = f"{prefix}.coordinator"
        managers = catalog.users([self.manager], "center_manager", log_in)
        coordinators = catalog.users([self.coordinator], "coordinator", log_in)
        names = [f"{prefix}.worker{n}" for n in range(workers)]
        self.workers = catalog.users(names, "case_worker")
        self.id = self.admin.call(
            "osc.center",
            "create",
            [
                {
                    "name": f"Center {self.code}",
                    "code": self.code,
                    "state": "operational",
                    "country_id": catalog.country,
                    "tz": "UTC",
                    "manager_id": managers[self.manager],
                    "coordinator_id": coordinators[self.coordinator],
                    **self.in_company,
                }
            ],
        )[0]
        # login: (discipline, is backup)
        roles = {
            f"{prefix}.{discipline}{kind}{n}": (discipline, bool(kind))
            for discipline in DISCIPLINES
            if discipline not in without
            for kind, number in (("", people), (".backup", backups))
            for n in range(number)
        }
        users = catalog.users(list(roles), "representative", log_in)
        self.users = {**users, **managers, **coordinators, **self.workers}
        roles |= {login: ("casework", False) for login in self.workers}
        self.roles = roles
        self._put_on_duty(roles)

    def _put_on_duty(self, roles: dict) -> None:
        employees = self.admin.call(
            "hr.employee",
            "create",
            [
                {"name": login, "user_id": self.users[login], **self.in_company}
                for login in roles
            ],
        )
        representatives = self.admin.call(
            "osc.representative",
            "create",
            [
                {
                    "employee_id": employee,
                    "center_id": self.id,
                    "discipline_id": self.catalog.disciplines[discipline],
                    "is_backup": is_backup,
                }
                for employee, (discipline, is_backup) in zip(
                    employees, roles.values(), strict=True
                )
            ],
        )
        now = datetime.now(timezone.utc)
        start, end = now - timedelta(hours=1), now + timedelta(hours=20)
        self.admin.call(
            "osc.duty.shift",
            "create",
            [
                {
                    "representative_id": representative,
                    "start": start.strftime("%Y-%m-%d %H:%M:%S"),
                    "end": end.strftime("%Y-%m-%d %H:%M:%S"),
                }
                for representative in representatives
            ],
        )

    def session(self, login: str):
        """A new session of somebody of this center."""
        return self.server.session(login)

    def worker_sessions(self) -> list:
        return [self.session(login) for login in self.workers]

    def case_values(self, kind: str = EVERYBODY, **values) -> dict:
        """Values of a draft of one of the kinds above."""
        incidents = []
        if kind != "unknown":
            incidents = [(0, 0, {"type_id": self.catalog.types[kind]})]
        return {
            "center_id": self.id,
            "channel": "walk_in",
            "urgency": "urgent",
            "incident_ids": incidents,
            **values,
        }

    def open_cases(self, session, kinds) -> dict[int, str]:
        """Drafts of a case worker; their kinds by id."""
        kinds = list(kinds)
        values = [self.case_values(kind) for kind in kinds]
        cases = session.call("osc.case", "create", values)
        return dict(zip(cases, kinds, strict=True))

    def expected(self, kind: str) -> set[tuple[str, str]]:
        """Who has to be told of such a case: (login, discipline)."""
        return self.expected_for(KINDS[kind])

    def expected_for(self, disciplines) -> set[tuple[str, str]]:
        """Those on duty; for a discipline without any, the center manager."""
        told = set()
        for discipline in disciplines:
            here = {
                (login, discipline)
                for login, role in self.roles.items()
                if role == (discipline, False)
            }
            told |= here or {(self.manager, discipline)}
        return told
