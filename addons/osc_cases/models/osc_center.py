import base64
from datetime import date

from reportlab.graphics.barcode import createBarcodeDrawing
from stdnum import damm

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .osc_case_reporting import OPEN_STATES


class OscCenter(models.Model):
    """Adds the numbering of cases, what waits at a center, and feedback on it."""

    _inherit = "osc.center"

    case_sequence_id = fields.Many2one(
        comodel_name="ir.sequence", copy=False, readonly=True, ondelete="restrict"
    )
    open_case_count = fields.Integer(
        string="Open cases", compute="_compute_case_counts"
    )
    gap_case_count = fields.Integer(
        string="Cases with a gap", compute="_compute_case_counts"
    )
    waiting_intimation_count = fields.Integer(
        string="Waiting intimations",
        compute="_compute_case_counts",
        help="Intimations that nobody has acknowledged yet.",
    )

    feedback_survey_ids = fields.One2many(
        comodel_name="survey.survey",
        inverse_name="osc_center_id",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    feedback_url = fields.Char(
        string="Feedback link",
        compute="_compute_feedback_url",
        compute_sudo=True,
        help="Anonymous, without a login. Never send it to a phone that isn't safe.",
    )

    @api.depends_context("uid")
    def _compute_case_counts(self):
        here = Domain("center_id", "in", self.ids) & Domain(
            "state", "in", ("reported", "active")
        )
        Case = self.env["osc.case"]
        if not Case.has_access("read"):
            open_cases = gaps = waiting = {}
        else:
            open_cases = dict(Case._read_group(here, ["center_id"], ["__count"]))
            gaps = dict(
                Case._read_group(
                    here & Domain("gap_discipline_ids", "!=", False),
                    ["center_id"],
                    ["__count"],
                )
            )
            waiting = dict(
                self.env["osc.intimation"]._read_group(
                    Domain("center_id", "in", self.ids) & Domain("state", "=", "sent"),
                    ["center_id"],
                    ["__count"],
                )
            )
        for center in self:
            center.open_case_count = open_cases.get(center, 0)
            center.gap_case_count = gaps.get(center, 0)
            center.waiting_intimation_count = waiting.get(center, 0)

    @api.model_create_multi
    def create(self, vals_list):
        centers = super().create(vals_list)
        centers._ensure_case_sequence()
        return centers

    def write(self, vals):
        if not vals.get("active", True) or vals.get("state") == "closed":
            self._check_no_open_cases()
        former = {center: (center.manager_id, center.coordinator_id) for center in self}
        result = super().write(vals)
        for center, (manager, coordinator) in former.items():
            center._hand_over_supervision(manager)
            center._hand_over_intimations(2, manager, center.manager_id)
            center._hand_over_intimations(3, coordinator, center.coordinator_id)
        return result

    def _check_no_open_cases(self):
        """:raise UserError: somebody would be forgotten in a center that is closed"""
        # The administrator who closes a center sees no case.
        counts = (
            self.env["osc.case"]
            .sudo()
            ._read_group(
                Domain("center_id", "in", self.ids)
                & Domain("state", "in", OPEN_STATES),
                ["center_id"],
                ["__count"],
            )
        )
        if counts:
            center, count = counts[0]
            raise UserError(
                self.env._(
                    "Open cases of %(center)s: %(count)s. Their case workers close them "
                    "first, or the women would be forgotten.",
                    center=center.name,
                    count=count,
                )
            )

    def _hand_over_supervision(self, former):
        """The new manager supervises the open cases, the former one no longer does."""
        self.ensure_one()
        if former == self.manager_id:
            return
        # The administrator who appoints a manager sees no case.
        cases = (
            self.env["osc.case"]
            .sudo()
            .search([("center_id", "=", self.id), ("state", "!=", "draft")])
        )
        cases.member_ids.filtered(
            lambda member: member.basis == "supervision" and member.user_id == former
        )._revoke()
        cases._grant_supervision()

    def _hand_over_intimations(self, level, former, new):
        """What waits for who answered for the center goes to who does now.

        The former manager must not open cases any more, and the new one must know.

        :param int level: 2 manager, 3 coordinator
        """
        self.ensure_one()
        if former == new or not former:
            return
        # What waits for others, whoever changes who answers.
        waiting = (
            self.env["osc.intimation"]
            .sudo()
            .search(
                Domain("center_id", "=", self.id)
                & Domain("user_id", "=", former.id)
                & Domain("representative_id", "=", False)
                & Domain("state", "in", ("sent", "acknowledged"))
            )
        )
        for case, intimations in waiting.grouped("case_id").items():
            intimations._cancel(self.env._("Somebody else answers for the center now"))
            if user := case._supervisor(level):
                intimations._send(
                    [
                        case._intimation_vals(
                            user,
                            intimation.discipline_id,
                            intimation.urgency,
                            rule=intimation.rule_id,
                            level=level,
                        )
                        for intimation in intimations
                    ]
                )
            else:
                case._resume(intimations)

    # ------------------------------------------------------------------
    # Case codes
    # ------------------------------------------------------------------
    def _ensure_case_sequence(self):
        """Give centers their own numbering, with this and the next year begun.

        A year is begun ahead so that two reports in the first second of January
        don't both try to begin it.
        """
        # Numbering is part of the machinery; whoever creates a center may not touch
        # sequences otherwise.
        for center in self.sudo():
            if not center.case_sequence_id:
                center.case_sequence_id = (
                    self.env["ir.sequence"]
                    .sudo()
                    .create(
                        {
                            "name": f"Cases of center {center.code}",
                            "code": "osc.case",
                            "implementation": "standard",
                            "padding": 6,
                            "use_date_range": True,
                            "company_id": center.company_id.id,
                        }
                    )
                )
            today = center._local_day()
            for year in (today.year, today.year + 1):
                center._numbering_of(date(year, 1, 1))

    def _numbering_of(self, day):
        """The numbers of the year of a day; begun if they weren't.

        :param date day: day in the center's time zone
        :return: ``ir.sequence.date_range`` record, as superuser
        """
        self.ensure_one()
        # Sequences aren't readable for people who report.
        sequence = self.sudo().case_sequence_id
        numbering = sequence.date_range_ids.search(
            [
                ("sequence_id", "=", sequence.id),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
            ],
            limit=1,
        )
        if numbering:
            return numbering
        # Two who begin the same year at the same time: the second one is refused
        # because the row changed, repeats, and finds the year begun.
        self.env.cr.execute(
            "UPDATE ir_sequence SET id = id WHERE id = %s",
            [sequence.id],
            log_exceptions=False,
        )
        return sequence._create_date_range_seq(day)

    def _next_case_code(self, moment):
        """Draw the next case code, see ``_next_case_codes``."""
        return self._next_case_codes([moment])[0]

    def _next_case_codes(self, moments):
        """Draw case codes, such as ``LHR-2026-000042-7``.

        Numbers are drawn when a case is reported, so drafts leave no gaps. The last
        digit is Damm's check digit over center, year and number (letters count as
        two digits, A = 10 … Z = 35): it finds every wrong digit and every swapped
        pair when a code is read out on the phone.

        :param list moments: when each case is reported, naive UTC; the year is that
            of the center's time zone
        """
        self.ensure_one()
        digits = "".join(str(int(character, 36)) for character in self.code)
        numberings, codes = {}, []
        for day in map(self._local_day, moments):
            if day.year not in numberings:
                numberings[day.year] = self._numbering_of(day)
            number = numberings[day.year]._next()
            check = damm.calc_check_digit(f"{digits}{day.year}{number}")
            codes.append(f"{self.code}-{day.year}-{number}-{check}")
        return codes

    @api.model
    def _cron_begin_next_year(self):
        """Once a week: begin the numbering of the year that follows."""
        self.search([("state", "!=", "closed")])._ensure_case_sequence()

    # ------------------------------------------------------------------
    # Anonymous feedback
    # ------------------------------------------------------------------
    @api.depends("feedback_survey_ids.access_token", "feedback_survey_ids.active")
    def _compute_feedback_url(self):
        for center in self:
            survey = center.feedback_survey_ids[:1]
            center.feedback_url = (
                f"{center.get_base_url()}{survey.get_start_url()}" if survey else False
            )

    def action_print_feedback_cards(self):
        """A sheet of cards with the link; the first time, the link is made.

        :raise AccessError: the user doesn't run the center
        """
        self.ensure_one()
        self.check_access("write")
        if not self.feedback_url:
            self._make_feedback_survey()
        self._translate_feedback_survey()
        return self.env.ref("osc_cases.osc_center_report_feedback").report_action(self)

    def _make_feedback_survey(self):
        """The center's own copy of the questions, so that its link says nothing."""
        # Who runs a center need not be able to make surveys.
        template = self.env.ref("osc_cases.survey_feedback").sudo()
        survey = template.copy({"access_mode": "public", "osc_center_id": self.id})
        # Copying adds a word to the title.
        survey.title = template.title

    def _translate_feedback_survey(self):
        """Languages that were activated since it was made can be chosen, too."""
        # Who runs a center need not be able to make surveys. Languages are told apart
        # by English, in which all is written.
        template = self.env.ref("osc_cases.survey_feedback").sudo()
        template = template.with_context(lang="en_US")
        for survey in self.sudo().with_context(lang="en_US").feedback_survey_ids:
            asked, known = survey.question_ids, template.question_ids
            if asked.mapped("title") == known.mapped("title"):
                template.copy_translations(survey)

    def _feedback_qr(self):
        """The link as a picture for the cards, as a data URI."""
        drawing = createBarcodeDrawing(
            "QR", value=self.feedback_url, width=300, height=300
        )
        picture = base64.b64encode(drawing.asString("svg").encode()).decode()
        return f"data:image/svg+xml;base64,{picture}"
