from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

OPEN_REFERRAL_STATES = ("sent", "accepted", "in_service")
# What may be written directly, while it is a draft; the rest is written by the actions.
DRAFT_FIELDS = {"case_id", "service_id", "partner_id", "shared_scope", "note"}
# Written by the steps; empty in a draft, whatever defaults say.
STEP_FIELDS = (
    "answered_at",
    "answered_by_id",
    "asked_at",
    "asked_by_id",
    "case_service_id",
    "closed_at",
    "completed_at",
    "decline_reason",
    "due_at",
    "escalated_at",
    "followup_id",
    "former_id",
    "outcome",
    "overdue_told_at",
    "remind_at",
    "reminded_at",
    "report_due_at",
    "sent_at",
    "sent_by_id",
    "she_says",
)


class OscReferral(models.Model):
    """One service for one survivor, asked of a partner organisation.

    What the partner gets to know is chosen line by line, is no more than she agreed to
    or a named duty demands, and stays as it was sent.
    """

    _name = "osc.referral"
    _description = "Referral"
    _inherit = [
        "osc.referral.letter",
        "osc.referral.lines",
        "osc.referral.service",
        "osc.referral.steps",
        "osc.referral.talk",
        "osc.referral.watch",
        "osc.referral.asking",
        "osc.case.audited",
    ]
    _order = "id desc"
    # Files of partners are as confidential as the case.
    _vault_attachments = True

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
        groups="osc_base.group_any_role",
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
    case_service_id = fields.Many2one(
        comodel_name="osc.case.service",
        string="Service of the case",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        groups="osc_base.group_any_role",
    )
    partner_has_portal = fields.Boolean(
        compute="_compute_partner_has_portal",
        export_string_translation=False,
        help="Somebody of the partner can log in and answer.",
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

    def _compute_partner_has_portal(self):
        for referral in self:
            referral.partner_has_portal = bool(
                # Whether there is one, not who: users aren't readable for everybody.
                referral.partner_id.sudo()._osc_portal_users()
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
        # What is given counts for more than a default of the context or of a user.
        unset = {
            **dict.fromkeys(STEP_FIELDS, False),
            "state": "draft",
        }
        basics = self.env["osc.referral.item"].search(
            [("scope", "=", False), ("by_default", "=", True)]
        )
        return super().create(
            [
                {
                    **unset,
                    "shared_scope": [fields.Command.set(basics.ids)],
                    **vals,
                    "name": sequence.next_by_code("osc.referral"),
                }
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
        if "case_id" in vals:
            # Rules look at the case that it leaves, not at the one that it enters.
            self.env["osc.case"].browse(vals["case_id"]).check_access("write")
        result = super().write(vals)
        if "case_id" in vals:
            # What was noted for her stays with no case into which it came by mistake.
            # Nobody may change what was noted.
            self.sudo().message_ids.write({"case_id": vals["case_id"]})
        return result

    def action_find(self):
        """Look for the most suitable partner."""
        self.ensure_one()
        self.check_access("write")
        search = self.env["osc.referral.search"].create(
            {
                "referral_id": self.id,
                "case_id": self.case_id.id,
                "service_id": self.service_id.id,
            }
        )
        return search._dialog()

    def _check_draft_fields(self, vals):
        if not self.env.su and set(vals) - DRAFT_FIELDS:
            raise AccessError(
                self.env._("Use the buttons: they note who did what and when.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(referral.state != "draft" for referral in self):
            raise UserError(self.env._("A referral that was sent stays. Cancel it."))

    @api.model
    def _open_domain(self):
        """Referrals on which the partner is at work."""
        return Domain("state", "in", OPEN_REFERRAL_STATES)
