from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

EVENTS = [
    ("incident", "Incident"),
    ("report", "Report of the case"),
    ("first_service", "First service"),
    ("exam_done", "Examination"),
    ("pep_given", "HIV prophylaxis given"),
    ("ec_given", "Emergency contraception given"),
    ("medical_follow_up", "Medical follow-up"),
    ("child_authority_told", "Child authority told"),
    ("complaint", "Complaint to the police"),
    ("fir_registered", "FIR registered"),
]
# What meets a clock besides the event itself: the first thing done for her may as well
# be an examination or a dose.
ALSO = {
    "medical_follow_up": ("medical_follow_up", "exam_done"),
    "first_service": (
        "first_service",
        "exam_done",
        "pep_given",
        "ec_given",
        "medical_follow_up",
    ),
}
# Fields without which a type would run on other clocks than those that began.
UNCHANGING_FIELDS = {"code", "each_time", "meet_event", "start_event"}


class OscClockType(models.Model):
    """A time limit: what starts it, what meets it, how long, and for whom.

    Limits of medicine, of law and of policy alike, each with its source. A limit that
    has passed never means that an examination or a service is refused.
    """

    _name = "osc.clock.type"
    _description = "Time limit"
    _inherit = "osc.case.condition"
    _order = "sequence, limit_hours, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    start_event = fields.Selection(
        selection=EVENTS, string="Starts at", required=True, default="report"
    )
    meet_event = fields.Selection(selection=EVENTS, string="Met by", required=True)
    limit_hours = fields.Float(
        string="Limit (hours)",
        required=True,
        aggregator=None,
        help="Elapsed hours. Clocks that run already keep the limit with which they "
        "began.",
    )
    warn_hours = fields.Float(
        string="Warn before (hours)",
        aggregator=None,
        help="So long before the limit the representatives of the discipline are "
        "warned. 0: only the manager is told, after it passed.",
    )
    meet_after_hours = fields.Float(
        string="Met from (hours)",
        aggregator=None,
        help="What comes earlier after the start doesn't meet it: a visit on the next "
        "day isn't the visit after three months.",
    )
    each_time = fields.Boolean(
        help="Each such event starts a clock of its own, not only the first one."
    )
    incident_type_ids = fields.Many2many(
        comodel_name="osc.incident.type",
        string="Types of incident",
        help="Incidents that start it; for other events: cases with such an incident. "
        "Empty: all.",
    )
    domain = fields.Char(help="Facts of the case that are needed besides.")
    sex = fields.Selection(
        selection=[("female", "Female"), ("male", "Male")],
        string="Only for",
        help="Also runs where her sex isn't noted.",
    )
    only_minors = fields.Boolean(
        help="Only where she was known to be a minor at the start, by the policy of "
        "the center."
    )
    age_from = fields.Integer(
        help="Completed years at the start. Where her age isn't known it runs: an "
        "alert too many is better than one that is lost.",
    )
    age_to = fields.Integer(help="Completed years at the start. 0: no end.")
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline",
        string="Responsible",
        required=True,
        ondelete="restrict",
    )
    country_id = fields.Many2one(
        comodel_name="res.country", help="Empty: in all countries."
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=', country_id)]",
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        ondelete="cascade",
        help="A limit that one center has set for itself. Empty: at all centers.",
    )
    basis = fields.Selection(
        selection=[
            ("medical", "Medicine"),
            ("law", "Law"),
            ("policy", "Target of policy"),
        ],
        required=True,
        default="policy",
    )
    source = fields.Text(
        string="Source and notes", help="Where the limit comes from, what is uncertain."
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a time limit with this code."
    )
    _hours_positive = models.Constraint(
        "CHECK(limit_hours > 0 AND warn_hours >= 0 AND warn_hours <= limit_hours "
        "AND meet_after_hours >= 0 AND meet_after_hours < limit_hours)",
        "A limit is more than 0 hours, and the warning comes before it.",
    )
    _ages_in_order = models.Constraint(
        "CHECK(age_from >= 0 AND (age_to = 0 OR age_to >= age_from))",
        "The ages are the wrong way round.",
    )

    def write(self, vals):
        if UNCHANGING_FIELDS & set(vals) and not self.env.su:
            self._check_not_begun()
        result = super().write(vals)
        if "center_id" in vals:
            # Rules were checked where it comes from; they hold where it goes, too.
            self.check_access("write")
        return result

    def _check_not_begun(self):
        """:raise UserError: cases have clocks of this type"""
        # Whoever changes limits may not see the cases.
        clocks = self.env["osc.clock"].sudo()
        if clocks.search_count([("type_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Cases have clocks of this limit: archive it and make a new one."
                )
            )

    # ------------------------------------------------------------------
    # Which clocks a case has
    # ------------------------------------------------------------------
    @api.model
    def _at(self, center):
        """Limits that hold at a center."""
        return self.search(
            [
                ("country_id", "in", [False, center.country_id.id]),
                ("state_id", "in", [False, center.state_id.id]),
                ("center_id", "in", [False, center.id]),
            ]
        )

    def _starts(self, case, events):
        """Events that start a clock of this type in a case.

        :param case: ``osc.case`` record, as superuser
        :param list events: see ``osc.case._clock_events``
        :return: those of the events
        """
        self.ensure_one()
        types = self.incident_type_ids
        by_incident = self.start_event == "incident"
        if types and not by_incident and not types & case.incident_ids.type_id:
            return []
        starts = [
            event
            for event in events
            if event.name == self.start_event
            and (not types or not by_incident or event.source.type_id in types)
            and self._fits(case, event.moment)
        ]
        if not starts or not self._applies_to(case):
            return []
        return starts if self.each_time else starts[:1]

    def _fits(self, case, moment):
        """Whether age and sex, as far as they are known, are those of this limit."""
        survivor = case.survivor_id
        if self.sex and survivor.sex in ("female", "male") and survivor.sex != self.sex:
            return False
        day = case.center_id._local_day(moment)
        if self.only_minors and not survivor._is_minor_at(case.center_id, day):
            return False
        age = survivor._age_on(day)
        return age is None or (
            self.age_from <= age and (not self.age_to or age <= self.age_to)
        )

    def _met_at(self, started_at, events):
        """When the first event came that meets a clock, or ``False``."""
        self.ensure_one()
        earliest = started_at + timedelta(hours=self.meet_after_hours)
        names = ALSO.get(self.meet_event, (self.meet_event,))
        return next(
            (
                event.moment
                for event in events
                if event.name in names
                and event.moment >= earliest
                and (event.name != self.start_event or event.moment > started_at)
            ),
            False,
        )

    def _start_key(self, source):
        """What tells the clocks of a case apart.

        :param source: incident or event from which one counts, may be empty
        """
        self.ensure_one()
        return (self.id, source._name, source.id) if self.each_time else self.id

    def _clock_vals(self, start, events):
        """What a clock takes over from the events, see ``osc.case._clock_events``."""
        source = start.source
        return {
            "started_at": start.moment,
            "met_at": self._met_at(start.moment, events),
            "incident_id": source.id if source._name == "osc.incident" else False,
            "event_id": source.id if source._name == "osc.clock.event" else False,
        }
