from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_cases.models.osc_case_reporting import OPEN_STATES


class OscShelterReservation(models.AbstractModel):
    """Part of ``osc.shelter.stay``: for whom a bed is kept, how long, who is told."""

    _name = "osc.shelter.reservation"
    _description = "Reserving beds of the shelter"

    @api.model
    def _check_may_handle(self, cases):
        """Rules look too late: that she has a bed already would be told before.

        :raise AccessError: the user may not handle stays of these cases
        """
        if self.env.su:
            return
        for case in cases:
            if not self.new({"case_id": case.id}).user_may_handle:
                raise AccessError(
                    self.env._(
                        "Only those who change the case, and the shelter, reserve a bed."
                    )
                )

    @api.model
    def _check_cases(self, cases):
        """:raise UserError: a case isn't open"""
        for case in cases:
            if case.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%s is not open. Report or reopen it first.", case.display_name
                    )
                )

    @api.model
    def _release_expired_of(self, cases):
        """An expired reservation of hers is no reason to refuse her another bed."""
        # It may be a reservation that a colleague made.
        expired = self.sudo().search(
            Domain("case_id", "in", cases.ids)
            & Domain("state", "=", "reserved")
            & Domain("reserved_until", "<=", fields.Datetime.now())
        )
        expired.write({"state": "cancelled", "exit_kind": "expired"})
        # The unique index must not see a stay that is over.
        expired.flush_recordset()

    @api.model
    def _reservation_hours(self, center):
        if not center:
            return 1
        policy = center._policy_on(center._local_day())
        return policy._limit("shelter_reservation_hours")

    def _let_in_charge_in(self):
        """Those in charge of the shelter open the case, without who she is."""
        discipline = self.env.ref("osc_base.osc_discipline_shelter", False)
        for stay in self:
            case = stay._case_itself()
            users = stay.shelter_id._in_charge_users()
            acting = case.member_ids.filtered(
                lambda member: (
                    member._is_valid()
                    and member._acts_for_discipline()
                    and member.discipline_id == discipline
                )
            ).user_id
            self.env["osc.case.member"]._grant(
                case, users - acting - case.excluded_user_ids, "lodging", discipline
            )

    def _let_out_of_unused(self):
        """Nobody opens a case for a house in which she never was and isn't expected."""
        # Whoever cancels may not see who was let in.
        unused = self.sudo()
        used = unused.search(
            Domain("case_id", "in", unused.case_id.ids)
            & Domain("state", "!=", "cancelled")
        )
        unused = unused.filtered(lambda stay: stay.case_id not in used.case_id)
        unused._let_out(unused.case_id.member_ids.user_id)

    def _let_out(self, users):
        """These people don't open the cases for the house any more."""
        # Nobody may write memberships.
        self._case_itself().member_ids.filtered(
            lambda member: member.basis == "lodging" and member.user_id in users
        )._revoke()
