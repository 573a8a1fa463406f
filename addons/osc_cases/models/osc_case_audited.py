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

    def _case_itself(self):
        """The cases as superuser.

        Rules ask of a part whose case it is and which center's, also for whoever may
        open the part and not the case, and before they may open either.
        """
        return self.sudo().case_id
