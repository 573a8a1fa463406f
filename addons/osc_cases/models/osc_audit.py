"""What of cases is audited, and under which code and center it is noted."""

from odoo import api, models

from .osc_case_identity import SURVIVOR_FIELDS


class OscCase(models.Model):
    _name = "osc.case"
    _inherit = ["osc.case", "osc.audit.mixin"]

    def _audit_reference(self):
        return self.display_name

    @api.model
    def _audit_content_fields(self):
        """What the form shows of the survivor is opened like the survivor herself."""
        return super()._audit_content_fields() | set(SURVIVOR_FIELDS)


class OscSurvivor(models.Model):
    _name = "osc.survivor"
    _inherit = ["osc.survivor", "osc.audit.mixin"]

    def _audit_reference(self):
        return self.code

    def _audit_center(self):
        return self.case_ids[:1].center_id

    @api.model
    def _audit_content_fields(self):
        return super()._audit_content_fields() | {
            "birth_date",
            "safe_contact_details",
            "safe_contact_hours",
        }


class OscIncident(models.Model):
    _name = "osc.incident"
    _inherit = ["osc.incident", "osc.audit.mixin"]

    def _audit_reference(self):
        return self.case_id.display_name

    def _audit_center(self):
        return self.case_id.center_id


class OscIntimation(models.Model):
    _name = "osc.intimation"
    _inherit = ["osc.intimation", "osc.audit.mixin"]

    def _audit_reference(self):
        return self.case_id.display_name

    def _audit_read(self, names, outermost):
        """Looking at an alarm is not opening a case; answering it is noted."""


class OscCaseMember(models.Model):
    _name = "osc.case.member"
    _inherit = ["osc.case.member", "osc.audit.mixin"]

    def _audit_reference(self):
        return self.case_id.display_name

    def _audit_center(self):
        return self.case_id.center_id
