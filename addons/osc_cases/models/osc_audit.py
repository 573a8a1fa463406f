"""What of cases is audited, and under which code and center it is noted."""

from odoo import api, models

from odoo.addons.osc_base.models.osc_audit_mixin import read_with

from .osc_case_identity import SURVIVOR_FIELDS

# What happened to her and what she needs; lists of cases show none of it.
STORY_FIELDS = {"incident_ids", "requested_service_ids"}


class OscCase(models.Model):
    _name = "osc.case"
    _inherit = ["osc.case", "osc.audit.mixin"]

    def _audit_reference(self):
        return self.display_name

    @api.model
    def _audit_content_fields(self):
        """What the form shows of the survivor is opened like the survivor herself."""
        return super()._audit_content_fields() | set(SURVIVOR_FIELDS) | STORY_FIELDS


class OscIncident(models.Model):
    _name = "osc.incident"
    _inherit = ["osc.incident"]

    @api.model
    def _audit_content_fields(self):
        return super()._audit_content_fields() | {"type_id", "place", "occurred_at"}

    def _audit_read(self, names, outermost):
        """What a case shows of its incidents is noted with the case."""
        if read_with("osc.case"):
            return None
        return super()._audit_read(names, outermost)


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


class OscIntimation(models.Model):
    _name = "osc.intimation"
    _inherit = ["osc.intimation", "osc.case.audited"]

    def _audit_read(self, names, outermost):
        """Looking at an alarm is not opening a case; answering it is noted."""
