"""How long lists of cases take among many cases of others, beside raw SQL.

Runs inside ``odoo shell``: ``run(env, sizes)`` fills the database with SQL, since it is
about reading, and reads with the rights of the people whose work it is, through the
calls that the web client makes.
"""

import gc
import statistics
import threading
import time

from lxml import etree

from odoo.fields import Command
from odoo.tools import SQL

REPETITIONS = 9
STRANGERS = 500  # other users
OWN_EVERY = 25  # of the first cases, every so many are the representative's
CENTER_EVERY = 5  # and every so many belong to the center of manager and coordinator
PAGE = 80
OPEN = [("state", "in", ("draft", "reported", "active"))]


def run(env, sizes) -> dict:
    """Figures for each number of cases; what is one's own is among the first ones.

    :param sizes: numbers of cases, growing
    """
    env = env(context={**env.context, "lang": "en_US"})
    bench = Bench(env, first=sizes[0])
    result = {"sizes": {}}
    done = 0
    for size in sizes:
        begin = time.perf_counter()
        bench.fill(done, size)
        done = size
        result["sizes"][size] = {
            "filled": time.perf_counter() - begin,
            "members": bench.count("osc_case_member"),
            "rows": bench.measure(),
        }
    return result


class Bench:
    def __init__(self, env, first: int):
        self.env, self.first = env, first
        gc.freeze()  # what is there already needn't be looked through again and again
        self.company = env.company.id
        self.representative = self._user("representative", "representative")
        self.worker = self._user("worker", "case_worker")
        self.manager = self._user("manager", "center_manager")
        self.coordinator = self._user("coordinator", "coordinator")
        self.auditor = self._user("auditor", "auditor")
        self.center = self._center("BNA", self.manager, self.coordinator)
        self.others = self._center("BNB", env["res.users"], env["res.users"])
        self.strangers = self._strangers()
        self.discipline = env.ref("osc_base.osc_discipline_medical")
        # Room for what is there already.
        self.base = 10_000_000
        env.cr.commit()

    def _user(self, name, role):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": f"Bench {name}",
                    "login": f"bench.{name}",
                    "notification_type": "inbox",
                    "group_ids": [
                        Command.set([self.env.ref(f"osc_base.group_{role}").id])
                    ],
                }
            )
        )

    def _center(self, code, manager, coordinator):
        return self.env["osc.center"].create(
            {
                "name": f"Center {code}",
                "code": code,
                "state": "operational",
                "country_id": self.env.ref("base.pk").id,
                "tz": "Asia/Karachi",
                "manager_id": manager.id,
                "coordinator_id": coordinator.id,
            }
        )

    def _strangers(self) -> list[int]:
        """Users of whom nothing is needed but that they exist."""
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO res_users (login, partner_id, company_id, notification_type,"
                " active) SELECT 'bench.stranger' || n, %s, %s, 'inbox', TRUE"
                " FROM generate_series(1, %s) n RETURNING id",
                self.env.user.partner_id.id,
                self.env.company.id,
                STRANGERS,
            )
        )
        return [row[0] for row in rows]

    def count(self, table) -> int:
        return self.env.execute_query(
            SQL("SELECT count(*) FROM %s", SQL.identifier(table))
        )[0][0]

    # ------------------------------------------------------------------
    # Many cases
    # ------------------------------------------------------------------
    def fill(self, begin: int, end: int) -> None:
        """Cases with those numbers, with five members each."""
        values = {
            "begin": begin,
            "end": end - 1,
            "base": self.base,
            "center": self.center.id,
            "others": self.others.id,
            "company": self.env.company.id,
            "representative": self.representative.id,
            "worker": self.worker.id,
            "manager": self.manager.id,
            "strangers": self.strangers,
            "crowd": STRANGERS,
            "discipline": self.discipline.id,
            "mine": SQL("n < %s AND n %% %s = 0", self.first, OWN_EVERY),
            "ours": SQL("n < %s AND n %% %s = 0", self.first, CENTER_EVERY),
            "closed": SQL("n %% 10 >= 3"),
            "stranger": SQL("(%s::int[])", self.strangers),
        }
        for statement in FILL:
            self.env.cr.execute(SQL(statement, **values))
        self.env.cr.commit()
        # What autovacuum does on a server that runs for a while.
        for table in ("survivor", "case", "case_member", "case_member_scope"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(f"osc_{table}")))
        self.env.cr.execute("ANALYZE osc_intimation")
        self.env.cr.commit()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Measuring
    # ------------------------------------------------------------------
    def measure(self) -> dict:
        """Medians; the works take turns, so that they meet the same other load."""
        people = {
            "representative": self.representative,
            "case worker": self.worker,
            "manager": self.manager,
            "coordinator": self.coordinator,
        }
        works = {
            "list: raw SQL": (self.representative, self._raw_list),
            "count: raw SQL": (self.representative, self._raw_count),
            "by phone: raw SQL": (self.worker, self._raw_by_phone),
        }
        for role, user in people.items():
            works[f"list: {role}"] = (user, self._list)
            works[f"kanban: {role}"] = (user, self._kanban)
            works[f"count: {role}"] = (user, self._count)
        works |= {
            "form: representative": (self.representative, self._form),
            "form: case worker": (self.worker, self._form),
            "by phone: case worker": (self.worker, self._by_phone),
            "emergencies: auditor": (self.auditor, self._emergencies),
        }
        measured = {name: [] for name in works}
        for _number in range(REPETITIONS + 2):
            for name, (user, work) in works.items():
                measured[name].append(self._time(user, work))
        # The first ones fill the caches of the process.
        return {name: _figures(rows[2:]) for name, rows in sorted(measured.items())}

    def _time(self, user, work) -> tuple:
        env = self.env(user=user.id)
        env.invalidate_all()
        gc.collect()
        thread = threading.current_thread()
        thread.query_count, thread.query_time = 0, 0
        begin = time.perf_counter()
        found = work(env)
        duration = time.perf_counter() - begin
        env.cr.rollback()
        return duration, thread.query_time, thread.query_count, found

    # ------------------------------------------------------------------
    # What the web client asks
    # ------------------------------------------------------------------
    def _specification(self, env, model, kind):
        """The fields of a view, as the web client asks for them."""
        key = (env.uid, model, kind)
        if key not in self._specifications:
            view = env[model].get_views([(False, kind)])["views"][kind]["arch"]
            root = etree.fromstring(view)
            self._specifications[key] = _fields_of(env[model], root)
        return self._specifications[key]

    _specifications: dict = {}

    def _list(self, env):
        specification = self._specification(env, "osc.case", "list")
        found = env["osc.case"].web_search_read(
            OPEN, specification, limit=PAGE, count_limit=10001
        )
        return found["length"]

    def _kanban(self, env):
        specification = self._specification(env, "osc.case", "kanban")
        groups = env["osc.case"].web_read_group(
            OPEN,
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
            unfold_read_default_limit=PAGE,
        )["groups"]
        return sum(group["__count"] for group in groups)

    def _count(self, env):
        return env["osc.case"].search_count(OPEN)

    def _form(self, env):
        specification = self._specification(env, "osc.case", "form")
        case = env["osc.case"].browse(self.base)
        return len(case.web_read(specification))

    def _by_phone(self, env):
        specification = self._specification(env, "osc.survivor", "list")
        found = env["osc.survivor"].web_search_read(
            [("phone", "=", "+92 300 0000000")], specification, limit=PAGE
        )
        return found["length"]

    def _emergencies(self, env):
        specification = self._specification(env, "osc.break.glass", "list")
        found = env["osc.break.glass"].web_search_read([], specification, limit=PAGE)
        return found["length"]

    # ------------------------------------------------------------------
    # The same in SQL
    # ------------------------------------------------------------------
    def _raw_list(self, env):
        env.cr.execute(SQL(RAW_LIST, uid=env.uid, own=self._own(env), page=PAGE))
        rows = env.cr.dictfetchall()
        return self._raw_count(env) if len(rows) == PAGE else len(rows)

    def _raw_count(self, env):
        env.cr.execute(SQL(RAW_COUNT, uid=env.uid, own=self._own(env)))
        return env.cr.fetchone()[0]

    def _own(self, env):
        return SQL(
            "c.state IN ('draft', 'reported', 'active') AND c.company_id = %s"
            " AND NOT EXISTS (SELECT FROM osc_case_excluded_user_rel x"
            " WHERE x.case_id = c.id AND x.user_id = %s)"
            " AND c.id = ANY(ARRAY(SELECT m.case_id FROM osc_case_member m"
            " WHERE m.user_id = %s AND m.revoked_at IS NULL"
            " AND (m.valid_until IS NULL OR m.valid_until > now() at time zone 'UTC')))",
            self.company,
            env.uid,
            env.uid,
        )

    def _raw_by_phone(self, env):
        env.cr.execute(
            "SELECT id, code, sex FROM osc_survivor WHERE phone_token = 'none'"
        )
        return len(env.cr.fetchall())


