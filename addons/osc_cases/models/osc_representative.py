from odoo import api, models


class OscRepresentative(models.Model):
    """Adds who of several people is told of a case first, and what leaving ends."""

    _inherit = "osc.representative"

    def _to_tell_first(self, discipline):
        """Those of a discipline who are told at once: backups only without others."""
        people = self.filtered(lambda person: person.discipline_id == discipline)
        return people.filtered(lambda person: not person.is_backup) or people

    @api.model
    def _post_fields(self):
        """Fields that say in which post somebody takes cases."""
        return {"active", "agency_id", "center_id", "discipline_id", "employee_id"}

    def write(self, vals):
        if not self._post_fields() & set(vals):
            return super().write(vals)
        # Archived ones took their leave before.
        former = [
            (person.user_id, person.center_id, person.discipline_id)
            for person in self.filtered("active")
        ]
        result = super().write(vals)
        for post in former:
            self._leave(*post)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_leave(self):
        for person in self.filtered("active"):
            person._leave(
                person.user_id, person.center_id, person.discipline_id, person
            )

    def _leave_center(self, user, center, leaving):
        """Whoever has no post at a center any more has none of its cases either."""
        # All posts of the person, at whatever center.
        posts = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("center_id", "=", center.id),
                ("active", "=", True),  # also where lists show archived ones
            ]
        ) - (leaving or self.browse())
        if posts or center.sudo().manager_id == user:
            return
        # Who changes the roster may not see all of the cases concerned.
        cases = self.env["osc.case"].sudo()
        cases = cases.search(
            [("center_id", "=", center.id), ("case_worker_id", "=", user.id)]
        )
        for case in cases:
            case.case_worker_id = False
            case._tell_without_worker()
        # Memberships end by this, which nobody may write.
        members = self.env["osc.case.member"].sudo()
        members.search(
            [
                ("user_id", "=", user.id),
                ("case_id.center_id", "=", center.id),
                ("revoked_at", "=", False),
            ]
        )._revoke()

    def _leave(self, user, center, discipline, leaving=None):
        """Who isn't a representative any more opens no cases, and what waits for them
        goes to whoever is next. Who changed the agency sees what that one may see.

        :param leaving: the record that is about to be deleted
        """
        if not user:
            return
        # All posts of the person, at whatever center.
        still_there = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("center_id", "=", center.id),
                ("discipline_id", "=", discipline.id),
                ("active", "=", True),
            ]
        ) - (leaving or self.browse())
        # Managers who change the roster may not see all of the cases concerned.
        members = (
            self.env["osc.case.member"]
            .sudo()
            .search(
                [
                    ("user_id", "=", user.id),
                    ("basis", "in", self.env["osc.case.member"]._acting_bases),
                    ("discipline_id", "=", discipline.id),
                    ("case_id.center_id", "=", center.id),
                    ("revoked_at", "=", False),
                ]
            )
        )
        members._apply_grounds_anew()
        if still_there:
            return
        members.filtered(lambda member: member.basis != "assigned")._revoke()
        self._leave_center(user, center, leaving)
        # What waits for others, whoever keeps the roster.
        waiting = (
            self.env["osc.intimation"]
            .sudo()
            .search(
                [
                    ("user_id", "=", user.id),
                    ("center_id", "=", center.id),
                    ("discipline_id", "=", discipline.id),
                    ("representative_id", "!=", False),
                    ("state", "in", ("sent", "acknowledged")),
                ]
            )
        )
        for case, intimations in waiting.grouped("case_id").items():
            intimations._cancel(self.env._("Not a representative any more"))
            case._resume(intimations)
