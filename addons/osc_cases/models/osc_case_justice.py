from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

MEMBERS = "osc_base.group_representative"
# The records of each stat button, and the disciplines to which an empty one is shown.
RECORDS = {
    "proceeding": ("osc.legal.proceeding", ("police", "legal")),
    "counselling": ("osc.counselling.session", ("psychosocial",)),
    "wellbeing": ("osc.wellbeing.score", ("psychosocial",)),
    "person": ("osc.person.of.concern", ("police", "legal", "casework")),
}


class OscCaseJustice(models.AbstractModel):
    """Part of ``osc.case``: proceedings, counselling, money, the accused, conferences."""

    _name = "osc.case.justice"
    _description = "Proceedings, counselling, money and conferences of cases"

    proceeding_count = fields.Integer(
        string="Proceedings", compute="_compute_justice_counts", groups=MEMBERS
    )
    counselling_count = fields.Integer(
        string="Sessions", compute="_compute_justice_counts", groups=MEMBERS
    )
    wellbeing_count = fields.Integer(
        string="Scores", compute="_compute_justice_counts", groups=MEMBERS
    )
    person_count = fields.Integer(
        string="Persons of concern", compute="_compute_justice_counts", groups=MEMBERS
    )
    shows_proceedings = fields.Boolean(
        compute="_compute_justice_counts", groups=MEMBERS
    )
    shows_counselling = fields.Boolean(
        compute="_compute_justice_counts", groups=MEMBERS
    )
    shows_wellbeing = fields.Boolean(compute="_compute_justice_counts", groups=MEMBERS)
    shows_persons = fields.Boolean(compute="_compute_justice_counts", groups=MEMBERS)
    shows_aid = fields.Boolean(compute="_compute_justice_counts", groups=MEMBERS)
    aid_ids = fields.One2many(
        comodel_name="osc.financial.aid",
        inverse_name="case_id",
        string="Financial aid",
        copy=False,
        groups=MEMBERS,
    )
    conference_ids = fields.One2many(
        comodel_name="osc.case.conference",
        inverse_name="case_id",
        string="Conferences",
        copy=False,
        groups=MEMBERS,
    )
    staff_conflict_ids = fields.One2many(
        comodel_name="osc.staff.conflict",
        inverse_name="case_id",
        string="Possible conflicts",
        copy=False,
        groups=MEMBERS,
    )
    has_staff_conflict = fields.Boolean(
        compute="_compute_has_staff_conflict", groups=MEMBERS
    )

    @api.depends_context("uid")
    def _compute_justice_counts(self):
        own = self._memberships_of(self.env.user)
        for topic, (model, codes) in RECORDS.items():
            # As the user: only what is open to them is counted.
            counts = dict(
                self.env[model]._read_group(
                    Domain("case_id", "in", self.ids), ["case_id"], ["__count"]
                )
                if self.env[model].has_access("read")
                else ()
            )
            acting = own.filtered(
                lambda member, codes=codes: (
                    member._acts_for_discipline() and member.discipline_id.code in codes
                )
            ).case_id
            plural = {"proceeding": "proceedings", "person": "persons"}
            for case in self:
                case[f"{topic}_count"] = counts.get(case, 0)
                case[f"shows_{plural.get(topic, topic)}"] = (
                    # Found as superuser above, compared by record.
                    case[f"{topic}_count"] > 0 or case.sudo() in acting
                )
        financial = own.filtered(
            lambda member: (
                member._acts_for_discipline()
                and member.discipline_id.code == "financial"
            )
        ).case_id
        for case in self:
            # As above.
            case.shows_aid = case.user_may_change or case.sudo() in financial

    @api.depends("staff_conflict_ids.state")
    @api.depends_context("uid")
    def _compute_has_staff_conflict(self):
        for case in self:
            case.has_staff_conflict = "proposed" in case.staff_conflict_ids.mapped(
                "state"
            )

    # ------------------------------------------------------------------
    # What others do to a case
    # ------------------------------------------------------------------
    def _become_at_least(self, urgency):
        """Make open cases at least that urgent; never less. Nobody learns why.

        :param str urgency: see the field
        """
        ranks = [value for value, _label in self._fields["urgency"].selection]
        for case in self:
            less = ranks.index(case.urgency) < ranks.index(urgency)
            if less and case.state != "closed":
                case.urgency = urgency
                case._note_step(self.env._("More urgent now"))

    # ------------------------------------------------------------------
    # Open
    # ------------------------------------------------------------------
    def action_open_proceedings(self):
        """Proceedings of this case that are open to the user."""
        return self._open_records("osc_cases.osc_legal_proceeding_action")

    def action_open_counselling(self):
        """Counselling sessions that are open to the user."""
        return self._open_records("osc_cases.osc_counselling_session_action")

    def action_open_wellbeing(self):
        """Wellbeing scores that are open to the user."""
        return self._open_records("osc_cases.osc_wellbeing_score_action")

    def action_open_persons(self):
        """The accused of this case, to whom they are open."""
        return self._open_records("osc_cases.osc_person_of_concern_action")

    def _open_records(self, xmlid):
        """The records of this case that the user may open.

        :raise AccessError: the user may not open the case
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={**literal_eval(action["context"]), "default_case_id": self.id},
            display_name=self.display_name,
        )
