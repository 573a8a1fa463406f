import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Letters and digits that are not taken for one another when read from paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 16


class RowsApart(Exception):
    """Some rows of a list are wrong: each is tried by itself, and told by itself."""


class HrEmployeeSkill(models.Model):
    """Adds where a certification comes from: a session or a passed quiz.

    Odoo lets everybody change their own skills. Record rules leave certifications of the
    centers to HR, or anybody could certify themselves.
    """

    _inherit = "hr.employee.skill"

    osc_registration_id = fields.Many2one(
        comodel_name="event.registration",
        string="Session",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    osc_user_input_id = fields.Many2one(
        comodel_name="survey.user_input",
        string="Quiz",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    osc_verification_code = fields.Char(
        string="Verification code",
        readonly=True,
        copy=False,
        help="On the printed certificate; who has it can ask whether the certificate is "
        "real, and learns nobody's name.",
    )

    _osc_verification_code_unique = models.UniqueIndex(
        "(osc_verification_code) WHERE osc_verification_code IS NOT NULL",
        "Another certificate has this code.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What follows from the course need not be given: lists have persons, courses
        and days."""
        skills = self.env["hr.skill"].browse(
            {vals["skill_id"] for vals in vals_list if vals.get("skill_id")}
        )
        courses = {skill.id: skill for skill in skills if skill.osc_is_course}
        if self.env.context.get("import_file"):
            vals_list = [
                self._osc_imported(vals) if vals.get("skill_id") in courses else vals
                for vals in vals_list
            ]
        return super().create(
            [
                {**courses[vals["skill_id"]]._osc_certification_vals(vals), **vals}
                if vals.get("skill_id") in courses
                else vals
                for vals in vals_list
            ]
        )

    @api.onchange("skill_id", "valid_from")
    def _onchange_osc_valid_to(self):
        """By hand, too, a certification holds for the time that the course says."""
        if self.skill_id.osc_is_course and self.valid_from:
            self.valid_to = self.skill_id._osc_valid_to(self.valid_from)

    @api.model
    def _osc_imported(self, vals):
        """Values of a row of a list: what was left empty there isn't "without end".

        :raise ValidationError: nobody knows from when it holds
        """
        if not vals.get("valid_from"):
            raise ValidationError(
                self.env._("Say from which first day the certification holds.")
            )
        if vals.get("valid_to"):
            return vals
        return {name: vals[name] for name in vals if name != "valid_to"}

    @api.model
    def load(self, fields, data):
        """Of two people with one name nobody is certified; Odoo would take the first,
        with a warning."""
        with self.env.cr.savepoint() as savepoint:
            result = super().load(fields, data)
            messages = result["messages"] = self._osc_of_rows(result["messages"])
            doubtful = [
                message
                for message in messages
                if message["type"] == "warning"
                and message.get("field") == "employee_id"
            ]
            for message in doubtful:
                message["type"] = "error"
            messages += self._osc_repeated(data, messages)
            if any(message["type"] == "error" for message in messages):
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                result["ids"] = False
        return result

    @api.model
    def _osc_of_rows(self, messages):
        """Messages, without what only follows from a wrong cell of the same row."""
        wrong = {one["rows"]["from"] for one in messages if one.get("field_name")}
        return [
            message
            for message in messages
            if message.get("field_name")
            or message.get("rows", {}).get("from") not in wrong
        ]

    @api.model
    def _osc_repeated(self, data, messages):
        """Errors for rows that are in a list twice, as far as they aren't told yet: a
        row that is wrong otherwise takes back those before it."""
        told = {message["rows"]["from"] for message in messages if "rows" in message}
        seen, repeated = set(), []
        for n, row in enumerate(data[: self.env.context.get("_import_limit")]):
            key = tuple(str(cell).strip().lower() for cell in row)
            if key in seen and n not in told:
                repeated.append(
                    {
                        "type": "error",
                        "message": self.env._("The same row is in the list already."),
                        "rows": {"from": n, "to": n},
                        "record": n,
                    }
                )
            seen.add(key)
        return repeated

    def _load_records(self, data_list, update=False):
        """Odoo would tell what is wrong with one row of many of the first row, too."""
        try:
            return super()._load_records(data_list, update)
        except UserError as error:
            if len(data_list) == 1:
                raise
            raise RowsApart from error

    @api.constrains(
        "employee_id",
        "skill_id",
        "skill_level_id",
        "skill_type_id",
        "valid_from",
        "valid_to",
    )
    def _check_not_overlapping_regular_skill(self):
        """The same certification for the same days is told in words; Odoo would show
        what the database holds."""
        courses = self.filtered(
            lambda held: held.skill_id.osc_is_course and held.is_certification
        )
        groups = self._read_group(
            [
                ("employee_id", "in", courses.employee_id.ids),
                ("skill_id", "in", courses.skill_id.ids),
            ],
            [
                "employee_id",
                "skill_id",
                "skill_level_id",
                "valid_from:day",
                "valid_to:day",
            ],
            ["id:recordset"],
            having=[("__count", ">", 1)],
        )
        for *_key, same in groups:
            if held := (same & courses)[:1]:
                raise ValidationError(held._osc_held_already())
        return super(
            HrEmployeeSkill, self - courses
        )._check_not_overlapping_regular_skill()

    def _osc_held_already(self):
        """That a certification is there already, in words."""
        self.ensure_one()
        values = {
            "employee": self.employee_id.name,
            "course": self.skill_id.name,
            "first": self.valid_from,
            "last": self.valid_to,
        }
        if self.valid_to:
            return self.env._(
                "%(employee)s has “%(course)s” from %(first)s to %(last)s already.",
                **values,
            )
        return self.env._(
            "%(employee)s has “%(course)s” from %(first)s without end already.",
            **values,
        )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for training records"),
                "template": "/osc_training/static/import/training_records.csv",
            }
        ]

    def write(self, vals):
        result = super().write(vals)
        if {"employee_id", "skill_id", "skill_type_id"} & set(vals):
            # Rules were checked for what it was; they hold for what it becomes, too.
            self.check_access("write")
        return result

    @api.model
    def _osc_grant(self, employee, skills, day, **source):
        """Certify somebody from a day on, each for the time that the course says.

        What is already there from the same day stays as it is, and what holds longer
        goes on holding: the last day counts.

        :param skills: courses
        :param date day: first day
        :param source: ``osc_registration_id`` or ``osc_user_input_id``
        """
        there = self.search(
            [
                ("employee_id", "=", employee.id),
                ("skill_id", "in", skills.ids),
                ("valid_from", "=", day),
            ]
        )
        vals_list = []
        for skill in skills:
            valid_to = skill._osc_valid_to(day)
            same = there.filtered(
                lambda held, skill=skill, valid_to=valid_to: (
                    held.skill_id == skill and held.valid_to == valid_to
                )
            )
            if not same:
                vals_list.append(
                    {
                        "employee_id": employee.id,
                        "skill_id": skill.id,
                        "valid_from": day,
                        "valid_to": valid_to,
                        **source,
                    }
                )
        return self.create(vals_list)

    # ------------------------------------------------------------------
    # Certificates
    # ------------------------------------------------------------------
    def _osc_code(self):
        """The verification code, in groups as it is printed; made the first time."""
        self.ensure_one()
        certificate = self.sudo()  # whoever may read the certificate may print it
        if not certificate.osc_verification_code:
            certificate.osc_verification_code = "".join(
                secrets.choice(ALPHABET) for _n in range(CODE_LENGTH)
            )
        code = certificate.osc_verification_code
        return "-".join(code[n : n + 4] for n in range(0, CODE_LENGTH, 4))

    @api.model
    def _osc_by_code(self, code):
        """The certificate with a code, typed in whatever way; or an empty recordset."""
        code = "".join(letter for letter in code.upper() if letter.isalnum())
        if len(code) != CODE_LENGTH:
            return self.browse()
        return self.search([("osc_verification_code", "=", code)], limit=1)

    def _osc_is_valid(self):
        """Whether the certificate holds today, where the person works."""
        self.ensure_one()
        today = self.employee_id._osc_local_day(fields.Datetime.now())
        return self.valid_from <= today and (
            not self.valid_to or self.valid_to >= today
        )

    def action_osc_print(self):
        """Print certificates of the courses of the centers."""
        self.check_access("read")
        if any(not certificate.skill_id.osc_is_course for certificate in self):
            raise UserError(
                self.env._("Only courses of the centers have a certificate here.")
            )
        report = self.env.ref("osc_training.hr_employee_skill_report_certificate")
        return report.report_action(self)
