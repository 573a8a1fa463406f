from odoo import api, fields, models
from odoo.fields import Domain


class OscAuditEntry(models.Model):
    """Adds that managers see nothing of cases from which they are excluded."""

    _inherit = "osc.audit.entry"

    of_excluded_case = fields.Boolean(
        compute="_compute_of_excluded_case",
        search="_search_of_excluded_case",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    def _compute_of_excluded_case(self):
        codes = set(self._excluded_codes())
        for entry in self:
            entry.of_excluded_case = entry.reference in codes

    def _search_of_excluded_case(self, operator, value):
        if operator != "in":
            return NotImplemented
        excluded = Domain("reference", "in", self._excluded_codes())
        return excluded if True in value else ~excluded

    def _excluded_codes(self):
        """Codes of the cases from which the user is excluded.

        Nobody blinds an auditor by excluding them.
        """
        if self.env.user.has_group("osc_base.group_auditor"):
            return []
        # They are hidden from this user: that is the point.
        cases = self.env["osc.case"].sudo()
        return cases.search(
            [("excluded_user_ids", "in", self.env.uid), ("name", "!=", False)]
        ).mapped("name")
