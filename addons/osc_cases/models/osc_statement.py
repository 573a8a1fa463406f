from odoo import api, fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscStatement(models.Model):
    """Her account, in her words, taken once so that she need not tell it again."""

    _name = "osc.statement"
    _description = "Statement"
    _inherit = ["osc.case.content", "osc.vault.mixin"]
    _order = "taken_at desc, id desc"

    _content_scope = "statement"

    discipline_id = fields.Many2one(
        default=lambda self: self.env.ref("osc_base.osc_discipline_casework", False)
    )
    taken_at = fields.Datetime(required=True, default=fields.Datetime.now)
    how = fields.Selection(
        selection=[
            ("written", "Written down"),
            ("audio", "Audio"),
            ("video", "Video"),
        ],
        string="Taken by",
        required=True,
        default="written",
    )
    language_id = fields.Many2one(comodel_name="res.lang")
    interpreter = fields.Boolean(help="Somebody interpreted.")
    present = EncryptedText(help="Who was in the room, besides her and the writer.")
    narrative = EncryptedText(
        string="In her words",
        help="Only what she wants to say. Others read it by her consent.",
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Statement %s", statement.case_id.display_name
            )
