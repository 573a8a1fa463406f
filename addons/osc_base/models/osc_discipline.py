from odoo import fields, models


class OscDiscipline(models.Model):
    """A kind of help that a One-Stop Center gives under its roof.

    Every representative works for one discipline; a case intimates disciplines,
    not people. Other programs refer to the ``code``.
    """

    _name = "osc.discipline"
    _description = "Discipline"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short lower-case word by which rules and other programs refer to this "
        "discipline. It never changes and is not translated.",
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    duties = fields.Text(
        translate=True,
        help="What a representative of this discipline does for a survivor.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a discipline with this code."
    )
