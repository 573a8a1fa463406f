from odoo import fields, models
from odoo.exceptions import ValidationError


class OscCounsellingContent(models.AbstractModel):
    """What counsellors write is for the counsellors of the case.

    No consent, no duty and no emergency opens it to anybody else. That a session took
    place is a service of the case; that is what managers count.
    """

    _name = "osc.counselling.content"
    _description = "Counselling record"
    _inherit = ["osc.case.content", "osc.vault.mixin"]

    _content_scope = None

    discipline_id = fields.Many2one(
        default=lambda self: self.env.ref("osc_base.osc_discipline_psychosocial", False)
    )

    def _check_discipline(self):
        """:raise ValidationError: it would be the record of another discipline"""
        if any(content.discipline_id.code != "psychosocial" for content in self):
            raise ValidationError(
                self.env._("Counselling belongs to psychosocial help.")
            )
