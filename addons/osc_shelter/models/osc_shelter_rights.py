from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.osc_cases.models.osc_case_access import CHANGING_BASES

# Disciplines that keep the registers: those who run the house, and her case worker.
KEEPING_DISCIPLINES = ("shelter", "casework")


class OscShelterRights(models.AbstractModel):
    """What of her time in the shelter a user may see and do.

    Where she sleeps and for how long is known to those who may change her case and to
    those who work on it for the shelter. What is written about her there is for the
    shelter and her case worker only, neither for managers nor for emergencies.
    """

    _name = "osc.shelter.rights"
    _description = "Rights in the shelter"

    user_may_handle = fields.Boolean(
        compute="_compute_user_rights",
        search="_search_user_may_handle",
        export_string_translation=False,
    )
    user_keeps_registers = fields.Boolean(
        compute="_compute_user_rights",
        search="_search_user_keeps_registers",
        export_string_translation=False,
    )

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self._case_itself()._memberships_of(self.env.user)
        keeping = own.filtered(self._keeps_registers).case_id
        changing = own.filtered(lambda member: member.basis in CHANGING_BASES).case_id
        for record in self:
            case = record._case_itself()
            record.user_keeps_registers = case in keeping
            record.user_may_handle = case in keeping | changing

    @api.model
    def _keeps_registers(self, member):
        """Whether a membership is that of the shelter or of the case worker."""
        return (
            member._acts_for_discipline()
            and member.discipline_id.code in KEEPING_DISCIPLINES
        )

    def _open_to_user(self, scope):
        """Records whose case opens a scope to the user, or who runs the house for her.

        :param str scope: see ``osc.case.member.scope``
        """
        own = self._case_itself()._memberships_of(self.env.user)
        cases = own.filtered(
            lambda member: (
                scope in member._open_scopes()
                or (
                    member._acts_for_discipline()
                    and member.discipline_id.code == "shelter"
                )
            )
        ).case_id
        return self.filtered(lambda record: record._case_itself() in cases)

    def _search_user_may_handle(self, operator, value):
        changing = Domain("basis", "in", CHANGING_BASES)
        return self._search_members(operator, value, changing | self._keeping_domain())

    def _search_user_keeps_registers(self, operator, value):
        return self._search_members(operator, value, self._keeping_domain())

    @api.model
    def _keeping_domain(self):
        return self.env["osc.case.member"]._acting_domain() & Domain(
            "discipline_id.code", "in", KEEPING_DISCIPLINES
        )

    @api.model
    def _search_members(self, operator, value, members):
        """Records of the cases in which the user is such a member."""
        if operator != "in":
            return NotImplemented
        cases = self.env["osc.case.member"]._cases_of_user(members)
        mine = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(ARRAY(%s))",
                model._field_to_sql(alias, "case_id", query),
                cases,
            )
        )
        return mine if True in value else ~mine
