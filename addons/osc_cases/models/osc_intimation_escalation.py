from odoo import api, fields, models
from odoo.fields import Domain

LAST_LEVEL = 3
BATCH = 200


class OscIntimation(models.Model):
    """What nobody acknowledges goes on: backup, center manager, coordinator.

    A need, that is one discipline of one case, is escalated, not a person: once
    somebody of the discipline has acknowledged, colleagues who didn't are left alone.
    Each level is told once. What nobody takes in the end is a gap on the case.
    """

    _inherit = "osc.intimation"

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
        for (case, discipline), intimations in needs.items():
            with self._one_by_one("escalate", intimations) as waiting:
                if waiting:
                    waiting.escalated_at = fields.Datetime.now()
                    case._escalate(discipline)
        if len(due) == BATCH:
            self._trigger_watch()

    def _pass_on(self):
        """After a decline: at once to the next, unless a colleague still has it."""
        self.ensure_one()
        self.case_id._escalate(self.discipline_id)

    def _next_level(self):
        """Tell the next level at which there is somebody; after the last, a gap.

        ``self`` are all intimations of one need, answered or not.
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
            self.filtered(lambda i: i.state == "sent")._change(
                {"escalation_level": level}
            )
            case._log_escalation(discipline, level)
            return
        if discipline not in case.gap_discipline_ids:
            case.gap_discipline_ids += discipline
            case._log_escalation(discipline, LAST_LEVEL + 1)

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
            with self._one_by_one("fill the gaps of", case) as locked:
                locked._tell_gaps()


class OscCase(models.Model):
    _inherit = "osc.case"

    def _need_intimations(self, discipline):
        """All intimations of one need that were not cancelled."""
        self.ensure_one()
        return self.intimation_ids.filtered(
            lambda i: i.discipline_id == discipline and i.state != "cancelled"
        )

    def _escalate(self, discipline):
        """Pass on a need unless somebody has taken it on or still has time to.

        Who let the time pass no longer counts: nothing would ever come of waiting.
        """
        siblings = self._need_intimations(discipline)
        if siblings and not siblings.filtered(
            lambda i: i.state in ("acknowledged", "acted")
            or (i.state == "sent" and not i.escalated_at)
        ):
            siblings._next_level()

    def _resume(self, called_off):
        """Needs of which intimations were called off go to whoever is next.

        A need of which nobody is left is told anew, as if the case were reported now.

        :param called_off: cancelled intimations of this case
        """
        self.ensure_one()
        matching = self.env["osc.intimation.rule"]._matching(self)
        anew = {}
        for discipline, intimations in called_off.grouped("discipline_id").items():
            if self._need_intimations(discipline):
                self._escalate(discipline)
            else:
                last = intimations.sorted("id")[-1:]
                anew[discipline] = matching.get(
                    discipline, (last.rule_id, last.urgency)
                )
        if anew:
            self.gap_discipline_ids -= self.env["osc.discipline"].union(*anew)
            self._tell_disciplines(anew)

    def _tell_gaps(self):
        """Tell people of gap disciplines who are on duty now and were not told."""
        if not self:
            return
        told = self.intimation_ids.representative_id
        matching = self.env["osc.intimation.rule"]._matching(self)
        people = self._on_duty_representatives(self.gap_discipline_ids) - told
        vals_list = []
        for person in people:
            rule, urgency = matching.get(person.discipline_id, (None, self.urgency))
            vals_list.append(
                self._intimation_vals(
                    person.user_id,
                    person.discipline_id,
                    urgency,
                    rule=rule,
                    representative=person,
                    level=1 if person.is_backup else 0,
                )
            )
        if vals_list:
            self.gap_discipline_ids -= people.discipline_id
            self.env["osc.intimation"]._send(vals_list)

    def _log_escalation(self, discipline, level):
        """Note on the case how far a need went.

        :param int level: 0 nobody was there, 1 to 3 see ``escalation_level``, 4 nobody
            acknowledged
        """
        self.ensure_one()
        texts = {
            0: self.env._("%s: nobody is on duty, a gap", discipline.name),
            1: self.env._("%s: not acknowledged, told the backup", discipline.name),
            2: self.env._(
                "%s: not acknowledged, told the center manager", discipline.name
            ),
            3: self.env._("%s: not acknowledged, told the coordinator", discipline.name),
            4: self.env._("%s: nobody acknowledged, now a gap", discipline.name),
        }
        self._message_log(body=texts[level])
