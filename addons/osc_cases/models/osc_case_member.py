from odoo import api, fields, models
from odoo.fields import Domain


class OscCaseMember(models.Model):
    """Who may open a case, why, and until when. Record rules ask nothing else.

    Rows are never deleted: revoking keeps who could see what at which time.
    """

    _name = "osc.case.member"
    _description = "Member of a case"
    _order = "id"
    _rec_name = "user_id"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="cascade"
    )
    discipline_id = fields.Many2one(comodel_name="osc.discipline", ondelete="restrict")
    basis = fields.Selection(
        selection=[
            ("assigned", "Case worker"),
            ("intimated", "Acknowledged an intimation"),
            ("break_glass", "Emergency access"),
            ("supervision", "Supervision"),
        ],
        required=True,
    )
    identity_access = fields.Boolean(
        string="Sees who she is", help="May read the survivor's name and contacts."
    )
    granted_at = fields.Datetime(required=True, default=fields.Datetime.now)
    valid_until = fields.Datetime(help="Empty: as long as the case is open to them.")
    revoked_at = fields.Datetime(readonly=True)

    _one_per_basis = models.UniqueIndex(
        "(case_id, user_id, basis, COALESCE(discipline_id, 0)) "
        "WHERE revoked_at IS NULL",
        "This person already has access on that basis.",
    )
    _by_user = models.Index("(user_id, case_id) WHERE revoked_at IS NULL")

    @api.model
    def _valid_domain(self):
        """Memberships that count now."""
        return Domain("revoked_at", "=", False) & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">", "now")
        )

    @api.model
    def _grant(self, cases, users, basis, discipline=None, identity_access=False):
        """Give people access to cases; who has it on that basis keeps it.

        A membership that ran out is ended and replaced by the new one.

        :param cases: ``osc.case`` records
        :param users: ``res.users`` records
        :param str basis: see the field
        :param discipline: ``osc.discipline`` record for which they act, if any
        """
        discipline_id = discipline.id if discipline else False
        # Members are machinery: nobody may write them directly, so that each row has
        # a reason that a method gave it.
        Member = self.sudo()
        there = Member.search(
            Domain("case_id", "in", cases.ids)
            & Domain("user_id", "in", users.ids)
            & Domain("basis", "=", basis)
            & Domain("discipline_id", "=", discipline_id)
            & Domain("revoked_at", "=", False)
        )
        now = fields.Datetime.now()
        expired = there.filtered(
            lambda member: member.valid_until and member.valid_until <= now
        )
        expired._revoke()
        pairs = {(member.case_id.id, member.user_id.id) for member in there - expired}
        return Member.create(
            [
                {
                    "case_id": case.id,
                    "user_id": user.id,
                    "basis": basis,
                    "discipline_id": discipline_id,
                    "identity_access": identity_access,
                }
                for case in cases
                for user in users
                if (case.id, user.id) not in pairs
            ]
        )

    def _revoke(self):
        """End access now, in this transaction."""
        valid = self.sudo().filtered(lambda member: not member.revoked_at)
        valid.write({"revoked_at": fields.Datetime.now()})
        # The unique index must not see a row that is given again right away.
        valid.flush_recordset(["revoked_at"])
