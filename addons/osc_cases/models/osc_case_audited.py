from odoo import models


class OscCaseAudited(models.AbstractModel):
    """What belongs to a case is noted in the audit trail under the code of the case."""

    _name = "osc.case.audited"
    _description = "Audited part of a case"
    _inherit = "osc.audit.mixin"

    def _audit_reference(self):
        return self.case_id.display_name

    def _audit_center(self):
        return self.case_id.center_id
