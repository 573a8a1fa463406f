import ast
import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

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
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, ondelete="restrict"
    )
    domain = fields.Char(
        string="Cases",
        required=True,
        default="[]",
        help="Facts of the case on which this discipline is told.",
    )
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

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                Domain(ast.literal_eval(rule.domain)).validate(
                    self.env["osc.case"].sudo()
                )
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The cases of the rule “%(rule)s” can't be understood: "
                        "%(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    def _applies_to(self, case):
        """Whether a case is one of those that the rule describes.

        A rule that can't be understood any more, for instance since an addon was
        removed, applies: an alert too many is better than one that is lost, and one
        broken rule must not keep the others from being heard.
        """
        self.ensure_one()
        try:
            return bool(case.filtered_domain(ast.literal_eval(self.domain)))
        except (ValueError, SyntaxError, TypeError, KeyError, AttributeError):
            _logger.exception("Intimation rule %s can't be understood", self.id)
            return True

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
