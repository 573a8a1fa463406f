"""Everybody tries everything, inside Odoo and through the door that RPC uses.

What a person did is undone before the next attempt, so each one meets the same story.
``run`` is called in a shell of Odoo; what it returns is compared with the tables by
``test_matrix.py``.
"""

import inspect
import warnings
from collections import defaultdict
from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from . import calls
from .persons import PERSONS
from .story import Story

# Core models through which what is in a case could leave it.
CORE_MODELS = (
    "calendar.attendee",
    "calendar.event",
    "ir.actions.report",
    "ir.attachment",
    "mail.activity",
    "mail.followers",
    "mail.message",
    "mail.notification",
    "mail.scheduled.message",
    "res.users",
)
LETTERS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}
# Methods of every model, some of which the suite overrides: each row tries them.
BY_LETTERS = (
    "create",
    "write",
    "unlink",
    "read",
    "search_read",
    "web_read",
    "web_search_read",
    "web_read_group",
    "web_save",
    "export_data",
    "copy_data",
    "onchange",
)
PREFIXES = ("action_", "message_", "activity_")
GENERIC = ("action_archive", "action_unarchive")  # of every model: roads to a write
# Who tries the other roads to a change, and those to what isn't about any case: people
# whom the rules keep from it (a member, a colleague, a coordinator), and one whom
# nothing lets near it.
BY_OTHER_ROADS = ("plce", "peer", "coor", "user")
LOG_FIELDS = {"id", "create_date", "create_uid", "write_date", "write_uid"}
# Rows that would repeat what another row of the model says of its fields.
SAME_FIELDS = (
    "osc.incident:draft",
    "osc.statement:of a psychologist",
    "osc.survivor:draft",
)
QUIET = (
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_attachment",
    "odoo.addons.mail.models.mail_thread",
    "odoo.http",
    "odoo.models",
    "odoo.sql_db",
)


def suite_models(env):
    """Names of the models that the suite makes."""
    return [
        name
        for name, Model in env.registry.items()
        if (Model._original_module or "").startswith("osc_") and not Model._abstract
    ]


def case_models(env):
    """Models whose fields say something about a case."""
    return [
        name
        for name in suite_models(env)
        if "case_id" in env[name]._fields or name in ("osc.case", "osc.survivor")
    ]


def methods(env):
    """Public methods that RPC reaches: the suite's own, and those that its models
    inherit under names of actions, messages and activities.

    :return: list of ``(model, method)``
    """
    found = []
    suite = set(suite_models(env))
    for model, Model in env.registry.items():
        if Model._abstract:
            continue
        for name in dir(Model):
            owners = [cls for cls in Model.__mro__ if name in vars(cls)]
            if name.startswith("_") or not callable(getattr(Model, name)):
                continue
            if any(getattr(vars(c)[name], "_api_private", False) for c in owners):
                continue
            own = any(c.__module__.startswith("odoo.addons.osc_") for c in owners)
            inherited = model in suite and name.startswith(PREFIXES)
            called = name not in BY_LETTERS or f"{model}.{name}" in calls.CALLS
            if (own and called) or (inherited and name not in GENERIC):
                found.append((model, name))
    return found


