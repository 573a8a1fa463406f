from odoo import api, models
from odoo.fields import Domain

from odoo.addons.osc_base.normalise import identifier, phone
from odoo.addons.osc_base.phonetic import sounds


class OscPersonConflict(models.AbstractModel):
    """Part of ``osc.person.of.concern``: whether he works where she seeks help.

    Names, phones and ids of the center's people are compared in memory. A hit is a
    proposal to exclude somebody, told to the case worker at once: it may be a namesake,
    and nothing waits for the answer.
    """

    _name = "osc.person.conflict"
    _description = "Persons of concern who are staff"

    def _check_conflicts(self):
        """Propose to exclude staff who may be the accused."""
        # Who works at the center, and their phones, may be hidden from who records.
        for case, persons in self.sudo().grouped("case_id").items():
            staff = persons._staff_of(case.center_id)
            hits = {}
            for person in persons:
                for user, known in staff.items():
                    if matched := person._agrees_with(known):
                        hits.setdefault(user, set()).update(matched)
            if hits:
                self.env["osc.staff.conflict"]._propose(case, hits)

    @api.model
    def _staff_of(self, center):
        """What is known of everybody who could be told of cases of a center.

        :return: dict of ``res.users`` to (name, phones, ids)
        """
        representatives = (
            self.env["osc.representative"]
            .with_context(active_test=False)
            .search([("center_id", "=", center.id)])
        )
        users = (
            representatives.user_id
            | representatives.employee_id.user_id
            | center.manager_id
            | center.coordinator_id
        )
        employees = self.env["hr.employee"].search(
            Domain("user_id", "in", users.ids)
            & Domain("company_id", "in", users.company_ids.ids)
        )
        staff = {}
        for user in users:
            own = employees.filtered(lambda e, user=user: e.user_id == user)
            numbers = [user.partner_id.phone]
            for employee in own:
                numbers += [
                    employee.work_phone,
                    employee.mobile_phone,
                    employee.private_phone,
                ]
            staff[user] = (
                {sounds(name) for name in (user.name, *own.mapped("name")) if name},
                {phone(number) for number in numbers if number} - {""},
                {identifier(i) for i in own.mapped("identification_id") if i} - {""},
            )
        return staff

    def _agrees_with(self, known):
        """What of this person is also known of a member of staff.

        :param tuple known: see ``_staff_of``
        """
        self.ensure_one()
        names, numbers, ids = known
        own = sounds(self.full_name or "")
        alike = any(
            len(min(own, name, key=len)) > 1 and (own <= name or name <= own)
            for name in names
        )
        found = {
            "name": alike,
            "phone": bool(self.phone) and phone(self.phone) in numbers,
            "national_id": bool(self.national_id)
            and identifier(self.national_id) in ids,
        }
        return {way for way, agrees in found.items() if agrees}
