from odoo import fields, models


class OscCaseMember(models.Model):
    """Adds those who are in charge of the shelter where she sleeps.

    They work on the case for the shelter, and may change nothing else in it.
    """

    _inherit = "osc.case.member"

    _acting_bases = ("assigned", "intimated", "lodging")

    basis = fields.Selection(
        selection_add=[("lodging", "In charge of her shelter")],
        ondelete={"lodging": "cascade"},
    )
