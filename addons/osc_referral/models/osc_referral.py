from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText

OPEN_REFERRAL_STATES = ("sent", "accepted", "in_service")
# What may be written directly, while it is a draft; the rest is written by the actions.
DRAFT_FIELDS = {"case_id", "service_id", "partner_id", "shared_scope", "note"}
# From which state to which others a referral may go.
TRANSITIONS = {
    "draft": {"sent", "cancelled"},
    "sent": {"accepted", "declined", "cancelled"},
    "accepted": {"in_service", "declined", "completed", "cancelled"},
    "in_service": {"completed", "cancelled"},
    "declined": set(),
    "completed": set(),
    "cancelled": set(),
}


class OscReferral(models.Model):
    """One service for one survivor, asked of a partner organisation.

    What the partner gets to know is chosen line by line, is no more than she agreed to
    or a named duty demands, and stays as it was sent.
    """

    _name = "osc.referral"
    _description = "Referral"
    _inherit = ["osc.case.audited", "osc.vault.mixin"]
    _order = "id desc"

    name = fields.Char(
        string="Reference", required=True, readonly=True, copy=False, default="/"
    )
    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        index=True,
        ondelete="cascade",
        groups="osc_base.group_any_role",
    )
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="center_id.company_id", store=True, precompute=True
    )
    service_id = fields.Many2one(
        comodel_name="osc.service", required=True, index=True, ondelete="restrict"
    )
    discipline_id = fields.Many2one(
        related="service_id.discipline_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Partner",
        domain="[('is_osc_partner', '=', True)]",
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("in_service", "In service"),
            ("completed", "Completed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    due_at = fields.Datetime(
        string="Answer due",
        readonly=True,
        copy=False,
        help="From the service's target.",
    )
    shared_scope = fields.Many2many(
        comodel_name="osc.referral.item",
        relation="osc_referral_item_rel",
        column1="referral_id",
        column2="item_id",
        string="What is passed on",
    )
    note = EncryptedText(
        string="What they need to know",
        help="As little as they need to help her. No names unless she agreed.",
    )
    outcome = fields.Selection(
        selection=[
            ("served", "Served"),
            ("partly", "Partly served"),
            ("not_served", "Not served"),
            ("not_seen", "She did not come"),
        ],
        readonly=True,
        copy=False,
    )
    sent_at = fields.Datetime(string="Sent", readonly=True, copy=False)
    sent_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _name_unique = models.Constraint("UNIQUE(name)", "This reference is taken.")
    _sent_has_partner = models.Constraint(
        "CHECK(state IN ('draft', 'cancelled') OR partner_id IS NOT NULL)",
        "Choose the partner to whom it goes.",
    )
    _open_by_partner = models.Index(
        "(partner_id) WHERE state IN ('sent', 'accepted', 'in_service')"
    )

    # ------------------------------------------------------------------
    # Draft
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_draft_fields(vals)
        # Whoever refers may not read sequences.
        sequence = self.env["ir.sequence"].sudo()
        unset = {"state": "draft", "sent_at": False, "sent_by_id": False}
        return super().create(
            [
                {**unset, **vals, "name": sequence.next_by_code("osc.referral")}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        self._check_draft_fields(vals)
        if not self.env.su and any(referral.state != "draft" for referral in self):
            raise UserError(
                self.env._(
                    "What was sent stays as it was sent. Cancel it and refer anew."
                )
            )
        return super().write(vals)

    def _check_draft_fields(self, vals):
        if not self.env.su and set(vals) - DRAFT_FIELDS:
            raise AccessError(
                self.env._("Use the buttons: they note who did what and when.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(referral.state != "draft" for referral in self):
            raise UserError(self.env._("A referral that was sent stays. Cancel it."))

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------
    def action_send(self):
        """Send it to the partner."""
        self._check_move("sent")
        self._move(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "sent_by_id": self.env.uid,
            }
        )
        return True

    def _check_move(self, state):
        """:raise UserError: it can't go to that state from where it is"""
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for referral in self:
            if state not in TRANSITIONS[referral.state]:
                raise UserError(
                    self.env._(
                        "%(referral)s is “%(state)s” and can't become “%(new)s”.",
                        referral=referral.name,
                        state=labels[referral.state],
                        new=labels[state],
                    )
                )

    def _move(self, vals):
        # Nobody writes the state directly: each change is one of the actions.
        self.sudo().write(vals)

    @api.model
    def _open_domain(self):
        """Referrals on which the partner is at work."""
        return Domain("state", "in", OPEN_REFERRAL_STATES)
