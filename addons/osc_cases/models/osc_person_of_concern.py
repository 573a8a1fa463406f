from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import (
    BlindIndex,
    EncryptedChar,
    EncryptedText,
    SoundIndex,
)

DISCIPLINES = ("police", "legal", "casework")


class OscPersonOfConcern(models.Model):
    """Somebody whom she accuses, as far as she says who it is.

    Who he is says who she is, so this record shows a number to all but those who act
    for police, law and casework, or to whom she opens the legal record.
    """

    _name = "osc.person.of.concern"
    _description = "Person of concern"
    _inherit = [
        "osc.case.content",
        "osc.vault.mixin",
        "osc.person.match",
        "osc.person.conflict",
    ]
    _order = "case_id desc, number, id"

    _content_scope = "legal"
    _reading_disciplines = DISCIPLINES
    _writing_disciplines = DISCIPLINES

    discipline_id = fields.Many2one(
        string="Recorded by",
        domain=[("code", "in", DISCIPLINES)],
        default=lambda self: self._default_discipline(),
    )
    number = fields.Integer(readonly=True, copy=False, aggregator=None)
    full_name = EncryptedChar(search_as="name", token_field="full_name_token")
    full_name_token = BlindIndex("full_name")
    full_name_sounds = SoundIndex("full_name")
    father_name = EncryptedChar(string="Father's name", search_as="name")
    father_name_sounds = SoundIndex("father_name")
    national_id = EncryptedChar(
        string="National ID", search_as="identifier", token_field="national_id_token"
    )
    national_id_token = BlindIndex("national_id")
    phone = EncryptedChar(search_as="phone", token_field="phone_token")
    phone_token = BlindIndex("phone")
    address = EncryptedText()
    workplace = EncryptedChar()
    remark = EncryptedText(
        string="What else is known", help="Looks, vehicle, whereabouts, threats."
    )
    sex = fields.Selection(
        selection=[("male", "Male"), ("female", "Female"), ("other", "Other")]
    )
    age_band = fields.Selection(
        selection=[
            ("0_11", "0–11"),
            ("12_17", "12–17"),
            ("18_25", "18–25"),
            ("26_40", "26–40"),
            ("41_60", "41–60"),
            ("61", "61 and over"),
            ("unknown", "Not known"),
        ],
        string="Age",
    )
    relation_id = fields.Many2one(
        comodel_name="osc.person.relation",
        string="Relation to her",
        ondelete="restrict",
    )
    role = fields.Selection(
        selection=[("primary", "Primary"), ("secondary", "Secondary")]
    )
    prior_violence = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        string="Violent before",
    )
    is_staff = fields.Boolean(
        string="Works at a center or agency",
        help="Then somebody has to be excluded from the case, under Who may open it.",
    )
    is_police = fields.Boolean(string="Police officer")
    is_armed = fields.Boolean(string="Has a weapon")
    knows_where_she_is = fields.Boolean(string="Knows where she is now")
    threatens = fields.Boolean(string="Threatens her or others")
    incident_ids = fields.Many2many(
        comodel_name="osc.incident",
        relation="osc_incident_alleged_rel",
        column1="person_id",
        column2="incident_id",
        string="In which incidents",
        domain="[('case_id', '=', case_id)]",
    )

    _number_unique = models.Constraint(
        "UNIQUE(case_id, number)", "This number is taken in the case."
    )
    _by_sound = models.Index("USING gin (full_name_sounds)")

    @api.depends("case_id.display_name", "number")
    def _compute_display_name(self):
        for person in self:
            person.display_name = self.env._(
                "%(case)s · Person %(number)s",
                case=person.case_id.display_name,
                number=person.number,
            )

    @api.constrains("discipline_id")
    def _check_discipline(self):
        for person in self:
            if person.discipline_id.code not in DISCIPLINES:
                raise ValidationError(
                    self.env._(
                        "Persons of concern are recorded by the case worker, the police "
                        "or a lawyer."
                    )
                )

    @api.constrains("incident_ids", "case_id")
    def _check_incidents(self):
        for person in self:
            # Incidents of another case are found, whoever may read them.
            if person.sudo().incident_ids.case_id - person.case_id:
                raise ValidationError(
                    self.env._("The incident belongs to another case.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        highest = self._highest_numbers(
            {vals.get("case_id", self._context_case()) for vals in vals_list}
        )
        numbered = []
        for vals in vals_list:
            case_id = vals.get("case_id", self._context_case())
            highest[case_id] = highest.get(case_id, 0) + 1
            numbered.append({**vals, "number": highest[case_id]})
        persons = super().create(numbered)
        persons._check_conflicts()
        return persons

    @api.model
    def _context_case(self):
        return self.env.context.get("default_case_id", False)

    @api.model
    def _highest_numbers(self, case_ids):
        """The last number given in each case."""
        # Records of others count, too.
        rows = self.sudo()._read_group(
            Domain("case_id", "in", case_ids), ["case_id"], ["number:max"]
        )
        return {case.id: number for case, number in rows}

    def write(self, vals):
        result = super().write(vals)
        if {"full_name", "national_id", "phone"} & set(vals):
            self._check_conflicts()
        return result
