from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText

# What she is asked, each by itself (domain.md § 7, consent splits).
CONSENTS = (
    "consent_exam",
    "consent_samples",
    "consent_photographs",
    "consent_toxicology",
    "consent_police",
    "consent_database",
)
ANSWERS = [("yes", "Agrees"), ("no", "Declines"), ("withdrawn", "Withdrew")]
# What may be written when the exam is finished: its report must stay as it was.
LATER_FIELDS = {"addendum", "offer_ids", *CONSENTS}


class OscMedicalExam(models.Model):
    """A medical or medico-legal exam: only of what she agreed to, step by step."""

    _name = "osc.medical.exam"
    _description = "Medical exam"
    _inherit = "osc.clinical.content"
    _order = "started_at desc, id desc"

    _content_scope = "medical"

    center_country_id = fields.Many2one(related="case_id.center_id.country_id")
    number = fields.Integer(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("open", "In progress"),
            ("done", "Finished"),
            ("declined", "Declined by her"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    started_at = fields.Datetime(
        string="Began",
        required=True,
        default=fields.Datetime.now,
        help="The exact time: the medico-legal report must state it.",
    )
    ended_at = fields.Datetime(string="Ended", copy=False)
    requested_by = fields.Selection(
        selection=[
            ("survivor", "Herself"),
            ("police", "Police"),
            ("court", "Court"),
            ("other", "Somebody else"),
        ],
        string="Asked for by",
        help="Who asked for the exam. Treatment needs no request by the police.",
    )
    docket = EncryptedChar(
        string="Docket or requisition", help="Number and police station, if any."
    )
    mlc_number = EncryptedChar(string="Medico-legal number")
    brought_by = EncryptedChar(
        string="Brought by", help="Who came with her: name and relation."
    )
    present = EncryptedChar(
        string="Also in the room", help="Who was there besides her and the examiner."
    )
    examiner_wish = fields.Selection(
        selection=[("female", "A woman"), ("male", "A man"), ("any", "No preference")],
        string="Wants to be examined by",
    )
    marks = EncryptedText(string="Marks of identification")
    history = EncryptedText(
        string="What the exam needs to know",
        help="Facts that decide what is examined and treated. Her account is in her "
        "statement: don't ask her to tell it again.",
    )
    mental_condition = EncryptedText(string="Mental condition")
    general_condition = EncryptedText(string="General condition")
    dna_material = EncryptedText(string="Material taken for DNA")
    particulars = EncryptedText(string="Other particulars")
    conclusion = EncryptedText()
    reasons = EncryptedText(string="Reasons for the conclusion")
    consistency_id = fields.Many2one(
        comodel_name="osc.injury.consistency",
        string="Findings and account",
        ondelete="restrict",
        help="How well what was found goes with what she told.",
    )
    addendum = EncryptedText(help="What is added after the exam was finished.")

    consent_exam = fields.Selection(selection=ANSWERS, string="Exam")
    consent_samples = fields.Selection(selection=ANSWERS, string="Samples")
    consent_photographs = fields.Selection(selection=ANSWERS, string="Photographs")
    consent_toxicology = fields.Selection(selection=ANSWERS, string="Toxicology")
    consent_police = fields.Selection(selection=ANSWERS, string="Release to police")
    consent_database = fields.Selection(selection=ANSWERS, string="DNA database")
    withdrawn_at = fields.Datetime(
        string="Last withdrawal", readonly=True, copy=False, help="Of any of these."
    )

    finding_ids = fields.One2many(
        comodel_name="osc.medical.finding", inverse_name="exam_id", string="Findings"
    )
    offer_ids = fields.One2many(
        comodel_name="osc.medical.offer", inverse_name="exam_id", string="Treatment"
    )
    evidence_ids = fields.One2many(
        comodel_name="osc.evidence", inverse_name="exam_id", string="Evidence taken"
    )

    _number_unique = models.UniqueIndex("(case_id, number)")
    _ended_after_start = models.Constraint(
        "CHECK(ended_at >= started_at)", "The exam can't end before it begins."
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("case_id.display_name", "number")
    def _compute_display_name(self):
        for exam in self:
            exam.display_name = self.env._(
                "%(case)s · Exam %(number)s",
                case=exam.case_id.display_name or "",
                number=exam.number or self.env._("(new)"),
            )

    @api.constrains("started_at", "ended_at")
    def _check_times(self):
        now = fields.Datetime.now()
        for exam in self:
            if max(exam.started_at, exam.ended_at or exam.started_at) > now:
                raise ValidationError(self.env._("That time is in the future."))

    # ------------------------------------------------------------------
    # Consent
    # ------------------------------------------------------------------
    def _require_consent(self, name):
        """What she has not agreed to is neither done nor recorded.

        :param str name: one of CONSENTS
        :raise UserError: she has not agreed, or has withdrawn
        """
        for exam in self:
            if exam[name] == "yes":
                continue
            what = self._fields[name]._description_string(self.env)
            if exam[name]:
                raise UserError(
                    self.env._("She declined: %s. It can't be recorded.", what)
                )
            raise UserError(
                self.env._("Ask her first, and note what she answers: %s.", what)
            )

    def _check_answers(self, vals):
        """:raise UserError: an answer would hide one that she gave before"""
        for exam in self:
            for name in set(CONSENTS) & set(vals):
                before, after = exam[name], vals[name]
                if before == after:
                    continue
                if before in ("yes", "withdrawn") and after in (False, "no"):
                    raise UserError(
                        self.env._(
                            "She agreed before. If she takes it back, choose “Withdrew”: "
                            "what was done until then stays known."
                        )
                    )
                if after == "withdrawn" and before != "yes":
                    raise UserError(
                        self.env._("She can only withdraw what she agreed to.")
                    )
                if exam.state != "open" and after == "yes":
                    raise UserError(
                        self.env._("The exam is finished. Open a new one for her.")
                    )

    # ------------------------------------------------------------------
    # Create and change
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if any(vals.get(name) == "withdrawn" for name in CONSENTS):
                raise UserError(self.env._("She can only withdraw what she agreed to."))
            if not self.env.su:
                vals.update(author_id=self.env.uid, state="open", withdrawn_at=False)
        self._next_number(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if {"state", "number", "author_id", "case_id", "withdrawn_at"} & set(vals):
                raise AccessError(
                    self.env._("Use Finish: the state of an exam isn't written.")
                )
            if set(vals) - LATER_FIELDS:
                self._check_open()
        self._check_answers(vals)
        if "withdrawn" in {vals.get(name) for name in CONSENTS}:
            vals = {**vals, "withdrawn_at": fields.Datetime.now()}
            return super().write(vals)
        return super().write(vals)

    def _check_open(self):
        """:raise UserError: the exam is finished"""
        if any(exam.state != "open" for exam in self):
            raise UserError(
                self.env._(
                    "The exam is finished and stays as it was. Write what is new into "
                    "the addendum."
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_finish(self):
        """End the exam; from now on its report stays as it is.

        :raise UserError: it is finished already, or nobody asked her
        """
        self.check_access("write")
        self._check_open()
        for exam in self:
            if not exam.consent_exam:
                exam._require_consent("consent_exam")
            ended = exam.ended_at or fields.Datetime.now()
            done = exam.consent_exam == "yes" or bool(exam.finding_ids)
            # The state is only written here.
            exam.sudo().write(
                {"ended_at": ended, "state": "done" if done else "declined"}
            )
            if done:
                exam.case_id._clock_event("exam_done", ended, source=exam)
        return True

    def action_offer_usual(self):
        """List everything that is usually offered, so that nothing is forgotten."""
        self.ensure_one()
        self.check_access("write")
        treatments = self.env["osc.medical.treatment"].search([("usual", "=", True)])
        missing = treatments - self.offer_ids.treatment_id
        self.env["osc.medical.offer"].create(
            [
                {
                    "case_id": self.case_id.id,
                    "exam_id": self.id,
                    "discipline_id": self.discipline_id.id,
                    "treatment_id": treatment.id,
                }
                for treatment in missing
            ]
        )
        return True

    def action_open_evidence(self):
        """What was taken as evidence in this exam."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_cases.osc_evidence_action"
        )
        return dict(
            action,
            domain=[("exam_id", "=", self.id)],
            context={"default_case_id": self.case_id.id, "default_exam_id": self.id},
            display_name=self.display_name,
        )

    @api.private
    def printable_evidence(self):
        """Evidence of the exam that is open to whoever prints its report."""
        return self.evidence_ids._filtered_access("read")
