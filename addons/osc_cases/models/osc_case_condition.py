import ast
import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class OscCaseCondition(models.AbstractModel):
    """Something that holds for certain cases: those that a domain describes."""

    _name = "osc.case.condition"
    _description = "Condition on a case"

    domain = fields.Char(string="Cases", required=True, default="[]")

    @api.constrains("domain")
    def _check_domain(self):
        for condition in self:
            try:
                Domain(ast.literal_eval(condition.domain)).validate(
                    # Administrators write conditions and see no case: only whether it
                    # can be asked.
                    self.env["osc.case"].sudo()
                )
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The cases of “%(name)s” can't be understood: %(error)s",
                        name=condition.display_name,
                        error=error,
                    )
                ) from error

    def _applies_to(self, case):
        """Whether a case is one of those that the domain describes.

        What can't be understood any more, for instance since an addon was removed,
        applies: an alert too many is better than one that is lost, and one broken
        condition must not keep the others from being heard.
        """
        self.ensure_one()
        try:
            return bool(case.filtered_domain(ast.literal_eval(self.domain)))
        except (ValueError, SyntaxError, TypeError, KeyError, AttributeError):
            _logger.exception("%s: the cases can't be understood", self)
            return True
