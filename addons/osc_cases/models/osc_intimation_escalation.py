from odoo import api, fields, models
from odoo.fields import Domain

LAST_LEVEL = 3
BATCH = 200


class OscIntimationEscalation(models.AbstractModel):
    """Part of ``osc.intimation``: what nobody acknowledges goes on.

    To the backup, then the center manager, then the coordinator.
    A need, that is one discipline of one case, is escalated, not a person: once
    somebody of the discipline has acknowledged, colleagues who didn't are left alone.
    Each level is told once. What nobody takes in the end is a gap on the case.
    """

    _name = "osc.intimation.escalation"
    _description = "Escalation of intimations"

    @api.model
    def _escalate_due(self):
        """Escalate every need whose time to acknowledge has passed."""
        due = self.search(
            Domain("state", "=", "sent")
            & Domain("escalated_at", "=", False)
            & Domain("due_at", "<=", fields.Datetime.now()),
            order="due_at, id",
            limit=BATCH,
        )
        needs = due.grouped(lambda i: (i.case_id, i.discipline_id))
        for case, discipline in needs:
            # All who wait with it: one of them may be acknowledging right now.
            waiting = case._need_intimations(discipline)._unanswered()
            self._apart("escalate", waiting, self._escalate_one)
        if len(due) == BATCH:
            self._trigger_watch()

    def _unanswered(self):
        """Those that nobody has answered."""
        return self.filtered(lambda intimation: intimation.state == "sent")

    @api.model
    def _escalate_one(self, waiting):
        """Escalate one need.

        :param waiting: its unanswered intimations, due or not
        """
        now = fields.Datetime.now()
        due = waiting._unanswered().filtered(
            lambda intimation: intimation.due_at <= now and not intimation.escalated_at
        )
        if due:
            due.escalated_at = now
            due.case_id._escalate(due.discipline_id)

    def _pass_on(self):
        """After a decline: at once to the next, unless a colleague still has it."""
        self.ensure_one()
        self.case_id._escalate(self.discipline_id)

    def _since_told_anew(self):
        """Those of one need that were sent since it was told last.

        It is told anew when those who were told have done their part and the case has
        become more dangerous: nobody has answered that yet.
        """
        last = self.sorted("id")[-1:]
        finished = self.filtered(
            lambda intimation: (
                intimation.state == "acted" and intimation.acted_at < last.sent_at
            )
        )
        if not finished:
            return self
        ended = max(finished.mapped("acted_at"))
        return self.filtered(lambda intimation: intimation.sent_at > ended)

    def _next_level(self):
        """Tell the next level at which there is somebody; after the last, a gap.

        ``self`` are all intimations of one need since it was told last, answered or
        not.
        """
        case = self.case_id
        discipline = self.discipline_id
        urgency = self.sorted("id")[-1:].urgency
        rule = self.rule_id[:1]
        told = self.user_id
        for level in range(max(self.mapped("escalation_level")) + 1, LAST_LEVEL + 1):
            people = self._people_at(level)
            vals_list = [
                case._intimation_vals(
                    user,
                    discipline,
                    urgency,
                    rule=rule,
                    representative=representative,
                    level=level,
                )
                for user, representative in people
                if user not in told
            ]
            if not vals_list:
                continue
            self._send(vals_list)
            self._unanswered()._change({"escalation_level": level})
            case._log_escalation(discipline, level)
            return
        # A change of theirs: who is just acknowledging sees the gap and closes it.
        self._unanswered()._change({"escalation_level": LAST_LEVEL})
        case._open_gap(discipline)

    def _people_at(self, level):
        """Whom to tell at a level.

        :return: list of (user, representative or None)
        """
        case = self.case_id
        if level == 1:
            backups = case._on_duty_representatives(self.discipline_id).filtered(
                "is_backup"
            )
            return [(backup.user_id, backup) for backup in backups]
        supervisor = case._supervisor(level)
        return [(supervisor, None)] if supervisor else []

    @api.model
    def _try_gaps_again(self):
        """Somebody may have come on duty since: tell them of the open gaps."""
        cases = self.env["osc.case"].search(
            [
                ("state", "in", ("reported", "active")),
                ("gap_discipline_ids", "!=", False),
            ]
        )
        for case in cases:
            self._apart("fill the gaps of", case, lambda case: case._tell_gaps())
