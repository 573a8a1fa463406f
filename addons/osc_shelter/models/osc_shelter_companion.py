from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.osc_base.fields import EncryptedChar

MAXIMUM_AGE = 120


class OscShelterCompanion(models.Model):
    """A child who stays with her mother. Counts as a person, with a bed or in hers."""

    _name = "osc.shelter.companion"
    _description = "Child with her"
    _inherit = ["osc.shelter.part", "osc.age.mixin"]
    _order = "id"

    stay_id = fields.Many2one(string="Stay of the mother")
    number = fields.Integer(readonly=True, aggregator=None)
    full_name = EncryptedChar(
        string="Name",
        open_if="name_open",
        help="Shown to the shelter and to those who know who she is.",
    )
    name_open = fields.Boolean(
        compute="_compute_name_open", export_string_translation=False
    )
    sex = fields.Selection(
        selection=[("female", "Daughter"), ("male", "Son"), ("other", "Other")],
        required=True,
    )
    birth_date = fields.Date()
    age_years = fields.Integer(
        string="Age",
        aggregator=None,
        help="Completed years when it was noted. Not needed with a birth date.",
    )
    age_estimated = fields.Boolean(
        string="Estimated", help="The birth date isn't known; the age was guessed."
    )
    age_noted_on = fields.Date(
        compute="_compute_age_noted_on",
        store=True,
        readonly=False,
        help="The day on which the age was noted; it grows from there.",
    )
    age_note = EncryptedChar(
        string="How it was estimated",
        help="For example: she says two years after the flood; looks like nine.",
    )
    bed_id = fields.Many2one(
        comodel_name="osc.shelter.bed",
        index=True,
        ondelete="restrict",
        domain="[('shelter_id', '=', shelter_id), ('board_state', '=', 'free')]",
        help="Empty: sleeps in the mother's bed, as small children may.",
    )
    shares_bed = fields.Boolean(
        string="In her bed", compute="_compute_shares_bed", store=True
    )
    left_at = fields.Datetime(string="Left", readonly=True, copy=False)
    admission = fields.Char(
        compute="_compute_admission",
        help="What the policy that holds today says.",
    )

    _age_sensible = models.Constraint(
        f"CHECK(age_years IS NULL OR age_years BETWEEN 0 AND {MAXIMUM_AGE})",
        "Check the age.",
    )

    @api.depends("stay_id", "number")
    def _compute_display_name(self):
        for child in self:
            child.display_name = self.env._(
                "%(case)s · child %(number)s",
                case=child._case_itself().display_name or self.env._("New"),
                number=child.number or "",
            )

    @api.depends("stay_id")
    @api.depends_context("uid")
    def _compute_name_open(self):
        known = self.stay_id._open_to_user("identity")
        for child in self:
            child.name_open = child.stay_id in known

    # ------------------------------------------------------------------
    # Age
    # ------------------------------------------------------------------
    @api.depends("age_years", "age_estimated")
    def _compute_age_noted_on(self):
        for child in self:
            known = child.age_years or child.age_estimated
            child.age_noted_on = known and fields.Date.today()

    @api.constrains("birth_date", "age_years")
    def _check_age(self):
        # Tomorrow in Greenwich has begun east of it.
        latest = fields.Date.today() + timedelta(days=1)
        for child in self:
            if child.birth_date and child.birth_date > latest:
                raise ValidationError(
                    self.env._("The birth date can't be in the future.")
                )

    @api.constrains("age_estimated", "age_note")
    def _check_age_note(self):
        for child in self:
            if child.age_estimated and not (child.age_note or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write how the age was estimated, so that it can be checked."
                    )
                )

    def _age_text(self):
        """Age today, for a form on paper."""
        # The day at the center is no secret.
        age = self._age_on(self.sudo().stay_id.center_id._local_day())
        if age is None:
            return self.env._("not known")
        if self.age_estimated and not self.birth_date:
            return self.env._("about %s", age)
        return str(age)

    # ------------------------------------------------------------------
    # Admission
    # ------------------------------------------------------------------
    def _refusal(self, policy, day):
        """Why a policy doesn't admit this child on a day; empty when it does.

        :param policy: ``osc.policy``, may be empty
        :param date day: day at the center
        """
        self.ensure_one()
        if self.sex != "male":
            return ""
        age = self._age_on(day)
        limit = policy._limit("shelter_son_age")
        if age is None:
            return self.env._(
                "The age of a son has to be known or estimated: sons are admitted until "
                "their birthday of %(years)s years (%(policy)s). Enter the birth date, "
                "also of a baby, or estimate the age and write how.",
                years=limit + 1,
                policy=policy.name or self.env._("standard limit"),
            )
        if age <= limit:
            return ""
        return self.env._(
            "A son of %(age)s years can't be admitted: sons are admitted until their "
            "birthday of %(years)s years (%(policy)s). %(alternative)s",
            age=age,
            years=limit + 1,
            policy=policy.name or self.env._("standard limit"),
            alternative=policy._limit("shelter_son_alternative") or "",
        ).strip()

    @api.depends("sex", "birth_date", "age_years", "age_estimated", "stay_id.bed_id")
    def _compute_admission(self):
        for child in self:
            # The policy of the center, for whoever may admit.
            center = child.sudo().stay_id.bed_id.center_id
            if not center or child.left_at:
                child.admission = False
                continue
            day = center._local_day()
            refusal = child.sex and child._refusal(center._policy_on(day), day)
            child.admission = refusal or self.env._("Admitted")

    @api.depends("bed_id")
    def _compute_shares_bed(self):
        for child in self:
            child.shares_bed = not child.bed_id

    # ------------------------------------------------------------------
    # Create and change
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in ("left_at", "number")}
                for vals in vals_list
            ]
        children = super().create(vals_list)
        for stay, own in children.grouped("stay_id").items():
            if stay.state not in ("reserved", "in"):
                raise UserError(self.env._("This stay is over."))
            # The number is given here and by nobody else.
            taken = max((stay.companion_ids - own).mapped("number"), default=0)
            for number, child in enumerate(own, taken + 1):
                child.sudo().number = number
            stay._check_admission(own)
            stay._check_beds(own.bed_id)
            stay._take_beds(own)
        return children

    def write(self, vals):
        if "left_at" in vals and not self.env.su:
            raise AccessError(self.env._("Use Left."))
        moved = self.filtered(
            lambda child: "bed_id" in vals and child.bed_id.id != vals["bed_id"]
        )
        for child in moved:
            if child.left_at or child.stay_id.state not in ("reserved", "in"):
                raise UserError(
                    self.env._("%s isn't in the shelter.", child.display_name)
                )
        result = super().write(vals)
        if {"sex", "birth_date", "age_years", "age_estimated"} & set(vals):
            for child in self.filtered(lambda child: not child.left_at):
                child.stay_id._check_corrected(child)
        for child in moved:
            child.stay_id._check_sharing(child)
            child.stay_id._check_beds(child.bed_id)
            child.stay_id._move_person(child)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_admitted(self):
        if any(child.stay_id.state != "reserved" for child in self):
            raise UserError(
                self.env._("Who was in the shelter stays on record. Use Left.")
            )

    def action_leave(self):
        """The child goes before its mother.

        :raise UserError: it isn't in the shelter
        """
        self.check_access("write")
        for child in self:
            if child.stay_id.state != "in" or child.left_at:
                raise UserError(
                    self.env._("%s isn't in the shelter.", child.display_name)
                )
        now = fields.Datetime.now()
        # The time and the bed are written by methods only.
        self.sudo().write({"left_at": now})
        for child in self:
            child.stay_id._free_beds(child, now)
        return True
