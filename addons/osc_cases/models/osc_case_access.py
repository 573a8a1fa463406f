from odoo import api, models
from odoo.exceptions import ValidationError


class OscCaseAccess(models.AbstractModel):
    """Part of ``osc.case``: who becomes a member of a case, and who is shut out."""

    _name = "osc.case.access"
    _description = "Access to cases"

    @api.constrains("case_worker_id", "excluded_user_ids")
    def _check_case_worker(self):
        """A case worker learns who she is, so it can't be just anybody."""
        for case in self:
            worker = case.case_worker_id
            # The groups of a colleague are not readable for case workers.
            if worker and not worker.sudo().has_group("osc_base.group_case_worker"):
                raise ValidationError(
                    self.env._("%s is not a case worker.", worker.name)
                )
            if worker in case.sudo().excluded_user_ids:
                raise ValidationError(
                    self.env._(
                        "%s is excluded from the case and can't be its case worker.",
                        worker.name,
                    )
                )

    def _grant_case_worker(self):
        """The case worker opens the case and knows who she is."""
        discipline = self.env.ref("osc_base.osc_discipline_casework", False)
        for worker, cases in self.grouped("case_worker_id").items():
            self.env["osc.case.member"]._grant(
                cases, worker, "assigned", discipline, identity_access=True
            )

    def _grant_reporter(self):
        """Who reports a colleague's draft follows the case, without identity."""
        # The rows of others may be hidden from whoever reports.
        strangers = self.sudo().filtered(
            lambda case: self.env.user not in case.member_ids.user_id
        )
        self.env["osc.case.member"]._grant(strangers, self.env.user, "assigned")

    def _replace_case_worker(self, former):
        self.ensure_one()
        if former == self.case_worker_id:
            return
        self.sudo().member_ids.filtered(
            lambda member: member.basis == "assigned" and member.user_id == former
        )._revoke()
        self._grant_case_worker()

    def _grant_supervision(self):
        """Managers supervise the reported cases of their center, without identity."""
        by_manager = self.grouped(lambda case: case.center_id.manager_id)
        for manager, cases in by_manager.items():
            cases = cases.filtered(
                lambda case, manager=manager: manager not in case.excluded_user_ids
            )
            self.env["osc.case.member"]._grant(cases, manager, "supervision")

    def _shut_out_excluded(self):
        """Excluded staff lose access and their intimations go to somebody else."""
        for case in self:
            # Their rows may be hidden from the user who excludes them.
            excluded = case.sudo().excluded_user_ids
            case.sudo().member_ids.filtered(
                lambda member, excluded=excluded: member.user_id in excluded
            )._revoke()
            called_off = case.sudo().intimation_ids.filtered(
                lambda intimation, excluded=excluded: (
                    intimation.user_id in excluded
                    and intimation.state in ("sent", "acknowledged")
                )
            )
            # Who is excluded may be the accused: the reason tells them nothing.
            called_off._cancel(self.env._("Not needed any more"))
            case.sudo()._resume(called_off)
