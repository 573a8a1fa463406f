from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.osc_base.fields import EncryptedText

# Written by the actions only.
DECISION_FIELDS = {
    "decided_at",
    "decided_by_id",
    "policy_id",
    "requested_at",
    "state",
}


class OscShelterExtension(models.Model):
    """More days in the shelter: asked for with a reason, approved by a second person."""

    _name = "osc.shelter.extension"
    _description = "Extension of a stay"
    _inherit = "osc.shelter.part"
    _order = "id"

    days = fields.Integer(required=True, default=1)
    reason = EncryptedText(help="Why no other place is there yet.")
    author_id = fields.Many2one(string="Requested by")
    requested_at = fields.Datetime(
        string="Requested", readonly=True, default=fields.Datetime.now
    )
    policy_id = fields.Many2one(
        comodel_name="osc.policy",
        readonly=True,
        ondelete="restrict",
        help="The policy in force on the day of the request.",
    )
    state = fields.Selection(
        selection=[
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        required=True,
        default="requested",
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        ondelete="restrict",
    )
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decision_note = EncryptedText(string="Why refused")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _days_positive = models.Constraint(
        "CHECK(days > 0)", "An extension has at least one day."
    )
    _two_people = models.Constraint(
        "CHECK(decided_by_id IS NULL OR decided_by_id != author_id)",
        "Who asks for an extension can't approve it.",
    )
    _decided = models.Constraint(
        "CHECK(state = 'requested' OR decided_by_id IS NOT NULL)",
        "Somebody has to decide it.",
    )
    _one_request = models.UniqueIndex(
        "(stay_id) WHERE state = 'requested'",
        "An extension was asked for already and waits for a decision.",
    )

    @api.depends("state", "author_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        """The manager of the center or who is in charge, never who asked."""
        user = self.env.user
        for extension in self:
            # The center's people are not readable for every reader.
            stay = extension.sudo().stay_id
            deciders = stay.center_id.manager_id | stay.shelter_id._in_charge_users()
            extension.may_decide = (
                extension.state == "requested"
                and user in deciders - extension.author_id
                and user not in stay.case_id.excluded_user_ids
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in DECISION_FIELDS}
                for vals in vals_list
            ]
        unset = {"decided_at": False, "decided_by_id": False, "state": "requested"}
        extensions = super().create([{**unset, **vals} for vals in vals_list])
        for extension in extensions:
            extension._check_request()
        return extensions

    def _check_request(self):
        """The policy of today says how many days; who is in the shelter can ask.

        :raise UserError: too many days, no reason, or she isn't in the shelter
        """
        stay = self.stay_id
        stay._check_state("in")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write why she needs to stay longer."))
        policy = stay.center_id._policy_on(stay.center_id._local_day())
        most = policy._limit("shelter_extension_days")
        if not 0 < self.days <= most:
            raise UserError(
                self.env._(
                    "One extension has 1 to %(most)s days (%(policy)s). She can be given "
                    "another one later.",
                    most=most,
                    policy=policy.name or self.env._("standard limit"),
                )
            )
        # Says which law the request followed; nobody chooses it.
        self.sudo().policy_id = policy

    def write(self, vals):
        self.check_access("write")
        if not self.env.su:
            if DECISION_FIELDS & set(vals):
                raise AccessError(self.env._("Use Approve or Refuse."))
            if {"days", "reason"} & set(vals):
                raise UserError(
                    self.env._("What was asked for stays. Refuse it and ask anew.")
                )
            if "decision_note" in vals and not all(e.may_decide for e in self):
                raise AccessError(self.env._("Who decides writes about the decision."))
        return super().write(vals)

    def action_approve(self):
        """A second person agrees: the end of the stay moves.

        :raise AccessError: the user asked for it, or may not decide
        """
        return self._decide("approved")

    def action_refuse(self):
        """A second person doesn't agree, and says why.

        :raise UserError: there is no reason
        """
        if any(not (extension.decision_note or "").strip() for extension in self):
            raise UserError(self.env._("Write why, so that she can be told."))
        return self._decide("refused")

    def _decide(self, state):
        self.check_access("read")
        if any(extension.state != "requested" for extension in self):
            raise UserError(self.env._("It was decided already."))
        if not all(extension.may_decide for extension in self):
            raise AccessError(
                self.env._(
                    "The manager of the center or who is in charge of the shelter "
                    "decides, and never on an own request."
                )
            )
        if state == "approved":
            for extension in self:
                # Whoever decides may not see the stay; that she left isn't undone.
                extension.sudo().stay_id._check_state("in")
        # These fields are only written here, where it was checked who may.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        # The unique index must not see a request that was decided.
        self.flush_recordset(["state"])
        self.sudo().stay_id._forget_told()
        return True
