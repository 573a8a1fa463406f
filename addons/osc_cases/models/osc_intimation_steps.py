from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class OscIntimationSteps(models.AbstractModel):
    """Part of ``osc.intimation``: whoever was told takes it on, acts or declines."""

    _name = "osc.intimation.steps"
    _description = "Steps of intimations"

    def action_acknowledge(self):
        """I have seen it and take it on: opens the case to me, without identity.

        Acknowledging again changes nothing.

        :raise AccessError: it was sent to somebody else
        :raise UserError: it was declined or cancelled
        """
        self._check_mine()
        waiting = self.filtered(lambda intimation: intimation.state == "sent")
        for intimation in self - waiting:
            intimation._check_open_or_acted()
        waiting._change(
            {"state": "acknowledged", "acknowledged_at": fields.Datetime.now()}
        )
        for intimation in waiting:
            intimation._open_case()
            intimation._colleagues()._show()
        return True

    def action_act(self, text=None):
        """I have acted; what I did is recorded. Acknowledges it when need be.

        Acting again adds to what is recorded; the same text is recorded once.

        :param str text: what was done
        :raise AccessError: it was sent to somebody else
        :raise UserError: there is no text, or it was declined or cancelled
        """
        self._check_mine()
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Write what you did."))
        self.action_acknowledge()
        acknowledged = self.filtered(lambda i: i.state == "acknowledged")
        acknowledged._change(
            {
                "state": "acted",
                "acted_at": fields.Datetime.now(),
                "action_note": text,
            }
        )
        acknowledged._close_gaps()
        # Their texts are discipline content, which not every role may read.
        for intimation in (self - acknowledged).sudo():
            lines = (intimation.action_note or "").splitlines()
            if not set(text.splitlines()) <= set(lines):
                intimation.action_note = "\n".join([*lines, text])
        return True

    def action_decline(self, reason=None, conflict_of_interest=False):
        """I can't take it on: it goes to the next at once.

        :param str reason: why
        :param bool conflict_of_interest: related to her or to the accused; excludes
            me from the case
        :raise AccessError: it was sent to somebody else
        :raise UserError: there is no reason, or it isn't open any more
        """
        self._check_mine()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why you can't take it on."))
        for intimation in self:
            if intimation.state not in ("sent", "acknowledged"):
                raise UserError(
                    self.env._("%s isn't open any more.", intimation.display_name)
                )
        now = fields.Datetime.now()
        self._change({"state": "declined", "closed_at": now, "close_note": reason})
        # The next person is looked for among those whom the user doesn't see.
        for intimation in self.sudo():
            intimation._close_case()
            if conflict_of_interest:
                intimation.case_id.write(
                    {"excluded_user_ids": [fields.Command.link(self.env.uid)]}
                )
            intimation._pass_on()
        return True

    def _colleagues(self):
        """Others who still wait with the same need."""
        waiting = self._case_itself()._need_intimations(self.discipline_id)
        return waiting.filtered(lambda i: i.state == "sent")

    def _cancel(self, reason):
        """Nobody needs to answer these any more.

        :param str reason: shown to who was told
        """
        self._change(
            {
                "state": "cancelled",
                "closed_at": fields.Datetime.now(),
                "close_note": reason,
            }
        )

    def _check_mine(self):
        """:raise AccessError: somebody else was told"""
        self.check_access("read")
        if any(intimation.user_id != self.env.user for intimation in self):
            raise AccessError(
                self.env._("Only the person who was told can answer an intimation.")
            )

    def _check_open_or_acted(self):
        """:raise UserError: it was declined or cancelled"""
        self.ensure_one()
        if self.state in ("declined", "cancelled"):
            raise UserError(
                self.env._(
                    "%(intimation)s was %(state)s. Ask the case worker if you should "
                    "be told again.",
                    intimation=self.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ].lower(),
                )
            )

    def _change(self, vals):
        """Write what changed and show it on the open screens of who was told.

        Nobody may write intimations directly; the answers above check whose they are.
        """
        if self:
            # States are written by these methods only.
            self.sudo().write(vals)
            self._show()

    def _open_case(self):
        """Who acknowledged may open the case; the case is active from then on."""
        self.ensure_one()
        case = self._case_itself()
        if not self._supervises_without_content():
            basis = "intimated" if self.representative_id else "supervision"
            self.env["osc.case.member"]._grant(
                case, self.user_id, basis, self.discipline_id
            )
        if self.representative_id:
            self._close_gaps()
        if case.state == "reported":
            case.state = "active"

    def _close_gaps(self):
        """Somebody of the discipline is there, or who answers for the center acted."""
        # The next person is looked for among those whom the user doesn't see.
        for intimation in self.sudo():
            case = intimation.case_id
            if intimation.discipline_id in case.gap_discipline_ids:
                case.gap_discipline_ids -= intimation.discipline_id

    def _supervises_without_content(self):
        """Coordinators act on gaps by phone; they never open the case itself."""
        # Who coordinates isn't readable for everybody who is told.
        return self.user_id == self.sudo().center_id.coordinator_id and (
            not self.representative_id
        )

    def _close_case(self):
        """Who declined after acknowledging loses what acknowledging opened."""
        self.ensure_one()
        self._case_itself().member_ids.filtered(
            lambda member: (
                member.user_id == self.user_id
                and member.basis == "intimated"
                and member.discipline_id == self.discipline_id
            )
        )._revoke()
