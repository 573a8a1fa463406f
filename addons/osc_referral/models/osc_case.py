from odoo import api, fields, models


class OscCase(models.Model):
    """Adds the referrals of a case."""

    _inherit = "osc.case"

    referral_ids = fields.One2many(
        comodel_name="osc.referral",
        inverse_name="case_id",
        string="Referrals",
        copy=False,
        groups="osc_base.group_representative",
    )
    referral_count = fields.Integer(
        compute="_compute_referral_count",
        export_string_translation=False,
        groups="osc_base.group_representative",
    )

    @api.depends("referral_ids")
    def _compute_referral_count(self):
        counts = dict(
            self.env["osc.referral"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.referral_count = counts.get(case._origin, 0)

    def action_open_referrals(self):
        """Open the referrals of this case."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_referral.osc_referral_action"
        )
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={"default_case_id": self.id},
            display_name=self.display_name,
        )
