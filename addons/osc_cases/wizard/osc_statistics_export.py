import base64
import io
from datetime import timedelta

import xlsxwriter
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..statistics import (
    AGE_BANDS,
    INTERVAL_BANDS,
    UNKNOWN,
    WHO,
    band,
    hide_by_tiers,
    names,
    table,
)

# What could single somebody out together: the woman, the accused, what she was given.
SURVIVOR = ("month", "sex", "age", "disability", "type", "place", "interval")
ACCUSED = ("accused", "accused_relation", "accused_sex", "accused_age")
# What those who read it see of each case by its code.
CASE = ("channel", "urgency", "state")
COLUMNS = {
    "month": "Month of report",
    "sex": "Sex",
    "age": "Age group",
    "disability": "Disability",
    "type": "Type of incident",
    "place": "Place",
    "interval": "From incident to report",
    "channel": "How she reached the center",
    "urgency": "Urgency",
    "state": "State of the case",
    "accused": "Number of accused",
    "accused_relation": "Relation of the (first) accused",
    "accused_sex": "Sex of the accused",
    "accused_age": "Age group of the accused",
}
SERVICES = {
    "medical": "Medical",
    "forensic": "Forensic",
    "police": "Police",
    "legal": "Legal",
    "psychosocial": "Psycho-social",
    "shelter": "Shelter",
    "child_protection": "Child protection",
    "financial": "Financial",
}
# What became of the services of a discipline: what helped her most counts.
OUTCOMES = {
    "delivered": "provided by us",
    "referred": "referred",
    "scheduled": "not yet",
    "requested": "not yet",
    "declined": "declined by survivor",
    "unavailable": "unavailable",
}
NOT_APPLICABLE = "not applicable"


