from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class OscStaffConflict(models.Model):
    """Somebody of the center may be the person whom she accuses.

    Hidden from that person. Whoever may change the case excludes them, or says that it
    is somebody else.
    """

    _name = "osc.staff.conflict"
    _description = "Possible conflict of staff"
    _inherit = "osc.case.audited"
    _order = "id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Who", required=True, ondelete="cascade"
    )
    matched = fields.Char(string="What agrees", required=True)
    state = fields.Selection(
        selection=[
            ("proposed", "To be decided"),
            ("excluded", "Excluded"),
            ("dismissed", "Somebody else"),
        ],
        required=True,
        default="proposed",
    )
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided by")
    decided_at = fields.Datetime(string="Decided")

    _one_per_person = models.Constraint(
        "UNIQUE(case_id, user_id)", "This is proposed already."
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for conflict in self:
            conflict.display_name = self.env._(
                "%s · Possible conflict", conflict.case_id.display_name
            )

    @api.model
    def _propose(self, case, hits):
        """Propose to exclude staff of a case, once each.

        :param case: ``osc.case`` record
        :param dict hits: ``res.users`` to set of ``name``, ``phone``, ``national_id``
        """
        # Nobody may write these records: each is made by this method.
        Conflict = self.sudo()
        known = Conflict.search([("case_id", "=", case.id)]).user_id
        known |= case.sudo().excluded_user_ids
        conflicts = Conflict.create(
            [
                {
                    "case_id": case.id,
                    "user_id": user.id,
                    "matched": ", ".join(sorted(matched)),
                }
                for user, matched in hits.items()
                if user not in known
            ]
        )
        conflicts._tell()
        return conflicts

    def _tell(self):
        """The case worker, at once; of the case worker, the manager; of both, whoever
        coordinates. Never the one whom it concerns."""
        for conflict in self:
            case = conflict.case_id
            concerned = self.search([("case_id", "=", case.id)]).user_id
            worker = case.case_worker_id.filtered("active") - concerned
            told = worker or case._answering(concerned)
            if not told:
                continue
            env = self.with_context(lang=told.lang).env
            self.env["mail.thread"].message_notify(
                partner_ids=told.partner_id.ids,
                author_id=self.env.ref("base.partner_root").id,
                subject=env._("Check who may open %s", case.display_name),
                body=env._(
                    "Somebody of the staff may be concerned by %s themselves. Decide "
                    "under Who may open it.",
                    case.display_name,
                ),
                model=self._name,
                res_id=conflict.id,
                email_add_signature=False,
            )

    # ------------------------------------------------------------------
    # Decide
    # ------------------------------------------------------------------
    def action_exclude(self):
        """Exclude that person from the case, now."""
        self._check_may_decide()
        for conflict in self:
            conflict.case_id.excluded_user_ids = [
                fields.Command.link(conflict.user_id.id)
            ]
        return self._decide("excluded")

    def action_dismiss(self):
        """It is somebody else with the same name or number."""
        self._check_may_decide()
        return self._decide("dismissed")

    def _check_may_decide(self):
        self.check_access("read")
        self.case_id.check_access("write")
        for conflict in self:
            if conflict.user_id == self.env.user:
                raise AccessError(self.env._("Somebody else decides on this."))
            if conflict.state != "proposed":
                raise UserError(self.env._("It was decided already."))

    def _decide(self, state):
        # Nobody may write these records directly.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        return True
