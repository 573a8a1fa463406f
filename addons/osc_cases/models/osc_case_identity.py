from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedChar

# What the intake form asks about her; kept on the survivor, never on the case.
SURVIVOR_FIELDS = {
    "survivor_name": "full_name",
    "survivor_phone": "phone",
    "survivor_national_id": "national_id",
    "survivor_sex": "sex",
    "survivor_age": "age_years",
    "survivor_age_estimated": "age_estimated",
    "survivor_birth_date": "birth_date",
}


class OscCaseIdentity(models.AbstractModel):
    """Part of ``osc.case``: the survivor, and what a user may see of her.

    What the intake form asks about her is kept on the survivor, never on the case.
    """

    _name = "osc.case.identity"
    _description = "Survivor of a case"

    survivor_id = fields.Many2one(
        comodel_name="osc.survivor",
        index=True,
        ondelete="restrict",
        copy=False,
        help="Left empty, a new survivor is made for this case.",
        groups="osc_base.group_representative",
    )
    identity_visible = fields.Boolean(
        compute="_compute_survivor_fields", groups="osc_base.group_representative"
    )
    contact_visible = fields.Boolean(
        compute="_compute_survivor_fields", groups="osc_base.group_representative"
    )
    survivor_name = EncryptedChar(
        string="Full name",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_phone = EncryptedChar(
        string="Phone number",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_national_id = EncryptedChar(
        string="National ID",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_sex = fields.Selection(
        selection=[("female", "Female"), ("male", "Male"), ("other", "Other")],
        string="Sex",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_age = fields.Integer(
        string="Age (years)",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_age_estimated = fields.Boolean(
        string="Age is estimated",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_birth_date = fields.Date(
        string="Birth date",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    known_matches = fields.Json(
        string="May be known already",
        compute="_compute_known_matches",
        help="Survivors of whom the case worker may be told, see osc.survivor.match.",
        export_string_translation=False,
        exportable=False,
        groups="osc_base.group_case_worker",
    )
    is_minor = fields.Boolean(
        string="Minor",
        compute="_compute_is_minor",
        compute_sudo=True,
        help="Under the adult age of the policy in force at the center.",
        groups="osc_base.group_representative",
    )

    @api.depends("survivor_id")
    @api.depends_context("uid")
    def _compute_survivor_fields(self):
        """What the user may see of the survivor; others see nothing."""
        readable = self.survivor_id._filtered_access("read")
        for case in self:
            survivor = case.survivor_id & readable
            nobody = not case.survivor_id
            case.identity_visible = nobody or survivor.identity_open
            case.contact_visible = nobody or survivor.contact_open
            for name, survivor_name in SURVIVOR_FIELDS.items():
                shown = survivor_name == "phone" or case.identity_visible
                case[name] = shown and survivor[survivor_name]
            if not case.survivor_id:
                case.survivor_sex = "female"

    @api.depends(
        "center_id",
        "survivor_id.birth_date",
        "survivor_id.age_years",
        "survivor_id.age_estimated",
        "survivor_id.age_noted_on",
    )
    def _compute_is_minor(self):
        for case in self:
            survivor = case.survivor_id
            if survivor._origin != case._origin.survivor_id:
                # Chosen on a form and not saved: it may be anybody's.
                survivor = survivor.sudo(False)._filtered_access("read").sudo()
            case.is_minor = bool(
                survivor and case.center_id and survivor._is_minor_at(case.center_id)
            )

    @api.depends("state", "survivor_id", *SURVIVOR_FIELDS)
    @api.depends_context("uid")
    def _compute_known_matches(self):
        for case in self:
            case.known_matches = case.state == "draft" and self.env[
                "osc.survivor"
            ]._known_already(
                {field: case[name] for name, field in SURVIVOR_FIELDS.items()},
                other_than=case.survivor_id,
            )

    def action_link_survivor(self, survivor_id):
        """Make this the case of a survivor who is known already.

        What was noted for this case and isn't known of her yet is kept with her.

        :param int survivor_id: a survivor whom the user may read
        :raise AccessError: the user may not
        :raise UserError: the case was reported already
        """
        self.ensure_one()
        self.check_access("write")
        known = self.env["osc.survivor"].browse(survivor_id)
        known.check_access("read")
        self._check_survivor_may_change(survivor_id)
        noted = self.survivor_id._filtered_access("read")
        missing = {
            name: noted[name]
            for name in SURVIVOR_FIELDS.values()
            if noted[name] and not known[name]
        }
        self.write({"survivor_id": known.id})
        if missing:
            known.write(missing)
        return True

    def _check_survivor_may_change(self, survivor_id):
        """What was agreed and done in a reported case is about this survivor.

        :raise UserError: it would become the case of another one
        """
        # A merge moves reported cases, as superuser.
        if self.env.su:
            return
        # Who she is may be hidden from whoever writes; only ids are compared.
        for case in self.sudo():
            if case.state != "draft" and case.survivor_id.id != survivor_id:
                raise UserError(
                    self.env._(
                        "The survivor of a reported case can't be exchanged. If she "
                        "has two records, merge them."
                    )
                )

    @api.model
    def _pop_survivor_vals(self, vals):
        """Take out of ``vals`` what belongs to the survivor.

        :return: values for ``osc.survivor``
        """
        return {
            survivor_name: vals.pop(name)
            for name, survivor_name in SURVIVOR_FIELDS.items()
            if name in vals
        }

    @api.model
    def _check_may_use_survivors(self, vals_list):
        """A case opens its survivor to the case worker, so nobody may make a case of
        a survivor whom they can't see already, and go on seeing.

        :raise AccessError: the user may not read a survivor, or for some time only
        """
        ids = {vals.get("survivor_id") for vals in vals_list} - {None, False}
        survivors = self.env["osc.survivor"].browse(ids)
        survivors.check_access("read")
        survivors._check_may_keep()
