from odoo import api, fields, models

BASES = [
    ("consent", "Consent"),
    ("legal_duty", "Legal duty"),
    ("vital_interest", "Vital interest"),
]


class OscIntimationRule(models.Model):
    """Which discipline is told of which cases.

    A rule says who is told, not what they may see: the basis is on what a representative
    may later be given more than the code.
    """

    _name = "osc.intimation.rule"
    _description = "Intimation rule"
    _inherit = "osc.case.condition"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, ondelete="restrict"
    )
    domain = fields.Char(help="Facts of the case on which this discipline is told.")
    urgency = fields.Selection(
        selection=[
            ("routine", "Routine"),
            ("urgent", "Urgent"),
            ("emergency", "Emergency"),
        ],
        string="At least",
        help="The intimation is at least this urgent, even when the case isn't. "
        "Empty: as urgent as the case.",
    )
    basis = fields.Selection(
        selection=BASES,
        required=True,
        default="consent",
        help="On what ground this discipline may be given more than the code.",
    )
    active = fields.Boolean(default=True)

    @api.model
    def _matching(self, case):
        """Disciplines that a case concerns.

        :param case: one ``osc.case``
        :return: ``{discipline: (rule, urgency)}``; the first rule of a discipline
            gives the basis, the most urgent one the urgency
        """
        ranks = list(dict(case._fields["urgency"].selection))
        matching = {}
        for rule in self.search([("active", "=", True)]):
            if not rule._applies_to(case):
                continue
            first, urgency = matching.get(rule.discipline_id, (rule, case.urgency))
            if rule.urgency:
                urgency = max(urgency, rule.urgency, key=ranks.index)
            matching[rule.discipline_id] = (first, urgency)
        return matching
