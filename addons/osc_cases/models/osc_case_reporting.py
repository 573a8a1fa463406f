from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

OPEN_STATES = ("reported", "active")


class OscCaseReporting(models.AbstractModel):
    """Part of ``osc.case``: reporting it, and telling everybody whom it concerns."""

    _name = "osc.case.reporting"
    _description = "Reporting of cases"

    def _facts(self):
        """Fields on which it may depend who is told and how urgently.

        A hook: addons that add facts for intimation rules add their fields.
        """
        return {
            "channel",
            "in_danger",
            "is_injured",
            "lives_with_accused",
            "missing_child",
            "no_safe_place",
            "requested_service_ids",
            "survivor_id",
            "suspected_trafficking",
            "urgency",
        }

    def action_report(self):
        """Report drafts: give them their code and tell everybody concerned.

        Reporting a case again changes nothing and tells nobody twice, so a click or
        a request may safely be repeated.

        :raise UserError: the center is closed
        :raise AccessError: the user may not change the case
        """
        self.check_access("write")
        if not self:
            return True
        self._lock_for_report()
        drafts = self.filtered(lambda case: case.state == "draft")
        now = fields.Datetime.now()
        for case in drafts:
            if case.center_id.state == "closed":
                raise UserError(
                    self.env._(
                        "%s is closed. Choose the center that receives her.",
                        case.center_id.name,
                    )
                )
            # The state and the code are only written by this method.
            case.sudo().write(
                {
                    "state": "reported",
                    "name": case.center_id._next_case_code(now),
                    "reported_at": now,
                    "reported_by_id": self.env.uid,
                }
            )
        drafts._grant_supervision()
        drafts._grant_reporter()
        drafts._tell()
        drafts._request_services()
        drafts._plan_followups()
        drafts._run_clocks()
        return True

    # ------------------------------------------------------------------
    # Several at once
    # ------------------------------------------------------------------
    def _lock_for_report(self):
        """Wait for whoever is reporting the same case or adding facts to it.

        The one who waited then sees a case that changed after its own transaction
        began; PostgreSQL refuses that, and Odoo repeats the request, which finds the
        case reported, or knows the new facts.
        """
        self._lock_rows(
            SQL(
                # The code is a key that others refer to, so the strongest lock; a
                # weaker one would have to be raised later, which can deadlock.
                "SELECT id FROM osc_case WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                self.ids,
            )
        )

    def _one_teller(self):
        """Let one transaction at a time change the facts of a case or whom it tells.

        Two people who add facts at the same time, or decline at the same time, must not
        each rely on the other. An update that changes nothing makes the second one
        wait, and then PostgreSQL refuses it: what it decided upon is out of date. Odoo
        repeats its request, which sees what the first one did. A lock alone would let
        it go on with what it saw before it waited.
        """
        self._lock_rows(
            SQL(
                "UPDATE osc_case SET id = id WHERE id IN (SELECT id FROM osc_case "
                "WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)",
                self.ids,
            )
        )

    def _lock_rows(self, query):
        if self.ids:
            self.flush_recordset()
            # Being refused is normal here, and no error for the log.
            self.env.cr.execute(query, log_exceptions=False)

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------
    def _tell_again(self):
        """Facts changed: tell the disciplines that are concerned now and were not."""
        self._one_teller()
        self.filtered(lambda case: case.state in OPEN_STATES)._tell()
        self._run_clocks()

    def _tell(self):
        """Tell every discipline that a case concerns and that was not told yet.

        Rules, roster and intimations are read as superuser: whom a case concerns must
        not depend on who reports it.
        """
        # Nobody may write intimations; rules look at all of the case.
        for case in self.sudo():
            matching = self.env["osc.intimation.rule"].sudo()._matching(case)
            case._raise_urgency(matching)
            taken = case._told_disciplines()
            untold = [discipline for discipline in matching if discipline not in taken]
            if untold:
                case._tell_disciplines({d: matching[d] for d in untold})

    def _told_disciplines(self):
        """Disciplines of which somebody was told, or whose gap was solved."""
        self.ensure_one()
        told = self.intimation_ids.filtered(
            lambda intimation: (
                intimation.state == "acted"
                or (intimation.state != "cancelled" and intimation.representative_id)
            )
        )
        return told.discipline_id

    def _tell_disciplines(self, matching):
        """Write the intimations of some disciplines; who isn't there becomes a gap.

        :param dict matching: ``{discipline: (rule, urgency)}``
        """
        self.ensure_one()
        disciplines = self.env["osc.discipline"].union(*matching)
        on_duty = self._on_duty_representatives(disciplines)
        vals_list = []
        gaps = disciplines.browse()
        for discipline, (rule, urgency) in matching.items():
            chosen = on_duty._to_tell_first(discipline)
            if not chosen:
                gaps |= discipline
            vals_list += self._first_vals(chosen, urgency, rule)
        vals_list += self._new_gap_vals(gaps, matching)
        new_gaps = gaps - self.gap_discipline_ids
        closed_gaps = (disciplines - gaps) & self.gap_discipline_ids
        for gap in new_gaps:
            self._log_escalation(gap, 0)
        if new_gaps or closed_gaps:
            self.gap_discipline_ids = self.gap_discipline_ids + new_gaps - closed_gaps
        # Nobody may write intimations.
        self.env["osc.intimation"].sudo()._send(vals_list)

    def _first_vals(self, people, urgency, rule):
        """Values of the intimations of people who are told first of a need."""
        return [
            self._intimation_vals(
                person.user_id,
                person.discipline_id,
                urgency,
                rule=rule,
                representative=person,
                level=1 if person.is_backup else 0,
            )
            for person in people
        ]

    def _new_gap_vals(self, gaps, matching):
        """Intimations that tell the manager, else the coordinator, of new gaps."""
        vals_list = []
        for discipline in gaps - self.gap_discipline_ids:
            rule, urgency = matching[discipline]
            for level in (2, 3):
                user = self._supervisor(level)
                if user:
                    vals_list.append(
                        self._intimation_vals(
                            user, discipline, urgency, rule=rule, level=level
                        )
                    )
                    break
        return vals_list

    def _on_duty_representatives(self, disciplines):
        """Assignable people of the center who are on duty now and not excluded."""
        self.ensure_one()
        # Whoever reports need not see who works at the center.
        people = (
            self.env["osc.representative"]
            .sudo()
            .search(
                Domain("center_id", "=", self.center_id.id)
                & Domain("discipline_id", "in", disciplines.ids)
                & Domain("on_duty", "=", True)
                & Domain("user_id", "not in", self.excluded_user_ids.ids)
            )
        )
        return people.filtered("assignable")

    def _supervisor(self, level):
        """Who answers for the center at a level of escalation.

        :param int level: 2 manager, 3 coordinator
        :return: a user who may be told of this case, or an empty recordset
        """
        center = self.center_id
        user = {2: center.manager_id, 3: center.coordinator_id}[level]
        return (
            user.filtered(
                lambda person: (
                    person.active
                    and (
                        person.has_group("osc_base.group_representative")
                        or person.has_group("osc_base.group_coordinator")
                    )
                )
            )
            - self.excluded_user_ids
        )

    def _intimation_vals(
        self, user, discipline, urgency, *, rule=None, representative=None, level=0
    ):
        """Values of one intimation of this case that is sent now."""
        now = fields.Datetime.now()
        minutes = self._acknowledge_minutes(urgency)
        return {
            "case_id": self.id,
            "user_id": user.id,
            "representative_id": representative.id if representative else False,
            "discipline_id": discipline.id,
            "urgency": urgency,
            "basis": rule.basis if rule else "consent",
            "rule_id": rule.id if rule else False,
            "escalation_level": level,
            "sent_at": now,
            "due_at": now + timedelta(minutes=minutes),
        }

    def _acknowledge_minutes(self, urgency):
        """Minutes to acknowledge, from the policy that holds at the center today."""
        policy = self.center_id._policy_on(self.center_id._local_day())
        return policy._acknowledge_minutes(urgency)

    def _raise_urgency(self, matching):
        """Waiting intimations become as urgent as the facts now are, never less."""
        self.ensure_one()
        ranks = list(dict(self._fields["urgency"].selection))
        now = fields.Datetime.now()
        for intimation in self.intimation_ids.filtered(
            lambda intimation: intimation.state == "sent"
        ):
            # Told of an earlier state of the case: at least as urgent as the case is.
            _rule, urgency = matching.get(
                intimation.discipline_id, (None, self.urgency)
            )
            if ranks.index(urgency) <= ranks.index(intimation.urgency):
                continue
            due_at = now + timedelta(minutes=self._acknowledge_minutes(urgency))
            intimation._change(
                {"urgency": urgency, "due_at": min(intimation.due_at, due_at)}
            )

    # ------------------------------------------------------------------
    # Needs that nobody has taken on
    # ------------------------------------------------------------------
    def _need_intimations(self, discipline):
        """All intimations of one need that were not cancelled."""
        self.ensure_one()
        return self.intimation_ids.filtered(
            lambda i: i.discipline_id == discipline and i.state != "cancelled"
        )

    def _escalate(self, discipline):
        """Pass on a need unless somebody has taken it on or still has time to.

        Who let the time pass no longer counts: nothing would ever come of waiting.
        Neither does who had finished before it was told anew: that danger has grown
        since is not yet known to anybody. Of what only a manager or coordinator has
        acknowledged, whoever comes on duty next is told.
        """
        self._one_teller()
        siblings = self._need_intimations(discipline)._since_told_anew()
        holding = siblings.filtered(
            lambda i: (
                i.state in ("acknowledged", "acted")
                or (i.state == "sent" and not i.escalated_at)
            )
        )
        if siblings and not holding:
            siblings._next_level()
        elif holding and all(
            i.state == "acknowledged" and not i.representative_id for i in holding
        ):
            self._open_gap(discipline)

    def _open_gap(self, discipline):
        """Nobody of a discipline has taken it on: who comes on duty next is told."""
        self.ensure_one()
        if discipline not in self.gap_discipline_ids:
            self.gap_discipline_ids += discipline
            self._log_escalation(discipline, 4)

    def _resume(self, called_off):
        """Needs of which intimations were called off go to whoever is next.

        A need of which nobody is left is told anew, as if the case were reported now.

        :param called_off: cancelled intimations of this case
        """
        self.ensure_one()
        self._one_teller()
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
        """Tell people of gap disciplines who are on duty now and were not told.

        Who was called off, or had finished before it became a gap again, is told anew.
        """
        self.ensure_one()
        self._one_teller()
        if self.state not in OPEN_STATES:
            return
        told = self.env["osc.representative"]
        for gap in self.gap_discipline_ids:
            waited = self._need_intimations(gap)._since_told_anew()
            told |= waited.filtered(lambda i: i.state != "acted").representative_id
        matching = self.env["osc.intimation.rule"]._matching(self)
        people = self._on_duty_representatives(self.gap_discipline_ids) - told
        vals_list = []
        for discipline in people.discipline_id:
            rule, urgency = matching.get(discipline, (None, self.urgency))
            chosen = people._to_tell_first(discipline)
            vals_list += self._first_vals(chosen, urgency, rule)
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
            3: self.env._(
                "%s: not acknowledged, told the coordinator", discipline.name
            ),
            4: self.env._("%s: nobody acknowledged, now a gap", discipline.name),
        }
        self._note_step(texts[level])
