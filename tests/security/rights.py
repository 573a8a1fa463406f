"""Reading, writing, creating and deleting, and all other roads to the same."""

from collections import defaultdict

from odoo.exceptions import AccessError

from . import calls
from .attempts import Attempts
from .persons import PERSONS
from .reach import CORE_MODELS, case_models

LETTERS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}
# Who tries the other roads to a change, and those to what isn't about any case: people
# whom the rules keep from it (a member, a colleague, a coordinator), and one whom
# nothing lets near it.
BY_OTHER_ROADS = ("plce", "peer", "coor", "user")
# Who is kept from a case as somebody else is who tries all roads: when they read nothing
# of a record, they don't try the others.
KEPT_LIKE_OTHERS = ("late", "past", "awrk", "arep", "amgr", "acoo", "publ")
# Who isn't one of BY_OTHER_ROADS tries one road of so many.
ROADS_EACH = 3
OUTSIDE = ("base.group_portal", "base.group_public", "osc_referral.group_partner")
LOG_FIELDS = {"id", "create_date", "create_uid", "write_date", "write_uid"}
# Rows that would repeat what another row of the model says of its fields.
SAME_FIELDS = (
    "osc.evidence:handed over",
    "osc.evidence:to be disposed of",
    "osc.financial.aid:draft",
    "osc.incident:draft",
    "osc.statement:of a psychologist",
    "osc.survivor:draft",
)


class Rights(Attempts):
    """What everybody may do with a record of each row, and which fields it shows."""

    def __init__(self, story):
        super().__init__(story)
        self.rights = defaultdict(dict)
        self.fields = defaultdict(dict)
        self.case_models = set(case_models(self.env))
        self.of_cases = {*self.case_models, *CORE_MODELS}
        self.copies = {}

    # ------------------------------------------------------------------
    # Read, write, create, delete
    # ------------------------------------------------------------------
    def _values(self, row, person):
        """Values to write, and values to create another one with."""
        record = self.story[row]
        model = record._name
        if row not in self.copies:
            self.copies[row] = record.copy_data()[0]
        values = dict(self.copies[row])
        for name in calls.LEAVE_OUT.get(model, ()):
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
        tries = "r" in cell or person not in KEPT_LIKE_OTHERS
        if person in BY_OTHER_ROADS or (model in self.of_cases and tries):
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
        outside = PERSONS[person].group in OUTSIDE
        if outside or model == "mail.message":
            del reading["export_data"]  # Odoo exports nothing to them, messages never
        if model == "calendar.event" and "r" in cell:
            # Odoo counts private ones for nobody who isn't named in them.
            for road in ("read_group", "formatted_read_group", "web_read_group"):
                del reading[road]
        if person not in BY_OTHER_ROADS:
            reading = self._some_roads(row, person, reading)
        with self._undone():
            for road, attempt in reading.items():
                how, value = self._outcome(attempt)
                if ("r" in cell) != (how == "done" and bool(value)):
                    self.faults.append(f"{person} {road} {row}: {how}, but “{cell}”")

    def _some_roads(self, row, person, roads):
        """Every third road: others for each row and each person.

        So each road is tried to each record by a third of the people, and by each
        person to a third of the records.
        """
        shift = list(self.story.records).index(row) + list(PERSONS).index(person)
        return dict(list(roads.items())[shift % ROADS_EACH :: ROADS_EACH])

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
