from odoo import api, fields, models
from odoo.fields import Domain


class OscGround(models.AbstractModel):
    """Adds partner organisations as receivers.

    What is open to a partner opens nothing to members of the case: it says what a
    referral may pass on to that organisation, see ``osc.referral``.
    """

    _inherit = "osc.ground"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('is_osc_partner', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        help="A referral may pass it on to this organisation.",
    )

    @api.model
    def _receiver_fields(self):
        return [*super()._receiver_fields(), "partner_id"]

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    @api.constrains("discipline_id", "agency_id", "partner_id", "scope")
    def _check_to_whom(self):
        return super()._check_to_whom()

    def _concerns(self, member):
        return not self.partner_id and super()._concerns(member)

    @api.model
    def _covering(self, referral):
        """What allows to pass something on in a referral now, as superuser.

        It must name the organisation: a consent for a discipline is one for those who
        work on the case, not for whoever in the country does the same.
        """
        # Rules ask it, for whoever may open neither.
        partner = referral.sudo().partner_id
        if not partner:
            return self.sudo().browse()
        named = Domain("partner_id", "=", partner.id) | Domain(
            "agency_id.partner_id", "=", partner.id
        )
        # Who answers for a referral need not be able to read all grounds of the case.
        return self.sudo().search(
            Domain("case_id", "=", referral._case_itself().id)
            & Domain("is_valid", "=", True)
            & named
        )

    @api.model_create_multi
    def create(self, vals_list):
        grounds = super().create(vals_list)
        self._ask_referrals_anew()
        return grounds

    @api.model
    def _ask_referrals_anew(self):
        """What a referral may pass on is asked of the grounds; what was known changed."""
        self.env["osc.referral"].invalidate_model(
            [
                "allowed_item_ids",
                "has_ground",
                "letter",
                "naming_allowed",
                "offered_item_ids",
                "passing_on_allowed",
                "reaching_allowed",
            ]
        )

    def _end(self):
        """What was passed on closes for the partner now, and both sides are told."""
        result = super()._end()
        self._ask_referrals_anew()
        # The referrals of the case may have been sent by somebody else.
        partners = self.sudo().partner_id | self.sudo().agency_id.partner_id
        self.env["osc.referral"].sudo().search(
            Domain("case_id", "in", self.case_id.ids)
            & Domain("partner_id", "in", partners.ids)
            & self.env["osc.referral"]._open_domain()
        )._note_closed(set(self.sudo().mapped("scope")))
        return result
