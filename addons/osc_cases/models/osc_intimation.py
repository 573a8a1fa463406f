from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from odoo.addons.osc_base.fields import EncryptedText

from .osc_intimation_rule import BASES

# What a consent must open before others read what somebody of a discipline did. What
# is done in other disciplines is for the case worker only.
SCOPE_OF_DISCIPLINE = {
    "medical": "medical",
    "forensic": "medical",
    "police": "legal",
    "legal": "legal",
}


class OscIntimation(models.Model):
    """One person is told of one case for one discipline, and answers.

    Carries the case code, urgency, discipline and due time, and nothing else about
    the case, so it can be shown to people who may not open the case.
    """

    _name = "osc.intimation"
    _description = "Intimation"
    _inherit = [
        "osc.vault.mixin",
        "osc.intimation.delivery",
        "osc.intimation.steps",
        "osc.intimation.escalation",
    ]
    _order = "state_rank, due_at, id"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    case_code = fields.Char(related="case_id.name", store=True, string="Case code")
    center_id = fields.Many2one(
        comodel_name="osc.center",
        related="case_id.center_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    representative_id = fields.Many2one(
        comodel_name="osc.representative",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty for a manager or coordinator who was told because nobody else "
        "acknowledged.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Told", required=True, ondelete="restrict"
    )
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, ondelete="restrict"
    )
    urgency = fields.Selection(
        selection=[
            ("routine", "Routine"),
            ("urgent", "Urgent"),
            ("emergency", "Emergency"),
        ],
        required=True,
    )
    basis = fields.Selection(
        selection=BASES,
        required=True,
        groups="osc_base.group_case_worker",
        help="On what ground more than the code may be given. A legal duty says "
        "something about her, so who is told doesn't see it before opening the case.",
    )
    # Not for users: the name of a rule says what happened to her.
    rule_id = fields.Many2one(
        comodel_name="osc.intimation.rule", ondelete="set null", groups=NO_ACCESS
    )
    state = fields.Selection(
        selection=[
            ("sent", "Waiting"),
            ("acknowledged", "Acknowledged"),
            ("acted", "Acted"),
            ("declined", "Declined"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="sent",
        group_expand=True,
    )
    state_rank = fields.Integer(
        compute="_compute_state_rank",
        store=True,
        aggregator=None,
        export_string_translation=False,
    )
    sent_at = fields.Datetime(required=True)
    due_at = fields.Datetime(
        required=True,
        help="By when it must be acknowledged; then it is escalated.",
    )
    acknowledged_at = fields.Datetime()
    acted_at = fields.Datetime()
    closed_at = fields.Datetime(help="When it was declined or cancelled.")
    escalation_level = fields.Integer(
        string="Escalation",
        aggregator="max",
        help="How far the need went: 0 those on duty, 1 backup, 2 center manager, "
        "3 coordinator.",
    )
    escalated_at = fields.Datetime(
        help="When it was passed on because nobody had acknowledged it."
    )
    delivered_at = fields.Datetime(
        help="When it was put into the inbox or e-mail, after the open screens."
    )
    acknowledge_minutes = fields.Float(
        string="Minutes to acknowledge",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
    )
    act_minutes = fields.Float(
        string="Minutes to act",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
    )
    action_note = EncryptedText(groups=NO_ACCESS)
    action_taken = fields.Text(
        compute="_compute_action_taken",
        groups="osc_base.group_representative",
        help="What was done. Seen by those of the same discipline, by the case worker, "
        "and by others as far as she consents.",
    )
    close_note = EncryptedText(groups=NO_ACCESS)
    close_reason = fields.Text(
        string="Reason",
        compute="_compute_action_taken",
        groups="osc_base.group_representative",
        help="Why it was declined or cancelled. Why somebody declined is seen by whoever "
        "sees what was done, and by who supervises the case.",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine")
    colleague_has_it = fields.Boolean(
        string="A colleague has it",
        compute="_compute_colleague_has_it",
        compute_sudo=True,
        help="Somebody else of the same discipline has acknowledged it.",
    )

    _one_open_per_representative = models.UniqueIndex(
        "(case_id, representative_id) WHERE state IN ('sent', 'acknowledged') "
        "AND representative_id IS NOT NULL",
        "This representative has already been told of the case.",
    )
    _one_open_per_user = models.UniqueIndex(
        "(case_id, user_id, discipline_id) WHERE state IN ('sent', 'acknowledged')",
        "This person has already been told of the case for this discipline.",
    )
    _open_by_user = models.Index(
        "(user_id, due_at) WHERE state IN ('sent', 'acknowledged')"
    )
    _waiting = models.Index("(due_at) WHERE state = 'sent' AND escalated_at IS NULL")
    _undelivered = models.Index("(id) WHERE delivered_at IS NULL")

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("case_code", "discipline_id.name")
    def _compute_display_name(self):
        for intimation in self:
            intimation.display_name = (
                f"{intimation.case_code} · {intimation.discipline_id.name}"
            )

    @api.depends("state")
    def _compute_state_rank(self):
        states = list(dict(self._fields["state"].selection))
        for intimation in self:
            intimation.state_rank = states.index(intimation.state)

    @api.depends("sent_at", "acknowledged_at", "acted_at")
    def _compute_minutes(self):
        for intimation in self:
            sent = intimation.sent_at
            intimation.acknowledge_minutes = self._minutes(
                sent, intimation.acknowledged_at
            )
            intimation.act_minutes = self._minutes(sent, intimation.acted_at)

    @staticmethod
    def _minutes(start, end):
        return (end - start).total_seconds() / 60 if start and end else False

    def _read_group_select(self, aggregate_spec, query):
        """Averages leave out what was not answered: it is not "0 minutes"."""
        aggregate = super()._read_group_select(aggregate_spec, query)
        answered = {
            "acknowledge_minutes": "acknowledged_at",
            "act_minutes": "acted_at",
        }.get(aggregate_spec.split(":")[0])
        if not answered:
            return aggregate
        return SQL(
            "%s FILTER (WHERE %s IS NOT NULL)",
            aggregate,
            self._field_to_sql(self._table, answered, query),
        )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for intimation in self:
            intimation.is_mine = intimation.user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("user_id", "=" if True in value else "!=", self.env.uid)]

    @api.depends("case_id.intimation_ids.state")
    def _compute_colleague_has_it(self):
        taken = self.search(
            [
                ("case_id", "in", self.case_id.ids),
                ("state", "in", ("acknowledged", "acted")),
            ]
        )
        by_need = taken.grouped(lambda i: (i.case_id, i.discipline_id))
        nobody = self.browse()
        for intimation in self:
            need = (intimation.case_id, intimation.discipline_id)
            intimation.colleague_has_it = any(
                other.user_id != intimation.user_id
                # Who had finished before knows nothing of this.
                and not (other.state == "acted" and other.acted_at < intimation.sent_at)
                for other in by_need.get(need, nobody)
            )

    @api.depends("action_note", "close_note", "state")
    @api.depends_context("uid")
    def _compute_action_taken(self):
        """What a discipline wrote about its own work, for those to whom it is open.

        What a program gave as reason for cancelling says nothing of anybody.
        """
        own = self._case_itself()._memberships_of(self.env.user)
        for intimation in self:
            # Read here and passed on by the rule of its discipline.
            private = intimation.sudo()
            members = own.filtered(lambda m, p=private: m.case_id == p.case_id)
            scope = SCOPE_OF_DISCIPLINE.get(private.discipline_id.code)
            may_read = (
                self.env.su
                or private.user_id == self.env.user
                or any(
                    member._acts_for_discipline()
                    and member.discipline_id.code
                    in (private.discipline_id.code, "casework")
                    or scope in member._open_scopes()
                    for member in members
                )
            )
            intimation.action_taken = may_read and private.action_note
            may_know = (
                may_read
                or private.state == "cancelled"
                or any(member.basis == "supervision" for member in members)
            )
            intimation.close_reason = may_know and private.close_note
