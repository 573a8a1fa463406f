import base64
import csv
import io
from collections import defaultdict
from datetime import date, datetime, time, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..import_file import COLUMNS, REQUIRED, UnreadableFile, rows_of

SHOWN_ERRORS = 100
BATCH = 1000
BOOLEANS = {"": False, "no": False, "0": False, "yes": True, "1": True}
DEFAULTS = {"urgency": "routine", "state": "closed", "sex": "female"}


class OscCaseImport(models.TransientModel):
    """Takes over a list of cases that a center kept before, in one go or not at all.

    Each row is checked first, and each error is told with its line. Nobody is
    intimated: these needs were answered before. Every case gets a code of its own year.
    """

    _name = "osc.case.import"
    _description = "Import a list of cases"
    _inherit = "osc.given.mixin"
    # The file is full of names: it is encrypted while it lies here.
    _vault_attachments = True

    # Not required: whoever gets the empty list has none yet.
    file = fields.Binary(string="List", attachment=True)
    file_name = fields.Char()
    state = fields.Selection(
        selection=[
            ("choose", "Choose the file"),
            ("checked", "Checked"),
            ("done", "Imported"),
        ],
        default="choose",
        readonly=True,
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    error_count = fields.Integer(string="Errors", readonly=True)
    errors = fields.Text(string="What is wrong", readonly=True)
    case_ids = fields.Many2many(comodel_name="osc.case", readonly=True)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_check(self):
        """Check every row; import nothing.

        :raise AccessError: the user manages no center
        :raise UserError: there is no file, or it can't be read
        """
        self.ensure_one()
        self._checked()
        return self._again()

    def action_import(self):
        """Import all rows, when none has an error.

        :raise AccessError: the user manages no center
        :raise UserError: there is no file, or it can't be read
        """
        self.ensure_one()
        rows = self._checked()
        if not self.error_count:
            cases = self._import(rows)
            self.write({"state": "done", "case_ids": cases.ids, "file": False})
        return self._again()

    def action_template(self):
        """Download an empty list: the names of the columns and nothing else."""
        self.check_access("read")
        target = io.StringIO()
        csv.writer(target).writerow(COLUMNS)
        content = base64.b64encode(target.getvalue().encode("utf-8-sig")).decode()
        template = self.env["ir.attachment"].create(
            {"name": "osc_cases_template.csv", "datas": content, "mimetype": "text/csv"}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{template.id}?download=true",
            "target": "download",
        }

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a list of cases"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": self.env.context,
        }

    # ------------------------------------------------------------------
    # Check
    # ------------------------------------------------------------------
    def _checked(self):
        """The rows as values; what is wrong with them is noted on the wizard.

        :return: list of dicts, see ``_read_row``
        """
        self.check_access("write")
        known = self._known()
        if not known["center"]:
            raise AccessError(
                self.env._("Lists are imported by the manager of the center.")
            )
        if not self.file:
            raise UserError(self.env._("Choose the file with your list first."))
        try:
            lines = rows_of(base64.b64decode(self.file), self.file_name or "")
        except UnreadableFile as error:
            raise UserError(str(error)) from error
        rows, errors = [], []
        for number, line in lines:
            values, wrong = self._read_row(line, known)
            rows.append(values)
            errors += [
                self.env._("Line %(number)s: %(text)s", number=number, text=text)
                for text in wrong
            ]
        self.write(
            {
                "state": "checked",
                "row_count": len(rows),
                "error_count": len(errors),
                "errors": "\n".join(errors[:SHOWN_ERRORS]) or False,
            }
        )
        return rows

    @api.model
    def _known(self):
        """What codes in the file may mean: ``{column: {text: value}}``."""
        Case, Incident = self.env["osc.case"], self.env["osc.incident"]
        centers = self.env["osc.center"].search(
            [("manager_id", "=", self.env.uid), ("state", "!=", "closed")]
        )
        # Who works as what is not readable for a manager.
        workers = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("osc_base.group_case_worker").ids,
                    ),
                    ("company_ids", "in", centers.company_id.ids),
                ]
            )
        )
        return {
            "center": {center.code.lower(): center for center in centers},
            "channel": self._codes(Case, "channel"),
            "urgency": self._codes(Case, "urgency"),
            "state": {"active": "active", "closed": "closed"},
            "sex": self._codes(self.env["osc.survivor"], "sex"),
            "incident_type": {
                kind.code: kind for kind in self.env["osc.incident.type"].search([])
            },
            "incident_place": self._codes(Incident, "place"),
            "case_worker": {user.login.lower(): user for user in workers},
            "consent_statistics": BOOLEANS,
        }

    @api.model
    def _codes(self, model, name):
        return {code: code for code, _label in model._fields[name].selection}

    def _read_row(self, line, known):
        """Read one line of the file.

        :return: (values by column, list of what is wrong). What is wrong never quotes
            the line: it may be her name that stands in the wrong column.
        """
        values, wrong = {}, []
        for column in COLUMNS:
            text = line.get(column, "") or DEFAULTS.get(column, "")
            try:
                values[column] = self._read_cell(column, text, known)
            except ValueError as error:
                wrong.append(f"{column}: {error}")
        if not wrong:
            wrong = self._contradictions(values)
        return values, wrong

    def _read_cell(self, column, text, known):
        """:raise ValueError: the text can't stand there"""
        if not text and column in REQUIRED:
            raise ValueError(self.env._("is missing"))
        if not text:
            return known[column].get("", False) if column in known else False
        if column in known:
            if text.lower() not in known[column]:
                raise ValueError(self._not_known(column, known))
            return known[column][text.lower()]
        if column.endswith("_on") or column == "birth_date":
            try:
                return date.fromisoformat(text)
            except ValueError as error:
                raise ValueError(
                    self.env._("is no day, write it as 2024-03-31")
                ) from error
        if column == "age_years":
            if not text.isdigit() or not 0 <= int(text) <= 120:
                raise ValueError(self.env._("is no age from 0 to 120"))
            return int(text)
        return text

    def _not_known(self, column, known):
        """What is wrong with a text, and what may stand there instead."""
        if column == "case_worker":
            # Whose logins there are is no business of whoever imports.
            return self.env._("is the login of no case worker of the center")
        values = ", ".join(text for text in known[column] if text)
        return self.env._("is none of the possible values: %s", values)

    def _contradictions(self, values):
        """What doesn't go together in one row."""
        wrong = []
        reported, closed = values["reported_on"], values["closed_on"]
        today = values["center"]._local_day()
        if reported > today:
            wrong.append(self.env._("reported_on: is in the future"))
        if values["state"] == "closed" and closed and not reported <= closed <= today:
            wrong.append(self.env._("closed_on: is before the report or in the future"))
        if values["state"] == "active" and not values["case_worker"]:
            wrong.append(self.env._("case_worker: an active case needs one"))
        if values["incident_on"] and values["incident_on"] > reported:
            wrong.append(self.env._("incident_on: is after the report"))
        if values["birth_date"] and values["birth_date"] > reported:
            wrong.append(self.env._("birth_date: is after the report"))
        if values["incident_on"] and not values["incident_type"]:
            wrong.append(self.env._("incident_type: is missing for the incident"))
        return wrong

    # ------------------------------------------------------------------
    # Import
    # ------------------------------------------------------------------
    def _import(self, rows):
        """Make the cases, in the order of the reports.

        A manager may open cases of the center but not give them state, code and times;
        and knowing who they are ends with this wizard.
        """
        cases = self.env["osc.case"].sudo()
        rows = sorted(rows, key=lambda values: values["reported_on"])
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            # As the docstring says: with the rights of this wizard only.
            survivors = (
                self.env["osc.survivor"]
                .sudo()
                .create([self._survivor_vals(values) for values in part])
            )
            made = cases.with_context(tracking_disable=True).create(
                [
                    self._case_vals(values, survivor, code)
                    for values, survivor, code in zip(
                        part, survivors, self._codes_of(part), strict=True
                    )
                ]
            )
            # Only now: what is added to an open case tells those whom it concerns.
            active = made.filtered(lambda case: not case.closed_at)
            active.write({"state": "active"})
            made._grant_supervision()
            cases += made
            self.env.flush_all()
            self.env.invalidate_all()
        return cases

    def _codes_of(self, rows):
        """A code of its own year for each row."""
        places = defaultdict(list)
        for place, values in enumerate(rows):
            places[values["center"]].append(place)
        codes = {}
        for center, own in places.items():
            moments = [self._noon(center, rows[n]["reported_on"]) for n in own]
            codes.update(zip(own, center._next_case_codes(moments), strict=True))
        return [codes[place] for place in range(len(rows))]

    def _survivor_vals(self, values):
        return {
            "full_name": values["full_name"],
            "national_id": values["national_id"],
            "phone": values["phone"],
            "sex": values["sex"],
            "birth_date": values["birth_date"],
            "age_years": values["age_years"],
            "age_noted_on": bool(values["age_years"]) and values["reported_on"],
        }

    def _case_vals(self, values, survivor, code):
        center = values["center"]
        reported_at = self._noon(center, values["reported_on"])
        vals = {
            "survivor_id": survivor.id,
            "center_id": center.id,
            "channel": values["channel"],
            "urgency": values["urgency"],
            "case_worker_id": values["case_worker"] and values["case_worker"].id,
            "state": "closed",
            "name": code,
            "reported_at": reported_at,
            "reported_by_id": self.env.uid,
            "closed_at": values["state"] == "closed"
            and self._noon(center, values["closed_on"] or values["reported_on"]),
        }
        if values["incident_type"]:
            vals["incident_ids"] = [
                fields.Command.create(
                    {
                        "type_id": values["incident_type"].id,
                        "place": values["incident_place"],
                        "occurred_at": values["incident_on"]
                        and self._noon(center, values["incident_on"]),
                    }
                )
            ]
        if values["consent_statistics"]:
            vals["consent_ids"] = [
                fields.Command.create(
                    {
                        "scope": "statistics",
                        "given_at": reported_at,
                        "given_by": self._consenter(values, survivor),
                        "how": "signed",
                    }
                )
            ]
        return vals

    def _consenter(self, values, survivor):
        """Who can have consented: for a small child only her guardian."""
        age = survivor._age_on(values["reported_on"])
        policy = values["center"]._policy_on(values["reported_on"])
        too_young = age is not None and age < policy._limit("consent_age")
        return "guardian" if too_young else "survivor"

    def _noon(self, center, day):
        """The list knows days only: noon at the center, never in the future."""
        local = datetime.combine(day, time(12), tzinfo=center._zone())
        noon = local.astimezone(timezone.utc).replace(tzinfo=None)
        return min(noon, fields.Datetime.now())
