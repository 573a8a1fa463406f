from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class OscPolicy(models.Model):
    """The limits and ages that hold in one jurisdiction in one period.

    Law is data: nothing in the suite has an age or a time limit of its own. A change
    of the law is a new policy with a later ``valid_from``; the old one keeps its
    values for what happened while it was in force. Addons above add their limits.
    """

    _name = "osc.policy"
    _description = "Policy"
    _order = "country_id, state_id, valid_from desc, id desc"

    name = fields.Char(required=True)
    country_id = fields.Many2one(comodel_name="res.country", required=True, index=True)
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=', country_id)]",
        help="Empty: the whole country, where no policy of the province is in force.",
    )
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="First day on which it is in force, in the time zone of the center.",
    )
    valid_to = fields.Date(help="Last day on which it is in force. Empty: no end yet.")
    adult_age = fields.Integer(
        required=True,
        default=18,
        help="Age in completed years from which a survivor is an adult.",
    )
    is_confirmed = fields.Boolean(
        string="Confirmed by local counsel",
        help="Not set: the values come from the sources in the notes and must be "
        "checked by a lawyer of the jurisdiction before a center opens.",
    )
    notes = fields.Html(
        string="Sources and notes",
        help="Where each value comes from and what is uncertain.",
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_to >= valid_from)",
        "A policy can't end before it begins.",
    )
    _adult_age_sane = models.Constraint(
        "CHECK(adult_age BETWEEN 1 AND 30)",
        "The age of majority must be between 1 and 30 years.",
    )

    @api.constrains("country_id", "state_id", "valid_from", "valid_to", "active")
    def _check_one_in_force(self):
        """On each day at most one active policy holds in a jurisdiction."""
        for policy in self.filtered("active"):
            domain = (
                Domain("id", "!=", policy.id)
                & Domain("country_id", "=", policy.country_id.id)
                & Domain("state_id", "=", policy.state_id.id)
                & Domain(self._in_force_domain(policy.valid_from, policy.valid_to))
            )
            if other := self.search(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "“%(other)s” is in force in the same jurisdiction from "
                        "%(start)s. End it on the day before “%(policy)s” begins.",
                        other=other.name,
                        start=other.valid_from,
                        policy=policy.name,
                    )
                )

    @api.constrains("country_id", "state_id")
    def _check_province(self):
        for policy in self:
            if policy.state_id and policy.state_id.country_id != policy.country_id:
                raise ValidationError(
                    self.env._(
                        "%(province)s is not a province of %(country)s.",
                        province=policy.state_id.name,
                        country=policy.country_id.name,
                    )
                )

    @api.model
    def _in_force_domain(self, first_day, last_day=None):
        """Policies in force on any day from ``first_day`` to ``last_day``.

        :param date first_day: first day looked at
        :param date last_day: last day looked at; empty means without end
        """
        domain = Domain("valid_to", "=", False) | Domain("valid_to", ">=", first_day)
        if last_day:
            domain &= Domain("valid_from", "<=", last_day)
        return domain

    @api.model
    def _in_force(self, country, state, day):
        """The policy of a jurisdiction on a day: the province's, else the country's.

        :param country: ``res.country`` record
        :param state: ``res.country.state`` record, may be empty
        :param date day: the day in the time zone of the place
        :return: one policy or an empty recordset
        """
        policies = self.search(
            Domain("country_id", "=", country.id)
            & Domain("state_id", "in", [state.id, False])
            & self._in_force_domain(day, day)
        )
        return (
            policies.filtered(lambda policy: policy.state_id)[:1]
            or policies.filtered(lambda policy: not policy.state_id)[:1]
        )