def _figures(rows) -> dict:
    return {
        "milliseconds": statistics.median(row[0] for row in rows) * 1000,
        # Least disturbed by what else the machine does.
        "best": min(row[0] for row in rows) * 1000,
        "database": min(row[1] for row in rows) * 1000,
        "queries": statistics.median(row[2] for row in rows),
        "found": rows[-1][3],
    }


def _fields_of(model, node) -> dict:
    """The specification of the fields below a node of a view."""
    specification = {}
    for element in node.iter("field"):
        if any(parent.tag == "field" for parent in element.iterancestors()):
            continue
        field = model._fields[element.get("name")]
        inner = {}
        if field.type == "many2one":
            inner = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            comodel = model.env[field.comodel_name]
            lists = [child for child in element if child.tag in ("list", "kanban")]
            inner = {"fields": {"display_name": {}}}
            if lists:
                fields = {}
                for column in lists[0].iter("field"):
                    fields |= _fields_of(comodel, _alone(column))
                inner = {"fields": fields, "limit": 40}
        specification[field.name] = inner
    return specification


def _alone(column):
    root = etree.Element("list")
    etree.SubElement(root, "field", name=column.get("name"))
    return root


FILL = [
    """
    INSERT INTO osc_survivor (id, code, sex, phone_token, full_name_token)
    SELECT %(base)s + n, 'BENCH-' || n, 'female', md5('p' || n), md5('f' || n)
      FROM generate_series(%(begin)s, %(end)s) n
    """,
    """
    INSERT INTO osc_case (id, survivor_id, center_id, company_id, urgency_rank, urgency,
                          channel, state, name, reported_at, case_worker_id)
    SELECT %(base)s + n, %(base)s + n,
           CASE WHEN %(ours)s THEN %(center)s ELSE %(others)s END, %(company)s, n %% 3,
           (ARRAY['routine', 'urgent', 'emergency'])[n %% 3 + 1], 'walk_in',
           CASE WHEN %(closed)s THEN 'closed' WHEN n %% 10 = 2 THEN 'reported'
                ELSE 'active' END,
           'BENCH-' || n, now() at time zone 'UTC' - n * interval '3 minutes',
           CASE WHEN %(mine)s THEN %(worker)s ELSE (%(stranger)s)[n %% %(crowd)s + 1] END
      FROM generate_series(%(begin)s, %(end)s) n
    """,
    """
    INSERT INTO osc_case_member (case_id, user_id, basis, discipline_id, granted_at)
    SELECT %(base)s + n,
           CASE WHEN m = 0 AND %(mine)s THEN %(worker)s
                WHEN m = 1 AND %(mine)s THEN %(representative)s
                WHEN m = 4 AND %(ours)s THEN %(manager)s
                ELSE (%(stranger)s)[(n * 7 + m * 97) %% %(crowd)s + 1] END,
           (ARRAY['assigned', 'intimated', 'intimated', 'intimated', 'supervision'])[m + 1],
           CASE WHEN m BETWEEN 1 AND 3 THEN %(discipline)s END,
           now() at time zone 'UTC'
      FROM generate_series(%(begin)s, %(end)s) n, generate_series(0, 4) m
    """,
    """
    INSERT INTO osc_case_member_scope (member_id, case_id, scope, ground, opened_at)
    SELECT id, case_id, 'identity', 'role', granted_at
      FROM osc_case_member
     WHERE basis = 'assigned'
       AND case_id BETWEEN %(base)s + %(begin)s AND %(base)s + %(end)s
    """,
    """
    INSERT INTO osc_intimation (case_id, case_code, center_id, company_id, user_id,
                                discipline_id, urgency, basis, state, state_rank, sent_at,
                                due_at, escalation_level)
    SELECT c.id, c.name, c.center_id, c.company_id, m.user_id, m.discipline_id, c.urgency,
           'consent', CASE WHEN c.id %% 4 = 0 THEN 'sent' ELSE 'acted' END, 0,
           c.reported_at, c.reported_at, 0
      FROM osc_case c JOIN osc_case_member m ON m.case_id = c.id
     WHERE m.basis = 'intimated' AND c.state <> 'closed'
       AND c.id BETWEEN %(base)s + %(begin)s AND %(base)s + %(end)s
    """,
    """
    INSERT INTO osc_break_glass (case_id, case_code, center_id, company_id, user_id,
                                 review, opened_at, valid_until)
    SELECT c.id, c.name, c.center_id, c.company_id, c.case_worker_id, 'justified',
           c.reported_at, c.reported_at
      FROM osc_case c
     WHERE c.id %% 100 = 0
       AND c.id BETWEEN %(base)s + %(begin)s AND %(base)s + %(end)s
    """,
]
RAW_LIST = """
    SELECT c.id, c.name, c.urgency, c.reported_at, c.channel, c.state, ce.name AS center,
           p.name AS worker,
           (SELECT count(*) FROM osc_intimation i
             WHERE i.case_id = c.id AND i.state = 'sent') AS waiting,
           (SELECT count(*) FROM osc_intimation i
             WHERE i.case_id = c.id AND i.state = 'sent'
               AND i.due_at <= now() at time zone 'UTC') AS overdue,
           (SELECT min(k.due_at) FROM osc_clock k
             WHERE k.case_id = c.id AND k.met_at IS NULL AND k.waived_at IS NULL
               AND k.due_at > now() at time zone 'UTC') AS next_limit,
           (SELECT count(*) FROM osc_clock k
             WHERE k.case_id = c.id AND k.met_at IS NULL AND k.waived_at IS NULL
               AND k.due_at <= now() at time zone 'UTC') AS missed_limits,
           c.risk_level,
           ARRAY(SELECT d.name->>'en_US' FROM osc_case_gap_discipline_rel g
                   JOIN osc_discipline d ON d.id = g.discipline_id
                  WHERE g.case_id = c.id) AS gaps
      FROM osc_case c
      JOIN osc_center ce ON ce.id = c.center_id
 LEFT JOIN res_users u ON u.id = c.case_worker_id
 LEFT JOIN res_partner p ON p.id = u.partner_id
     WHERE %(own)s
  ORDER BY c.urgency_rank DESC, c.reported_at DESC, c.id DESC
     LIMIT %(page)s
"""
RAW_COUNT = "SELECT count(*) FROM osc_case c WHERE %(own)s"