class Matrix:
    """Makes the attempts and keeps what came of them."""

    def __init__(self, env):
        self.story = Story(env)
        self.env = env
        self.rights = defaultdict(dict)
        self.methods = defaultdict(dict)
        self.fields = defaultdict(dict)
        self.uncalled = []
        self.of_cases = {*case_models(env), *CORE_MODELS}
        self.faults = []

    # ------------------------------------------------------------------
    # One attempt
    # ------------------------------------------------------------------
    @contextmanager
    def _undone(self):
        """All that happens within is undone."""
        cr = self.env.cr
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = cr.savepoint(flush=False)
        try:
            yield
        finally:
            self.env.cr.clear()
            cr.postcommit.clear()
            savepoint.close(rollback=True)

    def _call(self, person, model, method, *args, **kwargs):
        """Call a method as RPC does."""
        user = self.story.users[person]
        env = self.env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        value = call_kw(env[model], method, list(args), kwargs)
        self.env.flush_all()
        self.env.invalidate_all()
        return value

    def _outcome(self, attempt):
        """``(how it ended, what it gave)``: done, denied, refused or failed."""
        try:
            return "done", attempt()
        except AccessError:
            return "denied", None
        except (UserError, psycopg2.IntegrityError):
            # A rule of the suite, or of the database, whoever tries.
            return "refused", None
        except Exception as error:
            return "failed", f"{type(error).__name__}: {error}"

    def _writes(self):
        """Rows that this transaction has written so far, undone ones included."""
        self.env.cr.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) "
            "FROM pg_stat_xact_user_tables WHERE relname NOT LIKE 'bus_%'"
        )
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------
    # Read, write, create, delete
    # ------------------------------------------------------------------
    def _values(self, row, person):
        """Values to write, and values to create another one with."""
        record = self.story[row]
        model = record._name
        values = record.copy_data()[0]
        for name, models in calls.LEAVE_OUT.items():
            if model in models:
                values.pop(name, None)
        extra = calls.CREATE.get(model)
        if extra:
            values |= extra(self.story, self.story.users[person])
        write = calls.WRITE.get(model)
        if not write:
            write = next(
                {name: "x"}
                for name in values
                if record._fields[name].type in ("char", "text", "html")
            )
        assert write.keys() <= record._fields.keys(), (row, write)
        return write, values

    def _try_rights(self, row, person):
        record = self.story[row]
        model, ids = record._name, record.ids
        write, create = self._values(row, person)
        column = next(
            name
            for name in ("create_date", "res_id", "display_name")
            if name in record._fields
        )
        if model == "mail.notification":
            column = "res_partner_id"
        attempts = {
            "read": lambda: self._call(person, model, "read", ids, [column]),
            "write": lambda: self._call(person, model, "write", ids, write),
            "create": lambda: self._call(person, model, "create", [create]),
            "unlink": lambda: self._call(person, model, "unlink", ids),
        }
        cell = ""
        for operation, attempt in attempts.items():
            with self._undone():
                how, value = self._outcome(attempt)
            if how == "failed":
                self.faults.append(f"{person} {operation} {row}: {value}")
            cell += {
                "done": LETTERS[operation],
                "refused": LETTERS[operation].upper(),
            }.get(how, "")
        self.rights[row][person] = cell
        if person in BY_OTHER_ROADS or model in self.of_cases:
            self._try_to_see(row, person, cell)
        if person in BY_OTHER_ROADS:
            self._try_to_change(row, person, cell, write)

    # ------------------------------------------------------------------
    # Other roads to the same
    # ------------------------------------------------------------------
    def _try_to_see(self, row, person, cell):
        """What can be read can be read by each road, and what can't by none."""
        record = self.story[row]
        model, ids = record._name, record.ids
        domain = [("id", "in", ids)]

        def call(method, *args, **kwargs):
            return self._call(person, model, method, *args, **kwargs)

        def counted(groups):
            return sum(group["__count"] for group in groups)

        by = next(
            name
            for name in ("create_uid", "write_uid", "res_id", "res_partner_id", "id")
            if name in record._fields and record._fields[name].store
        )
        reading = {
            "search": lambda: call("search", domain),
            "search_count": lambda: call("search_count", domain),
            "search_read": lambda: call("search_read", domain, ["id"]),
            "web_search_read": lambda: call("web_search_read", domain, {"id": {}})[
                "records"
            ],
            "web_read": lambda: call("web_read", ids, {"display_name": {}}),
            "name_search": lambda: call("name_search", "", domain),
            "read_group": lambda: sum(
                group[f"{by}_count"] for group in call("read_group", domain, [], [by])
            ),
            "formatted_read_group": lambda: counted(
                call("formatted_read_group", domain, [], ["__count"])
            ),
            "web_read_group": lambda: counted(
                call("web_read_group", domain, [by])["groups"]
            ),
            "export_data": lambda: call("export_data", ids, ["display_name"])["datas"],
        }
        outside = PERSONS[person].group in ("base.group_portal", "base.group_public")
        if outside or model == "mail.message":
            del reading["export_data"]  # Odoo exports nothing to them, messages never
        if model == "calendar.event":
            # Odoo counts private ones for those who take part only.
            for road in ("read_group", "formatted_read_group", "web_read_group"):
                del reading[road]
        with self._undone():
            for road, attempt in reading.items():
                how, value = self._outcome(attempt)
                if ("r" in cell) != (how == "done" and bool(value)):
                    self.faults.append(f"{person} {road} {row}: {how}, but “{cell}”")

    def _try_to_change(self, row, person, cell, write):
        """What can't be written can't be by any other road, nor copied."""
        record = self.story[row]
        model, ids = record._name, record.ids

        def call(method, *args, **kwargs):
            return self._call(person, model, method, *args, **kwargs)

        writing = {}
        if "w" not in cell.lower():
            name, value = next(iter(write.items()))
            writing |= {
                "web_save": lambda: call("web_save", ids, write, {}),
                "web_save_multi": lambda: call("web_save_multi", ids, [write], {}),
                "load": lambda: self._load(person, record, name, value),
                "action_archive": lambda: call("action_archive", ids),
                "action_unarchive": lambda: call("action_unarchive", ids),
            }
        if "c" not in cell.lower():
            writing["copy"] = lambda: call("copy", ids)
            if record._rec_name and model not in CORE_MODELS:
                writing["name_create"] = lambda: call("name_create", "x")
        for road, attempt in writing.items():
            with self._undone():
                how, _value = self._outcome(attempt)
            if how == "done" and self._changes(attempt):
                self.faults.append(f"{person} {road} {row} changed something")

    def _load(self, person, record, name, value):
        """Import a value; it reports what it refused instead of raising it."""
        rows = [[str(record.id), str(value)]]
        result = self._call(person, record._name, "load", [".id", name], rows)
        if not result["ids"]:
            raise AccessError(str(result["messages"]))

    def _changes(self, attempt):
        """Whether an attempt that isn't refused writes anything."""
        with self._undone():
            before = self._writes()
            self._outcome(attempt)
            return self._writes() != before

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------
    def _try_fields(self, row, person):
        """Which fields show the person something."""
        record = self.story[row]
        names = sorted(set(record._fields) - LOG_FIELDS)
        for name in names:
            self.fields[f"{row} {name}"][person] = ""
        if "r" not in self.rights[row][person]:
            return
        with self._undone():
            shown = list(self._call(person, record._name, "fields_get"))
        with self._undone():
            how, value = self._outcome(
                lambda: self._call(person, record._name, "read", record.ids, shown)
            )
        if how != "done":
            self.faults.append(f"{person} read all of {row}: {how} {value}")
            return
        for name, content in value[0].items():
            if name in names and content not in (False, [], "", 0):
                self.fields[f"{row} {name}"][person] = "v"

    # ------------------------------------------------------------------
    # Methods
    # ------------------------------------------------------------------
    def _arguments(self, model, name):
        """How to call a method; one that needs nothing is called without anything."""
        known = calls.CALLS.get(f"{model}.{name}") or calls.CALLS.get(name)
        if known:
            return known
        method = getattr(self.env.registry[model], name)
        needed = [
            parameter
            for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ]
        return None if needed else lambda story, user: ((), {})

    def _try_method(self, model, name, person):
        full = f"{model}.{name}"
        arguments = self._arguments(model, name)
        user = self.story.users[person]
        row = calls.ROWS.get(full, model)
        args, kwargs = arguments(self.story, user)

        def attempt():
            ids = self.story[row].ids
            if own := calls.OWN.get(full):
                ids = self._call(person, model, "create", [own(self.story, user)])
            at_model = getattr(getattr(self.env.registry[model], name), "_api_model", 0)
            first = () if at_model else (ids,)
            return self._call(person, model, name, *first, *args, **kwargs)

        with self._undone():
            if before := calls.BEFORE.get(full):
                before(self.story)
                self.env.flush_all()
                self.env.invalidate_all()
            written = self._writes()
            how, value = self._outcome(attempt)
            if how == "done":
                how = "changes" if self._writes() != written else "answers"
            if how == "answers" and not value:
                how = "nothing"
        self.methods[full][person] = {
            "changes": "y",
            "answers": "r",
            "nothing": "0",
            "refused": "x",
            "denied": "",
            "failed": "e",
        }[how]

    def _try_others_wizard(self, full, person):
        """Nobody uses a wizard that somebody else filled in."""
        model, name = full.rsplit(".", 1)
        record = self.story[model]
        if record.create_uid == self.story.users[person]:
            return
        with self._undone():
            how, _value = self._outcome(
                lambda: self._call(person, model, name, record.ids)
            )
        if how != "denied":
            self.faults.append(f"{person} {name} of somebody else's {model}: {how}")

    # ------------------------------------------------------------------
    # Files and reports
    # ------------------------------------------------------------------
    def _try_download(self, row, person):
        attachment = self.story[row]
        user = self.story.users[person]
        env = self.env(user=user.id, context={})

        def attempt():
            return env["ir.binary"]._find_record(res_id=attachment.id).raw

        with self._undone():
            how, value = self._outcome(attempt)
        if ("r" in self.rights[row][person]) != (how == "done" and bool(value)):
            self.faults.append(f"{person} downloads {row}: {how} {value}")

    def _try_reports(self, row, person):
        record = self.story[row]
        reports = self.env["ir.actions.report"].search([("model", "=", record._name)])
        for report in reports:
            as_person = report.with_user(self.story.users[person])
            with self._undone():
                how, _value = self._outcome(
                    lambda report=as_person: report._render_qweb_html(
                        report.report_name, record.ids
                    )
                )
            if "r" not in self.rights[row][person] and how == "done":
                self.faults.append(f"{person} prints {report.report_name} of {row}")

    # ------------------------------------------------------------------
    # All
    # ------------------------------------------------------------------
    def run(self):
        env = self.env
        covered = {row.split(":")[0] for row in self.story.records}
        wanted = {*suite_models(env), *CORE_MODELS}
        for row, record in self.story.records.items():
            assert len(record) == 1, f"{row}: {record}"
            for person in PERSONS:
                self._try_rights(row, person)
                if record._name in case_models(env) and row not in SAME_FIELDS:
                    self._try_fields(row, person)
                if record._name == "ir.attachment":
                    self._try_download(row, person)
                self._try_reports(row, person)
        for model, name in methods(env):
            full = f"{model}.{name}"
            if model not in covered or not self._arguments(model, name):
                self.uncalled.append(full)
                continue
            for person in PERSONS:
                self._try_method(model, name, person)
        for full in calls.OWN:
            for person in PERSONS:
                self._try_others_wizard(full, person)
        return {
            "without record": sorted(wanted - covered),
            "without call": sorted(self.uncalled),
            "rights": self.rights,
            "methods": self.methods,
            "fields": self.fields,
            "faults": self.faults,
            "story": self.story.summary(),
        }


def run(env):
    """Make the story, commit it, and have everybody try everything.

    :return: what JSON can carry
    """
    assert env.uid == SUPERUSER_ID
    warnings.simplefilter("ignore")
    matrix = Matrix(env)
    env.cr.commit()
    with mute_logger(*QUIET):
        return matrix.run()
