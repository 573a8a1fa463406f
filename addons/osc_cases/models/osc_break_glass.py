from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedChar

OPENED_SCOPES = (
    "identity",
    "contact",
    "statement",
    "safety",
    "medical",
    "evidence",
    "legal",
)


class OscBreakGlass(models.Model):
    """Emergency access: somebody opened a case for some hours, why, and was it right.

    The manager and the auditors know at once, and somebody else has to review it.
    What counsellors write stays closed.
    """

    _name = "osc.break.glass"
    _description = "Emergency access"
    _inherit = ["osc.vault.mixin", "osc.case.audited"]
    _order = "id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    case_code = fields.Char(related="case_id.name", store=True, string="Case code")
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, index=True, string="Center"
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Who", required=True, ondelete="restrict"
    )
    reason = EncryptedChar()
    opened_at = fields.Datetime(required=True, default=fields.Datetime.now)
    valid_until = fields.Datetime(string="Until", required=True)
    member_id = fields.Many2one(
        comodel_name="osc.case.member", ondelete="restrict", groups=fields.NO_ACCESS
    )
    review = fields.Selection(
        selection=[
            ("due", "To be reviewed"),
            ("justified", "Justified"),
            ("unjustified", "Not justified"),
        ],
        required=True,
        default="due",
    )
    reviewed_by_id = fields.Many2one(comodel_name="res.users", ondelete="restrict")
    reviewed_at = fields.Datetime()
    may_review = fields.Boolean(compute="_compute_may_review")

    _due_by_center = models.Index("(center_id) WHERE review = 'due'")

    @api.depends("case_code")
    def _compute_display_name(self):
        for access in self:
            access.display_name = self.env._("Emergency access %s", access.case_code)

    # ------------------------------------------------------------------
    # Break the glass
    # ------------------------------------------------------------------
    @api.model
    def _break(self, case, reason, hours):
        """Open a case to the current user for some hours.

        :param case: ``osc.case`` record, as superuser, of the user's center
        :param str reason: why it can't wait
        :param int hours: how long
        """
        until = fields.Datetime.now() + timedelta(hours=hours)
        earlier = case._memberships_of(self.env.user)
        earlier.filtered(lambda member: member.basis == "break_glass")._revoke()
        member = self.env["osc.case.member"]._grant(
            case,
            self.env.user,
            "break_glass",
            scopes=OPENED_SCOPES,
            valid_until=until,
        )
        # Nobody may write these records: each is made by this method.
        access = self.sudo().create(
            {
                "case_id": case.id,
                "user_id": self.env.uid,
                "reason": reason,
                "valid_until": until,
                "member_id": member.id,
            }
        )
        case._note_step(self.env._("Emergency access: %s", self.env.user.name))
        # The reason stays in the vault: people write names into it.
        self.env["osc.audit.entry"]._log("break_glass", case, f"until {until} UTC")
        access._tell_reviewers()
        return access

    def _tell_reviewers(self):
        """The manager, or the coordinator of a manager, and the auditors."""
        self.ensure_one()
        center = self.center_id
        answering = self.case_id._answering(self.user_id)
        auditors = self.env["res.users"].search(
            Domain("all_group_ids", "in", self.env.ref("osc_base.group_auditor").ids)
            & Domain("company_ids", "in", center.company_id.ids)
        )
        told = (answering | auditors) - self.user_id - self.case_id.excluded_user_ids
        self.env["mail.thread"].message_notify(
            partner_ids=told.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            subject=self.env._("Emergency access to %s", self.case_code),
            body=self.env._(
                "Somebody opened %(case)s in an emergency, until %(until)s UTC. Review "
                "it under Emergency access.",
                case=self.case_code,
                until=fields.Datetime.to_string(self.valid_until),
            ),
            model=self._name,
            res_id=self.id,
            email_add_signature=False,
        )

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------
    @api.depends("review", "user_id", "center_id")
    @api.depends_context("uid")
    def _compute_may_review(self):
        user = self.env.user
        auditor = user.has_group("osc_base.group_auditor")
        for access in self:
            # The center's people are not readable for every reader.
            center = access.sudo().center_id
            answers = user in (center.manager_id, center.coordinator_id)
            access.may_review = (
                access.review == "due"
                and user != access.user_id
                and (answers or auditor)
            )

    def action_justified(self):
        """It was right. For who answers for the center and for auditors."""
        self._review("justified")
        return True

    def action_unjustified(self):
        """It was wrong: the access ends now, if it hasn't."""
        self._review("unjustified")
        # Who reviews may not open the case.
        self.sudo().member_id._revoke()
        return True

    def _review(self, outcome):
        """Record a review.

        :raise AccessError: it is the user's own, or the user doesn't answer for it
        :raise UserError: it was reviewed before
        """
        self.check_access("read")
        for access in self:
            if access.review != "due":
                raise UserError(self.env._("It was reviewed already."))
            if not access.may_review:
                raise AccessError(
                    self.env._(
                        "Emergency access is reviewed by the manager or coordinator of "
                        "the center or by an auditor, never by who used it."
                    )
                )
        # Nobody may write these records directly.
        self.sudo().write(
            {
                "review": outcome,
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
            }
        )
