import ast
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

# What all members of a case see of her, and what else of a case is no fact of its own.
SURVIVOR_FACTS = {"disability", "is_minor", "language_id", "sex"}
OTHER_FACTS = {"center_id", "company_id", "incident_ids", "is_minor", "state"}


class OscCaseCondition(models.AbstractModel):
    """Something that holds for certain cases: those that a domain describes."""

    _name = "osc.case.condition"
    _description = "Condition on a case"

    domain = fields.Char(string="Cases", required=True, default="[]")

    @api.constrains("domain")
    def _check_domain(self):
        for condition in self:
            try:
                domain = Domain(ast.literal_eval(condition.domain))
                # Administrators write conditions and see no case: only whether it can
                # be asked.
                domain.validate(self.env["osc.case"].sudo())
                self._check_facts(domain)
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The cases of “%(name)s” can't be understood: %(error)s",
                        name=condition.display_name,
                        error=error,
                    )
                ) from error

    @api.model
    def _check_facts(self, domain):
        """A condition asks for facts of a case, and not for who she is.

        It is asked with all rights: whoever may write one could else guess her name, or
        what is written about her, by whether it applies. And it lies in plain text.

        :raise ValidationError: it asks for something else
        """
        if asked := self._no_fact(self.env["osc.case"], domain):
            raise ValidationError(
                self.env._(
                    "“%s” is no fact on which this may depend: only what is known of "
                    "the case, its incidents and its center, and of her sex, language "
                    "and disability, and whether she is a minor.",
                    asked,
                )
            )

    @api.model
    def _no_fact(self, model, domain, nested=False):
        """The first path of fields of a domain that leads to something else."""
        for condition in domain.iter_conditions():
            end = model
            for depth, name in enumerate(condition.field_expr.split(".")):
                field = end._fields.get(name)
                if field is None:  # a part of a date
                    break
                if not self._is_fact(end, field, first=not (nested or depth)):
                    return condition.field_expr
                end = self.env[field.comodel_name] if field.comodel_name else end
            if condition.operator.removeprefix("not ") in ("any", "any!"):
                inner = Domain(condition.value)
                if asked := self._no_fact(end, inner, nested=True):
                    return asked
            elif end._name == "osc.survivor" and field.relational:
                return condition.field_expr
        return None

    @api.model
    def _is_fact(self, model, field, *, first):
        if model._name == "osc.survivor":
            return field.name in SURVIVOR_FACTS
        if first:
            return field.name in model._facts() | OTHER_FACTS
        # Elsewhere a rule asks what its author may know, and never what people write.
        # Odoo checks records with all rights, whoever saves them.
        if not model.sudo(False)._has_field_access(field, "read"):
            return False
        if not field.comodel_name:
            return True
        other = self.env[field.comodel_name]
        return not (
            other._name.startswith("mail.") or hasattr(other, "_audit_reference")
        )

    def _applies_to(self, case):
        """Whether a case is one of those that the domain describes.

        What can't be understood any more, for instance since an addon was removed,
        applies: an alert too many is better than one that is lost, and one broken
        condition must not keep the others from being heard.
        """
        self.ensure_one()
        try:
            return bool(case.filtered_domain(ast.literal_eval(self.domain)))
        except (
            ValueError,
            SyntaxError,
            TypeError,
            KeyError,
            AttributeError,
            UserError,
        ):
            _logger.exception("%s: the cases can't be understood", self)
            return True
