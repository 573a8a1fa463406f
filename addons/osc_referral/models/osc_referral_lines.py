from odoo import models


class OscReferralLines(models.AbstractModel):
    """Part of ``osc.referral``: what each line says, one method for each code."""

    _name = "osc.referral.lines"
    _description = "Lines of a referral"

    def _item_text(self, code):
        """What the line of a code says, as far as the user may know it."""
        return getattr(self, f"_item_{code}")() or ""

    def _item_urgency(self):
        labels = self.case_id._fields["urgency"]._description_selection(self.env)
        return dict(labels)[self.case_id.urgency]

    def _item_age(self):
        # Facts of her record without who she is, for whoever works on the case.
        survivor = self.case_id.sudo().survivor_id
        age = survivor._age_on(self.center_id._local_day())
        sexes = dict(survivor._fields["sex"]._description_selection(self.env))
        band = (
            ""
            if age is None
            else "0–11"
            if age < 12
            else "12–17"
            if age < 18
            # Marked as left to right: among Urdu words it would be “+18”.
            else "\u200e18+\u200e"
        )
        return " · ".join(filter(None, [band, sexes.get(survivor.sex)]))

    def _item_language(self):
        # As above.
        return self.case_id.sudo().survivor_id.language_id.name

    def _item_disability(self):
        # As above.
        survivor = self.case_id.sudo().survivor_id
        if survivor.disability == "unknown":
            return ""
        labels = survivor._fields["disability"]._description_selection(self.env)
        return dict(labels).get(survivor.disability)

    def _item_incidents(self):
        incidents = self.env["osc.incident"].search([("case_id", "=", self.case_id.id)])
        return ", ".join(incidents.type_id.mapped("name"))

    def _item_identity(self):
        return self.case_id.survivor_id.full_name

    def _item_contact(self):
        # Whether this is open to the user was asked as a scope of its own.
        survivor = self.case_id.sudo().survivor_id
        if not survivor.safe_contact_allowed:
            return self.env._("Don't contact her. Ask the case worker.")
        labels = survivor._fields["safe_contact_channel"]._description_selection(
            self.env
        )
        return " · ".join(
            filter(
                None,
                [
                    dict(labels).get(survivor.safe_contact_channel),
                    survivor.safe_contact_details,
                    survivor.safe_contact_hours,
                    survivor.safe_contact_notes,
                ],
            )
        )

    def _item_statement(self):
        statements = self.env["osc.statement"].search(
            [("case_id", "=", self.case_id.id), ("only_for_id", "=", False)]
        )
        return "\n\n".join(filter(None, statements.mapped("narrative")))
