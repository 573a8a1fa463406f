from odoo import api, fields, models
from odoo.exceptions import UserError

from .osc_referral import OPEN_REFERRAL_STATES

# A draft counts: somebody meant to send it.
OPEN_AT_CLOSING = ("draft", *OPEN_REFERRAL_STATES)


class OscCase(models.Model):
    """Adds the referrals of a case, and who sent her."""

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
    incoming_ids = fields.One2many(
        comodel_name="osc.referral.incoming",
        inverse_name="case_id",
        string="Sent to the center",
        copy=False,
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

    def _open_referrals(self):
        return self.referral_ids.filtered(lambda r: r.state in OPEN_AT_CLOSING)

    def _count_open(self):
        return super()._count_open() + len(self._open_referrals())

    def write(self, vals):
        result = super().write(vals)
        if vals.get("case_worker_id") or "state" in vals:
            # Who takes it may not change what the sender said.
            self.sudo().incoming_ids._note_taken()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent_to_center(self):
        # A draft may be hidden from whoever sees its receipt.
        if self.sudo().incoming_ids:
            raise UserError(
                self.env._(
                    "Somebody sent her to the center and has a receipt. Report the case "
                    "and close it with its reason."
                )
            )

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
