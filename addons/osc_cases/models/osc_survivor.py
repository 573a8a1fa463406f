from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.osc_base.fields import (
    BlindIndex,
    EncryptedChar,
    EncryptedText,
    SoundIndex,
)

MAXIMUM_AGE = 120


class OscSurvivor(models.Model):
    """A woman, girl or child who survived violence.

    Never a contact: every internal user can read contacts. Lists, links and messages
    show the code; only those with access to her identity read this record.
    """

    _name = "osc.survivor"
    _description = "Survivor"
    _inherit = [
        "osc.vault.mixin",
        "osc.age.mixin",
        "osc.survivor.access",
        "osc.survivor.match",
    ]
    _rec_name = "code"
    _order = "id desc"

    code = fields.Char(required=True, readonly=True, copy=False, default="/")
    full_name = EncryptedChar(
        search_as="name", token_field="full_name_token", open_if="identity_open"
    )
    full_name_token = BlindIndex("full_name")
    full_name_sounds = SoundIndex("full_name")
    national_id = EncryptedChar(
        string="National ID",
        search_as="identifier",
        token_field="national_id_token",
        open_if="identity_open",
    )
    national_id_token = BlindIndex("national_id")
    phone = EncryptedChar(
        search_as="phone", token_field="phone_token", open_if="contact_open"
    )
    phone_token = BlindIndex("phone")
    address = EncryptedText(open_if="contact_open")
    birth_date = fields.Date(copy=False)
    age_years = fields.Integer(
        string="Age",
        help="Completed years when it was noted down. Not needed with a birth date. "
        "0 with “estimated” unset: not known.",
    )
    age_estimated = fields.Boolean(
        string="Estimated", help="She or the worker guessed the age."
    )
    age_noted_on = fields.Date(
        compute="_compute_age_noted_on",
        store=True,
        readonly=False,
        help="The day on which the age was noted down; it grows from there.",
    )
    age_known = fields.Boolean(compute="_compute_age_known")
    sex = fields.Selection(
        selection=[
            ("female", "Female"),
            ("male", "Male"),
            ("other", "Other"),
        ],
        default="female",
    )
    is_minor = fields.Boolean(
        string="Minor",
        compute="_compute_is_minor",
        help="Under the adult age of the policy of her center. Not set when her age "
        "isn't known.",
    )
    language_id = fields.Many2one(comodel_name="res.lang")
    disability = fields.Selection(
        selection=[
            ("none", "None"),
            ("physical", "Physical"),
            ("mental", "Mental"),
            ("both", "Physical and mental"),
            ("unknown", "Not known"),
        ],
        default="unknown",
    )
    safe_contact_allowed = fields.Boolean(
        string="May be contacted",
        help="Ask again each time whether this is still safe.",
    )
    safe_contact_channel = fields.Selection(
        selection=[
            ("call", "Phone call"),
            ("sms", "SMS"),
            ("email", "E-mail"),
            ("person", "Through a person she trusts"),
        ],
        string="Safe way",
    )
    safe_contact_details = EncryptedChar(
        string="Safe number or person", open_if="contact_open"
    )
    safe_contact_hours = EncryptedChar(string="Safe hours", open_if="contact_open")
    safe_contact_notes = EncryptedText(
        open_if="contact_open",
        string="Safety notes",
        help="Who may answer, code phrase, whether a voicemail may be left.",
    )
    case_ids = fields.One2many(
        comodel_name="osc.case", inverse_name="survivor_id", string="Cases"
    )

    relation_ids = fields.One2many(
        comodel_name="osc.survivor.relation",
        inverse_name="survivor_id",
        string="Related survivors",
        copy=False,
    )

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
    _by_sound = models.Index("USING gin (full_name_sounds)")

    @api.model_create_multi
    def create(self, vals_list):
        missing = [vals for vals in vals_list if vals.get("code", "/") == "/"]
        # Case workers may not read sequences.
        sequence = self.env["ir.sequence"].sudo()
        for vals in missing:
            vals["code"] = sequence.next_by_code("osc.survivor")
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: not all of her is open to the user, or not for long"""
        self._check_may_keep()
        result = super().write(vals)
        if (self._age_fields() | {"sex"}) & set(vals):
            # Her cases may be at centers whose cases the user can't see.
            cases = self.sudo().case_ids
            cases._tell_again()
            cases.consent_ids._ask_anew()
        return result

    def _forget_without_case(self):
        """What was noted about her for a draft that is thrown away is not kept."""
        # Other cases of hers may be hidden from the user.
        self.sudo().filtered(lambda survivor: not survivor.case_ids).unlink()

    @api.model
    def _age_fields(self):
        """Fields on which it depends whether she is a minor."""
        return {"birth_date", "age_years", "age_estimated", "age_noted_on"}

    # ------------------------------------------------------------------
    # Age
    # ------------------------------------------------------------------
    @api.depends("age_years", "age_estimated")
    def _compute_age_noted_on(self):
        for survivor in self:
            known = survivor.age_years or survivor.age_estimated
            survivor.age_noted_on = known and fields.Date.today()

    @api.depends("birth_date", "age_years", "age_estimated")
    def _compute_age_known(self):
        for survivor in self:
            survivor.age_known = bool(
                survivor.birth_date or survivor.age_years or survivor.age_estimated
            )

    @api.constrains("birth_date", "age_years")
    def _check_age(self):
        for survivor in self:
            if not 0 <= survivor.age_years <= MAXIMUM_AGE:
                raise ValidationError(
                    self.env._(
                        "The age must be between 0 and %s years. Leave it empty when "
                        "it isn't known.",
                        MAXIMUM_AGE,
                    )
                )
            # Tomorrow in Greenwich has begun east of it.
            latest = fields.Date.today() + timedelta(days=1)
            if survivor.birth_date and survivor.birth_date > latest:
                raise ValidationError(
                    self.env._("The birth date can't be in the future.")
                )

    def _is_minor_at(self, center, day=None):
        """Whether she is under the adult age that holds at a center on a day.

        :param center: ``osc.center`` record
        :param date day: day in the center's time zone; empty means today
        """
        day = day or center._local_day()
        age = self._age_on(day)
        policy = center._policy_on(day)
        adult_age = policy.adult_age or policy._fields["adult_age"].default(policy)
        return age is not None and age < adult_age

    @api.depends(
        "birth_date", "age_years", "age_estimated", "age_noted_on", "case_ids.center_id"
    )
    def _compute_is_minor(self):
        own_center = self.env["osc.center"]._default_for_user()
        for survivor in self:
            center = survivor.case_ids[:1].center_id or own_center
            survivor.is_minor = bool(center) and survivor._is_minor_at(center)
