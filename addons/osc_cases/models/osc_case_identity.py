from odoo import api, fields, models

# What the intake form asks about her; kept on the survivor, never on the case.
SURVIVOR_FIELDS = {
    "survivor_name": "full_name",
    "survivor_phone": "phone",
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
    survivor_name = fields.Char(
        string="Full name",
        compute="_compute_survivor_fields",
        readonly=False,
        groups="osc_base.group_representative",
    )
    survivor_phone = fields.Char(
        string="Phone number",
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
            case.identity_visible = bool(survivor) or not case.survivor_id
            for name, survivor_name in SURVIVOR_FIELDS.items():
                if survivor or not case.survivor_id:
                    case[name] = survivor[survivor_name]
                else:
                    case[name] = False
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
        a survivor whom they can't see already.

        :raise AccessError: the user may not read a survivor
        """
        ids = {vals.get("survivor_id") for vals in vals_list} - {None, False}
        self.env["osc.survivor"].browse(ids).check_access("read")
