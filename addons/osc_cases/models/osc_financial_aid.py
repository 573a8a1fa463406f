from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText

# Written by the actions only.
DECISION_FIELDS = {
    "decided_at",
    "decided_by_id",
    "paid_at",
    "paid_by_id",
    "requested_at",
    "requested_by_id",
    "state",
}
# What was asked for is what is decided on.
REQUEST_FIELDS = {"amount", "case_id", "fund_id", "need", "type_id"}


class OscFinancialAid(models.Model):
    """Money for what she needs: asked for by one person, approved by another.

    For those who work on the case or for financial help: what it is for says where she
    lives or what was done to her, and a receipt has her name. Figures by fund say none.
    """

    _name = "osc.financial.aid"
    _description = "Financial aid"
    _inherit = ["osc.vault.mixin", "osc.case.audited"]
    _order = "id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(related="case_id.center_id", store=True, index=True)
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        help="That of the center's country, where it is active; else of the company.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    type_id = fields.Many2one(
        comodel_name="osc.financial.aid.type", required=True, ondelete="restrict"
    )
    fund_id = fields.Many2one(
        comodel_name="osc.financial.fund", ondelete="restrict", check_company=True
    )
    amount = fields.Monetary(currency_field="currency_id", required=True)
    need = EncryptedText(help="What it is for, in words.")
    requested_by_id = fields.Many2one(
        comodel_name="res.users", string="Requested by", readonly=True, copy=False
    )
    requested_at = fields.Datetime(string="Requested", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided by", readonly=True, copy=False
    )
    decided_at = fields.Datetime(string="Decided", readonly=True, copy=False)
    decision_note = EncryptedText(
        string="Why", copy=False, help="Why it was refused, or on what conditions."
    )
    paid_by_id = fields.Many2one(
        comodel_name="res.users", string="Paid by", readonly=True, copy=False
    )
    paid_at = fields.Datetime(string="Paid", readonly=True, copy=False)
    receipt_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="osc_financial_aid_receipt_rel",
        column1="aid_id",
        column2="attachment_id",
        copy=False,
        help="What she signed, or the bill. Encrypted.",
    )
    may_decide = fields.Boolean(compute="_compute_may_decide")
    may_handle = fields.Boolean(
        compute="_compute_may_handle",
        search="_search_may_handle",
        export_string_translation=False,
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount must be more than nothing."
    )
    _two_people = models.Constraint(
        "CHECK(decided_by_id IS NULL OR decided_by_id != requested_by_id)",
        "Who asked for money can't approve it.",
    )
    _decided_before_paid = models.Constraint(
        "CHECK(state != 'paid' OR decided_by_id IS NOT NULL)",
        "Money is paid out only after somebody approved it.",
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for aid in self:
            aid.display_name = self.env._(
                "%(case)s · Aid %(number)s",
                case=aid.case_id.display_name,
                number=aid._origin.id or "",
            )

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_may_handle(self):
        """Those who may change the case, and those who work on it for financial help."""
        own = self._case_itself()._memberships_of(self.env.user)
        financial = own.filtered(
            lambda member: (
                member._acts_for_discipline()
                and member.discipline_id.code == "financial"
            )
        ).case_id
        for aid in self:
            aid.may_handle = aid.case_id.user_may_change or (
                aid._case_itself() in financial
            )

    def _search_may_handle(self, operator, value):
        if operator != "in":
            return NotImplemented
        Member = self.env["osc.case.member"]
        financial = (
            Member._valid_domain()
            & Member._acting_domain()
            & Domain("user_id", "=", self.env.uid)
            & Domain("discipline_id.code", "=", "financial")
        )
        mine = Domain("case_id.user_may_change", "=", True) | Domain(
            "case_id", "any!", Domain("member_ids", "any!", financial)
        )
        return mine if True in value else ~mine

    @api.depends("center_id")
    def _compute_currency_id(self):
        """Kept as it was, also when a currency is switched on later."""
        for aid in self:
            local = aid.center_id.country_id.currency_id
            common = aid.center_id.company_id.currency_id
            aid.currency_id = local if local.active else common

    @api.depends("state", "requested_by_id", "center_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        user = self.env.user
        for aid in self:
            # The center's people are not readable for every reader.
            manager = aid.sudo().center_id.manager_id
            aid.may_decide = (
                aid.state == "requested"
                and user == manager
                and user != aid.requested_by_id
                and user not in aid._case_itself().excluded_user_ids
            )

    # ------------------------------------------------------------------
    # Create and change
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in DECISION_FIELDS}
                for vals in vals_list
            ]
        aids = super().create(vals_list)
        aids._take_receipts()
        return aids

    def write(self, vals):
        if not self.env.su:
            if DECISION_FIELDS & set(vals):
                raise AccessError(
                    self.env._("Use Request, Approve, Refuse, Paid or Cancel.")
                )
            if REQUEST_FIELDS & set(vals) and any(a.state != "draft" for a in self):
                raise UserError(
                    self.env._(
                        "What was asked for can't be changed any more. Cancel it and "
                        "ask anew."
                    )
                )
            if "decision_note" in vals and not all(
                # Who manages isn't readable for everybody who asks for aid.
                aid.center_id.sudo().manager_id == self.env.user
                for aid in self
            ):
                raise AccessError(self.env._("The manager writes about the decision."))
            if "case_id" in vals and any(a.case_id.id != vals["case_id"] for a in self):
                raise AccessError(self.env._("It belongs to another case."))
        result = super().write(vals)
        if "receipt_ids" in vals:
            self._take_receipts()
        return result

    def _take_receipts(self):
        """Files that were uploaded before the record was there become its files."""
        for aid in self:
            # Only the user's own uploads that belong to nothing yet.
            loose = aid.receipt_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": aid.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        if any(aid.state != "draft" for aid in self):
            raise UserError(self.env._("Only drafts can be deleted. Cancel it."))

    @api.constrains("amount")
    def _check_amount(self):
        if any(aid.amount <= 0 for aid in self):
            raise ValidationError(self.env._("The amount must be more than nothing."))

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------
    def action_request(self):
        """Ask the manager for it.

        :raise UserError: it was asked for before, or the fund is missing
        """
        self._check_may_handle("draft")
        if any(not aid.fund_id for aid in self):
            raise UserError(self.env._("Choose the fund first."))
        return self._step(
            "requested",
            requested_by_id=self.env.uid,
            requested_at=fields.Datetime.now(),
        )

    def action_approve(self):
        """The manager of the center approves what somebody else asked for.

        :raise AccessError: the user isn't the manager, or asked for it
        """
        self._check_may_decide()
        return self._step("approved", **self._decision())

    def action_refuse(self):
        """The manager refuses it, and says why.

        :raise UserError: there is no reason
        """
        self._check_may_decide()
        if any(not (aid.decision_note or "").strip() for aid in self):
            raise UserError(self.env._("Write why, so that she can be told."))
        return self._step("refused", **self._decision())

    def action_pay(self):
        """She got the money.

        :raise UserError: nobody approved it
        """
        self._check_may_handle("approved")
        return self._step(
            "paid", paid_by_id=self.env.uid, paid_at=fields.Datetime.now()
        )

    def action_cancel(self):
        """It isn't needed any more. What was paid out stays paid out."""
        self._check_may_handle("draft", "requested", "approved")
        return self._step("cancelled")

    def _check_may_handle(self, *states):
        """:raise AccessError: the user works neither on the case nor for financial help
        :raise UserError: the aid is in another state
        """
        self.check_access("write")
        if not all(aid.may_handle for aid in self):
            raise AccessError(
                self.env._("Only those who work on the case may ask for money.")
            )
        if any(aid.state not in states for aid in self):
            raise UserError(self.env._("This isn't possible in this state."))

    def _check_may_decide(self):
        self.check_access("read")
        if any(aid.state != "requested" for aid in self):
            raise UserError(self.env._("Nobody asks for a decision here."))
        if not all(aid.may_decide for aid in self):
            raise AccessError(
                self.env._(
                    "The manager of the center decides, and never on an own request: "
                    "then somebody else has to ask."
                )
            )

    def _decision(self):
        return {"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}

    def _step(self, state, **vals):
        # These fields are only written by the actions, which checked who may.
        self.sudo().write({"state": state, **vals})
        return True
