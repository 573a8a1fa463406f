from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class OscConsent(models.Model):
    """She agreed that one thing is open to one discipline or agency, until when.

    Withdrawing closes it in the same transaction. One record for each thing and each
    receiver, as the guidelines want it (domain.md § 9, release consent): agreeing to
    one never agrees to another.
    """

    _name = "osc.consent"
    _description = "Consent"
    _inherit = "osc.ground"

    _ended_field = "withdrawn_at"
    _scope_link = "consent_id"

    scope = fields.Selection(
        selection_add=[("statistics", "Statistics")],
        ondelete={"statistics": "cascade"},
    )
    given_by = fields.Selection(
        selection=[("survivor", "Herself"), ("guardian", "Her guardian")],
        required=True,
        default="survivor",
    )
    guardian_id = fields.Many2one(
        comodel_name="osc.guardian",
        domain="[('case_id', '=', case_id)]",
        ondelete="restrict",
    )
    child_agrees = fields.Boolean(
        string="The child agrees",
        help="When a guardian consents: the child was asked and is willing.",
    )
    given_at = fields.Datetime(required=True, default=fields.Datetime.now)
    how = fields.Selection(
        selection=[
            ("spoken", "Spoken"),
            ("signed", "Signed form"),
            ("thumb", "Thumb print"),
        ],
        required=True,
        default="spoken",
    )
    document_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="osc_consent_document_rel",
        column1="consent_id",
        column2="attachment_id",
        string="Signed form",
        help="Photograph or scan of the form that she signed.",
    )
    withdrawn_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("withdrawn_at")
    def _compute_is_valid(self):
        return super()._compute_is_valid()

    @api.model
    def _later_fields(self):
        return {"document_ids"}

    def _kind(self):
        return "consent"

    # ------------------------------------------------------------------
    # Who may consent
    # ------------------------------------------------------------------
    @api.constrains("discipline_id", "agency_id", "scope")
    def _check_to_whom(self):
        """Statistics are for nobody in particular."""
        for_all = self.filtered(lambda consent: consent.scope == "statistics")
        for consent in for_all:
            if consent.discipline_id or consent.agency_id:
                raise ValidationError(
                    self.env._("Consent to statistics isn't for a single receiver.")
                )
        return super(OscConsent, self - for_all)._check_to_whom()

    @api.constrains("given_at")
    def _check_given_at(self):
        for consent in self:
            if consent.given_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._("Consent can't have been given in the future.")
                )

    @api.constrains("given_by", "guardian_id", "case_id")
    def _check_giver(self):
        """A small child's guardian consents, but never one who is accused."""
        for consent in self:
            # Who the guardians are may be hidden from whoever records it.
            guardians = consent._case_itself().guardian_ids
            if consent.given_by == "survivor":
                consent._check_old_enough()
            elif consent.guardian_id and consent.guardian_id not in guardians:
                raise ValidationError(
                    self.env._("The guardian belongs to another case.")
                )
            # Who is accused may be hidden from whoever records it.
            elif consent.sudo().guardian_id.is_accused:
                raise ValidationError(
                    self.env._(
                        "This guardian is accused and can't consent for her. Ask another "
                        "guardian, or have the child authority decide and record its "
                        "decision as a legal duty."
                    )
                )
            elif not consent.guardian_id and any(guardians.mapped("is_accused")):
                raise ValidationError(
                    self.env._(
                        "A guardian of hers is accused: say which guardian consents."
                    )
                )

    def _check_old_enough(self):
        """:raise ValidationError: under the age of consent of the policy"""
        self.ensure_one()
        if not self._is_old_enough():
            raise ValidationError(
                self.env._(
                    "She is too young to consent alone (under %s years): record the "
                    "consent of her guardian, or, when no guardian is safe, the decision "
                    "of the child authority as a legal duty.",
                    self._age_of_consent(),
                )
            )

    def _day_given(self):
        return self._case_itself().center_id._local_day(self.given_at)

    def _age_of_consent(self):
        """From which age she consented alone on that day, in years."""
        policy = self._case_itself().center_id._policy_on(self._day_given())
        return policy._limit("consent_age")

    def _is_old_enough(self):
        """Whether she was, as far as her age is known."""
        self.ensure_one()
        # Her age may be hidden from whoever records it, the limit isn't.
        age = self._case_itself().survivor_id._age_on(self._day_given())
        return age is None or age >= self._age_of_consent()

    def _ask_anew(self):
        """Her age was corrected: the case worker looks at what she agreed to alone.

        The task says so and not why: members who read it need not know her age.

        It stays as it was recorded until then: an age mistyped for a moment must not
        close a case to the doctor who treats her.
        """
        # Whoever corrects her age may not see what she agreed to.
        alone = self.sudo().filtered(
            lambda consent: consent.is_valid and consent.given_by == "survivor"
        )
        young = alone.filtered(lambda consent: not consent._is_old_enough())
        for case in young.case_id.filtered("case_worker_id"):
            case.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Look at her consents again"),
                user_id=case.case_worker_id.id,
            )

    # ------------------------------------------------------------------
    # Record and withdraw
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        consents = super().create(vals_list)
        consents._take_documents()
        return consents

    def write(self, vals):
        """:raise AccessError: a signed form would be taken away"""
        # Whoever adds a form need not be able to read the others.
        before = {consent: consent.sudo().document_ids for consent in self}
        result = super().write(vals)
        if "document_ids" in vals:
            self._take_documents()
            if not self.env.su and any(
                documents - consent.sudo().document_ids
                for consent, documents in before.items()
            ):
                raise AccessError(
                    self.env._("A signed form stays: it shows what she agreed to.")
                )
        return result

    def _take_documents(self):
        """What was uploaded before the consent was saved belongs to it."""
        for consent in self:
            # Whoever uploads a form need not be able to read it afterwards: it shows
            # her name.
            loose = consent.document_ids.sudo().filtered(
                lambda document: (
                    not document.res_id and document.create_uid == self.env.user
                )
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": consent.id})

    def _open_to(self, members):
        """Statistics open nothing to anybody."""
        opening = self.filtered(lambda consent: consent.scope != "statistics")
        return super(OscConsent, opening)._open_to(members)

    def action_withdraw(self):
        """She takes her consent back: what it opened closes now.

        It may have been recorded twice; she takes back all that says the same.

        :raise AccessError: the user doesn't work on the case
        :raise UserError: it was withdrawn before
        """
        (self | self._saying_the_same())._end()
        return True

    def _saying_the_same(self):
        """Valid consents of the same giver to the same thing and receiver."""
        same = ("scope", *self._receiver_fields())
        return self.case_id.consent_ids.filtered(
            lambda other: (
                other.is_valid
                and any(
                    other.case_id == consent.case_id
                    and all(other[name] == consent[name] for name in same)
                    and consent._is_of_giver_of(other)
                    for consent in self
                )
            )
        )

    def _is_of_giver_of(self, other):
        """Whether the same person gave both: any guardian when one isn't named."""
        guardians = self.guardian_id | other.guardian_id
        return self.given_by == other.given_by and len(guardians) < 2