class OscStatisticsExport(models.TransientModel):
    """Makes a spreadsheet of incidents without anybody in it.

    Only of cases of women who consented to statistics, without code, day or place
    name, with the standard groups of GBVIMS, and without numbers so small that somebody
    could be recognised.
    """

    _name = "osc.statistics.export"
    _description = "Statistics without identities"
    _inherit = "osc.given.mixin"

    def _default_date_from(self):
        return fields.Date.context_today(self) + relativedelta(months=-1, day=1)

    def _default_date_to(self):
        return fields.Date.context_today(self) + relativedelta(day=1, days=-1)

    center_ids = fields.Many2many(
        comodel_name="osc.center",
        string="Centers",
        default=lambda self: self._own_centers(),
        help="Centers that you manage or coordinate.",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_date_to()
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)
    case_count = fields.Integer(string="Cases in this time", readonly=True)
    consented_count = fields.Integer(string="Of them with consent", readonly=True)

    @api.model
    def _own_centers(self):
        return self.env["osc.center"].search(
            Domain("manager_id", "=", self.env.uid)
            | Domain("coordinator_id", "=", self.env.uid)
        )

    def action_export(self):
        """Make the spreadsheet.

        :raise AccessError: a center isn't the user's to count
        :raise UserError: there is no center, or not whole months that are over
        """
        self.ensure_one()
        self.check_access("write")
        if not self.center_ids:
            raise UserError(self.env._("Choose the centers."))
        if self.center_ids - self._own_centers():
            raise AccessError(
                self.env._("Statistics are for who manages or coordinates the center.")
            )
        self._check_months()
        cases = self._cases()
        consented = cases.filtered(
            lambda case: any(
                consent.scope == "statistics" and consent.is_valid
                for consent in case.consent_ids
            )
        )
        rows = [
            {**self._row(incident), WHO: incident.case_id.survivor_id.id}
            for incident in consented.incident_ids
        ]
        services = [
            {**self._service_outcomes(case), WHO: case.survivor_id.id}
            for case in consented
        ]
        self.write(
            {
                "case_count": len(cases),
                "consented_count": len(consented),
                "file": base64.b64encode(self._book(rows, services)),
                "file_name": f"osc_statistics_{self.date_from}_{self.date_to}.xlsx",
            }
        )
        self.env["osc.audit.entry"]._log(
            "export", self.center_ids, "statistics without identities"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statistics without identities"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_months(self):
        """What two lists that differ by a day don't share would tell of single women.

        :raise UserError: it isn't about whole months that are over at each center
        """
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first."))
        if self.date_from.day != 1 or (self.date_to + timedelta(days=1)).day != 1:
            raise UserError(
                self.env._(
                    "Choose whole months, from the first day of one to the last day of "
                    "one: two lists that differ by some days would tell of single women."
                )
            )
        if self.date_to >= min(center._local_day() for center in self.center_ids):
            raise UserError(
                self.env._(
                    "Choose months that are over: a list of today and one of tomorrow "
                    "would tell of single women."
                )
            )

    # ------------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------------
    def _cases(self):
        """Cases reported in the time, by the days of each center, as superuser.

        Who manages or coordinates can't open all of them; what leaves here is without
        anybody in it.
        """
        Case = self.env["osc.case"].sudo()
        cases = Case.browse()
        for center in self.center_ids:
            start = center._midnight(self.date_from)
            end = center._midnight(self.date_to + timedelta(days=1))
            cases |= Case.search(
                Domain("center_id", "=", center.id)
                & Domain("reported_at", ">=", start)
                & Domain("reported_at", "<", end)
                & Domain("state", "!=", "draft")
            )
        return cases

    def _row(self, incident):
        """One incident as standard groups. A hook: addons add columns."""
        case = incident.case_id
        survivor = case.survivor_id
        day = case.center_id._local_day(case.reported_at)
        hours = None
        if incident.occurred_at:
            hours = (case.reported_at - incident.occurred_at).total_seconds() / 3600
        return {
            "month": day.strftime("%Y-%m"),
            "sex": survivor.sex or "unknown",
            "age": band(survivor._age_on(day), AGE_BANDS),
            "disability": survivor.disability or "unknown",
            "type": incident.type_id.code,
            "place": incident.place or "unknown",
            "interval": band(hours, INTERVAL_BANDS),
            "channel": case.channel,
            "urgency": case.urgency,
            "state": case.state,
            **self._accused(incident.alleged_ids),
            **self._service_outcomes(case),
        }

    def _accused(self, persons):
        """Whom she accuses, as standard groups: number, and the first one of them."""
        primary = persons.filtered(lambda person: person.role == "primary")
        first = (primary or persons)[:1]
        age = first.age_band or UNKNOWN
        number = len(persons)
        return {
            "accused": UNKNOWN if not number else str(number) if number <= 3 else ">3",
            "accused_relation": first.relation_id.code or UNKNOWN,
            "accused_sex": first.sex or UNKNOWN,
            "accused_age": "61+" if age == "61" else age.replace("_", "-"),
        }

    def _service_outcomes(self, case):
        """What became of each discipline's services (domain.md section 8)."""
        states = {}
        for service in case.service_ids:
            states.setdefault(service.discipline_id.code, set()).add(service.state)
        return {
            code: next(
                (name for state, name in OUTCOMES.items() if state in states[code]),
                NOT_APPLICABLE,
            )
            if code in states
            else NOT_APPLICABLE
            for code in SERVICES
        }

    def _smallest(self):
        """The smallest number that may be seen: the strictest of the policies."""
        return max(
            center._policy_on(center._local_day())._limit("smallest_count")
            for center in self.center_ids
        )

    # ------------------------------------------------------------------
    # Spreadsheet
    # ------------------------------------------------------------------
    def _columns(self):
        """Columns of the list of incidents. A hook: addons add to it."""
        return COLUMNS | SERVICES

    def _book(self, rows, services):
        """The spreadsheet as bytes.

        :param rows: one dict for each incident, with whose it is
        :param services: one dict for each case: what became of each discipline's
        """
        smallest = self._smallest()
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, {"in_memory": True})
        bold = book.add_format({"bold": True})
        self._about(book.add_worksheet("About"), bold, smallest)
        sheet = book.add_worksheet("Incidents")
        # In no order of their own: that of the table would be that of the reports.
        tiers = (SURVIVOR, ACCUSED, tuple(SERVICES), CASE)
        hidden = hide_by_tiers(rows, tiers, smallest)
        columns = self._columns()
        hidden.sort(key=lambda row: [str(row[name]) for name in columns])
        sheet.write_row(0, 0, columns.values(), bold)
        for number, row in enumerate(hidden, 1):
            sheet.write_row(number, 0, [row[name] for name in columns])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns), 22)
        types = self.env["osc.incident.type"].search([("code", "!=", False)])
        types = types.mapped("code")
        for title, name, values in (
            ("Type by age", "age", names(AGE_BANDS)),
            ("Type by time to report", "interval", names(INTERVAL_BANDS)),
            ("Type by sex", "sex", ["female", "male", "other", UNKNOWN]),
            ("Type by relation of accused", "accused_relation", self._relations()),
        ):
            pairs = [(row["type"], row[name], row[WHO]) for row in rows]
            self._write_table(
                book.add_worksheet(title), bold, pairs, types, values, smallest
            )
        self._write_table(
            book.add_worksheet("Services"),
            bold,
            [
                (code, outcome[code], outcome[WHO])
                for outcome in services
                for code in SERVICES
            ],
            list(SERVICES),
            [*dict.fromkeys(OUTCOMES.values()), NOT_APPLICABLE],
            smallest,
        )
        book.close()
        return target.getvalue()

    def _relations(self):
        codes = self.env["osc.person.relation"].with_context(active_test=False)
        codes = codes.search([("code", "!=", False)]).mapped("code")
        return [*dict.fromkeys([*codes, UNKNOWN])]

    def _about(self, sheet, bold, smallest):
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        lines = [
            (self.env._("Centers"), ", ".join(sorted(self.center_ids.mapped("code")))),
            (self.env._("Reported from"), str(self.date_from)),
            (self.env._("to"), str(self.date_to)),
            (
                self.env._("Counted"),
                self.env._("Incidents of cases with consent to statistics."),
            ),
            (
                "*",
                self.env._(
                    "Hidden: fewer than %s, or another number would tell it.", smallest
                ),
            ),
        ]
        for number, (label, text) in enumerate(lines):
            sheet.write(number, 0, label, bold)
            sheet.write(number, 1, text)

    def _write_table(self, sheet, bold, pairs, lines, columns, smallest):
        cells = table(pairs, lines, columns, smallest)
        sheet.write_row(0, 1, [*columns, "total"], bold)
        sheet.set_column(0, len(columns) + 1, 18)
        for number, line in enumerate([*lines, "total"], 1):
            sheet.write(number, 0, line, bold)
            sheet.write_row(
                number, 1, [cells[line, column] for column in [*columns, "total"]]
            )
