from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class OscSurvivorAccess(models.AbstractModel):
    """Part of ``osc.survivor``: what of her is open to a user.

    Who she is and how to reach her are two things: agreeing to one never agrees to the
    other. Whoever is excluded from one of her cases reads neither, by no other case.
    """

    _name = "osc.survivor.access"
    _description = "Access to survivors"

    identity_open = fields.Boolean(
        compute="_compute_identity_open",
        search="_search_identity_open",
        export_string_translation=False,
    )
    contact_open = fields.Boolean(
        compute="_compute_contact_open",
        search="_search_contact_open",
        export_string_translation=False,
    )
    user_excluded = fields.Boolean(
        compute="_compute_user_excluded",
        search="_search_user_excluded",
        export_string_translation=False,
    )

    @api.depends("case_ids")
    @api.depends_context("uid")
    def _compute_identity_open(self):
        self._compute_by_search("identity_open")

    @api.depends("case_ids")
    @api.depends_context("uid")
    def _compute_contact_open(self):
        self._compute_by_search("contact_open")

    @api.depends("case_ids")
    @api.depends_context("uid")
    def _compute_user_excluded(self):
        self._compute_by_search("user_excluded")

    def _compute_by_search(self, name):
        # Record rules ask this: it can't ask whether the user may read her.
        found = set(
            self.sudo()._search(Domain("id", "in", self.ids) & Domain(name, "=", True))
        )
        for survivor in self:
            survivor[name] = survivor._origin.id in found

    def _search_identity_open(self, operator, value):
        return self._search_open(operator, value, "user_sees_identity")

    def _search_contact_open(self, operator, value):
        return self._search_open(operator, value, "user_sees_contact")

    @api.model
    def _search_open(self, operator, value, by_case):
        """By a field of her cases; and who entered her sees her until there is one."""
        if operator != "in":
            return NotImplemented
        just_entered = Domain("case_ids", "not any!", Domain.TRUE) & Domain(
            "create_uid", "=", self.env.uid
        )
        opened = Domain("case_ids", "any!", Domain(by_case, "=", True)) | just_entered
        return opened if True in value else ~opened

    def _search_user_excluded(self, operator, value):
        """Looks for the cases that exclude the user first: there are few."""
        if operator != "in":
            return NotImplemented
        survivor = self.env["osc.case"]._fields["survivor_id"]
        excluding = SQL(
            "SELECT %(survivor)s FROM osc_case_excluded_user_rel excluding "
            "JOIN osc_case ON osc_case.id = excluding.case_id "
            "WHERE excluding.user_id = %(user)s AND %(survivor)s IS NOT NULL",
            survivor=SQL.identifier("osc_case", "survivor_id", to_flush=survivor),
            user=self.env.uid,
        )
        excluded = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(ARRAY(%s))",
                model._field_to_sql(alias, "id", query),
                excluding,
            )
        )
        return excluded if True in value else ~excluded

    def _check_may_keep(self):
        """What opens by consent or in an emergency ends, and would not have ended.

        The record rule says the same; this says what to do.

        :raise AccessError: who she is and how to reach her is open to the user in none
            of her cases, or only until some time
        """
        if self.has_access("read") and not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "This record is changed, and used for other cases, by the case "
                    "workers to whom all of it is open and stays open. Ask the case "
                    "worker or the manager of her center."
                )
            )
