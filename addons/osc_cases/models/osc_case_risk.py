from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .osc_case_reporting import OPEN_STATES
from .osc_case_writing import own_words
from .osc_risk_template import HIGH_LEVELS, LEVELS, rank

MEMBERS = "osc_base.group_representative"


class OscCaseRisk(models.AbstractModel):
    """Part of ``osc.case``: how dangerous it is for her, who is told, safety plans.

    The level is a fact like others: rules of intimation say which discipline is told.
    Who answers for the center is told besides. Messages carry the code and the urgency;
    why it is urgent stands in the case.
    """

    _name = "osc.case.risk"
    _description = "Danger of cases"

    risk_assessment_ids = fields.One2many(
        comodel_name="osc.risk.assessment",
        inverse_name="case_id",
        string="Risk assessments",
        copy=False,
        groups=MEMBERS,
    )
    risk_level = fields.Selection(
        selection=LEVELS,
        string="Danger",
        readonly=True,
        copy=False,
        help="By the latest risk assessment.",
        groups=MEMBERS,
    )
    high_risk_since = fields.Datetime(
        string="In high danger since", readonly=True, copy=False, groups=MEMBERS
    )
    safety_plan_ids = fields.One2many(
        comodel_name="osc.safety.plan",
        inverse_name="case_id",
        string="Safety plans",
        copy=False,
        groups=MEMBERS,
    )
    safety_plan_due_at = fields.Datetime(
        compute="_compute_safety_plan_due",
        compute_sudo=True,
        help="High danger and no safety plan yet: by when there must be one.",
        groups=MEMBERS,
    )
    safety_plan_overdue = fields.Boolean(
        compute="_compute_safety_plan_due",
        search="_search_safety_plan_overdue",
        compute_sudo=True,
        groups=MEMBERS,
    )

    def _facts(self):
        return super()._facts() | {"risk_level"}

    # ------------------------------------------------------------------
    # Danger
    # ------------------------------------------------------------------
    def _note_risk(self):
        """The latest assessment that says something says how dangerous it is now.

        High danger makes the case an emergency; nothing makes it less urgent again but
        the case worker.
        """
        # Whoever assesses, a counsellor for instance, may not change the case.
        for case in self.sudo():
            # Not by the field: what is in its cache may be what the user may see.
            latest = case.risk_assessment_ids.search(
                Domain("case_id", "=", case.id) & Domain("level", "!=", False),
                order="assessed_at desc, id desc",
                limit=1,
            )
            level = latest.level
            former = case.risk_level
            if level == former:
                continue
            vals = {"risk_level": level, "high_risk_since": False}
            if level in HIGH_LEVELS:
                vals["urgency"] = "emergency"
                vals["high_risk_since"] = case.high_risk_since or fields.Datetime.now()
            case.write(vals)
            if level in HIGH_LEVELS and rank(level) > rank(former):
                case._tell_of_danger()

    def _tell(self):
        told = super()._tell()
        # Whoever assesses needn't know who supervises.
        for case in self.sudo():
            if case.risk_level in HIGH_LEVELS:
                case._tell_supervisor_of_danger()
        return told

    def _tell_supervisor_of_danger(self):
        """Who answers for the center gets an intimation of their own, once.

        For case work: taking it on must not look as if the police had.
        """
        self.ensure_one()
        discipline = self.env.ref("osc_base.osc_discipline_casework", False)
        if not discipline or self._need_intimations(discipline).filtered(
            lambda intimation: (
                intimation.escalation_level >= 2
                and intimation.sent_at >= self.high_risk_since
            )
        ):
            return
        for level in (2, 3):
            if supervisor := self._supervisor(level):
                self.env["osc.intimation"]._send(
                    [
                        self._intimation_vals(
                            supervisor, discipline, "emergency", level=level
                        )
                    ]
                )
                return

    def _tell_of_danger(self):
        """Tell again, after a rise, those who had been told of the case before.

        Disciplines that a rule on the danger names and that have finished what they
        were told of get a new intimation. Everybody else who works on the case gets a
        message.
        """
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return
        Rule = self.env["osc.intimation.rule"]
        matching = Rule._matching(self)
        at_work = self.intimation_ids.filtered(
            lambda intimation: intimation.state in ("sent", "acknowledged")
        )
        done = self._told_disciplines() - at_work.discipline_id
        rules = Rule.search([("domain", "like", "risk_level")]).filtered(
            lambda rule: rule.discipline_id in done and rule._applies_to(self)
        )
        anew = {rule.discipline_id: rule for rule in rules}
        if anew:
            self._tell_disciplines(
                {
                    discipline: (rule, matching[discipline][1])
                    for discipline, rule in anew.items()
                }
            )
        waiting = self.intimation_ids.filtered(lambda one: one.state == "sent").user_id
        self._notify_more_urgent(self._valid_members() - waiting - self.env.user)

    def _notify_more_urgent(self, users):
        """An inbox message or e-mail: the code and the urgency, and nothing else."""
        self.ensure_one()
        for user in users:
            this = self.with_context(lang=user.lang)
            labels = dict(this._fields["urgency"]._description_selection(this.env))
            text = f"{self.display_name} · {labels[self.urgency]}"
            with own_words():
                this.env["mail.thread"].message_notify(
                    partner_ids=user.partner_id.ids,
                    author_id=this.env.ref("base.partner_root").id,
                    subject=text,
                    body=this.env._("%s. Open the case now.", text),
                    model=self._name,
                    res_id=self.id,
                    email_add_signature=False,
                )

    # ------------------------------------------------------------------
    # High danger without a safety plan
    # ------------------------------------------------------------------
    @api.depends("high_risk_since", "safety_plan_ids", "center_id", "state")
    def _compute_safety_plan_due(self):
        now = fields.Datetime.now()
        endangered = self.filtered(
            lambda case: case.high_risk_since and case.state != "closed"
        )
        # Not by the field: what is in its cache may be what the user may see.
        planned = dict(
            self.env["osc.safety.plan"]._read_group(
                [("case_id", "in", endangered.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            due_at = False
            if case in endangered and case._origin not in planned:
                policy = case.center_id._policy_on(case.center_id._local_day())
                hours = policy._limit("safety_plan_hours")
                due_at = case.high_risk_since + timedelta(hours=hours)
            case.safety_plan_due_at = due_at
            case.safety_plan_overdue = bool(due_at) and due_at <= now

    def _search_safety_plan_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Few: those in high danger now. What the user may see of them is up to rules.
        without = self.sudo().search(
            Domain("high_risk_since", "!=", False)
            & Domain("state", "!=", "closed")
            & Domain("safety_plan_ids", "=", False)
        )
        overdue = Domain("id", "in", without.filtered("safety_plan_overdue").ids)
        return overdue if True in value else ~overdue

    def action_open_risk_history(self):
        """Show how the danger changed over time.

        :raise AccessError: the user may not open the case
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_cases.osc_risk_assessment_action"
        )
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            # A day on which nobody asked is no day without danger.
            context={"default_case_id": self.id, "fill_temporal": False},
            display_name=self.display_name,
        )
