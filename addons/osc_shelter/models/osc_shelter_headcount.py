from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class OscShelterHeadcount(models.Model):
    """Who is in the house at night: once for each shelter and night.

    Shows to those who run the shelter the code of each person who is expected.
    """

    _name = "osc.shelter.headcount"
    _description = "Headcount"
    _inherit = "osc.audit.mixin"
    _order = "night desc, shelter_id, id desc"

    shelter_id = fields.Many2one(
        comodel_name="osc.shelter",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_shelter_id(),
        domain="[('user_is_staff', '=', True)]",
    )
    center_id = fields.Many2one(
        related="shelter_id.center_id", store=True, precompute=True, index=True
    )
    night = fields.Date(
        string="Night of",
        compute="_compute_night",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The day on which the night begins.",
    )
    line_ids = fields.One2many(
        comodel_name="osc.shelter.headcount.line",
        inverse_name="headcount_id",
        string="Expected",
    )
    expected_count = fields.Integer(
        string="Expected people", compute="_compute_counts", store=True
    )
    present_count = fields.Integer(
        string="Present", compute="_compute_counts", store=True
    )
    missing_count = fields.Integer(
        string="Missing", compute="_compute_counts", store=True
    )
    taken_at = fields.Datetime(string="Closed", readonly=True, copy=False)
    taken_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Counted by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _once_a_night = models.Constraint(
        "UNIQUE(shelter_id, night)",
        "The headcount of this night was begun already. Open it.",
    )

    @api.model
    def _default_shelter_id(self):
        return self.env["osc.shelter"].search([("user_is_staff", "=", True)], limit=1)

    @api.depends("shelter_id")
    def _compute_night(self):
        for count in self:
            count.night = count.shelter_id and count.shelter_id._night_now()

    @api.depends("line_ids.presence")
    def _compute_counts(self):
        for count in self:
            lines = count.line_ids
            count.expected_count = len(lines)
            count.present_count = len(lines.filtered(lambda x: x.presence == "present"))
            count.missing_count = len(lines.filtered(lambda x: x.presence == "missing"))

    @api.depends("shelter_id.name", "night")
    def _compute_display_name(self):
        for count in self:
            count.display_name = f"{count.shelter_id.name} · {count.night or ''}"

    def _audit_reference(self):
        return self.display_name

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = ("line_ids", "taken_at", "taken_by_id")
            vals_list = [
                {k: v for k, v in vals.items() if k not in given} for vals in vals_list
            ]
        counts = super().create(vals_list)
        counts._check_this_night()
        counts._list_expected()
        return counts

    def _check_this_night(self):
        """:raise UserError: the count is of another night, of which nobody knows now who
        was or will be in the house"""
        if any(count.night != count.shelter_id._night_now() for count in self):
            raise UserError(
                self.env._("People are counted in the night itself. Begin tonight's.")
            )

    def write(self, vals):
        self.check_access("write")
        if not self.env.su:
            if set(vals) - {"line_ids"}:
                raise UserError(self.env._("Use the buttons, or begin another count."))
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        if any(count.taken_at for count in self):
            raise UserError(self.env._("This headcount is closed; it stays as it is."))

    def action_list_again(self):
        """Add who came since the list was made, and take off who left."""
        self.check_access("write")
        self._check_open()
        self._list_expected()
        return True

    def _rows_now(self):
        """Who has a place in the house now, as superuser."""
        # Everybody in the house is counted, also whose case isn't open.
        Row = self.env["osc.shelter.occupancy"].sudo()
        return Row.search(
            Row._now_domain()
            & Domain("bed_id.shelter_id", "=", self.shelter_id.id)
            & Domain("is_reservation", "=", False)
        )

    def _list_expected(self):
        """One line for each person who has a place now."""
        # Those who run the house know who is in it by code, whoever works on the case.
        Line = self.env["osc.shelter.headcount.line"].sudo()
        now = fields.Datetime.now()
        for count in self:
            rows = count._rows_now()
            away = rows.stay_id.absence_ids.filtered(
                lambda absence: (
                    not absence.returned_at
                    and absence.left_at <= now
                    # Who isn't back in time has to be looked for.
                    and not absence.is_late
                )
            )
            known = {
                (line.stay_id, line.companion_id): line
                for line in count.sudo().line_ids
            }
            new = []
            for row in rows:
                line = known.pop((row.stay_id, row.companion_id), None)
                if line:
                    line.bed_id = row.bed_id
                    continue
                out = away.filtered(
                    lambda absence, row=row: (
                        absence.stay_id == row.stay_id
                        and (
                            not row.companion_id
                            or row.companion_id in absence.companion_ids
                        )
                    )
                )
                new.append(
                    {
                        "headcount_id": count.id,
                        "stay_id": row.stay_id.id,
                        "companion_id": row.companion_id.id,
                        "bed_id": row.bed_id.id,
                        "presence": "away" if out else False,
                    }
                )
            Line.union(*known.values()).unlink()
            Line.create(new)

    @api.model
    def _check_back_in_time(self, lines):
        """:raise UserError: somebody was away, known, when the list was made, and isn't
        back in time: nobody would look for her"""
        late = lines.stay_id.absence_ids.filtered("is_late")
        overdue = lines.filtered(
            lambda line: (
                line.presence == "away"
                and any(
                    absence.stay_id == line.stay_id
                    and (
                        not line.companion_id
                        or line.companion_id in absence.companion_ids
                    )
                    for absence in late
                )
            )
        )
        if overdue:
            raise UserError(
                self.env._(
                    "Noted as away and not back in time: %s. Count each of them as "
                    "present or missing, or note in the absence until when it is.",
                    len(overdue),
                )
            )

    def action_all_present(self):
        """Everybody who isn't noted otherwise is there."""
        self.check_access("write")
        self._check_open()
        self.line_ids.filtered(lambda line: not line.presence).write(
            {"presence": "present"}
        )
        return True

    def action_close(self):
        """The count is finished. Who is missing is told to their case workers.

        :raise UserError: somebody wasn't counted, or came since the list was made
        """
        self.check_access("write")
        self._check_open()
        for count in self:
            # Also lines that this user can't see must be counted by somebody.
            lines = count.sudo().line_ids
            left = lines.filtered(lambda line: not line.presence)
            if left:
                raise UserError(self.env._("%s people aren't counted yet.", len(left)))
            count._check_back_in_time(lines)
            listed = {(line.stay_id, line.companion_id) for line in lines}
            if any(
                (row.stay_id, row.companion_id) not in listed
                for row in count._rows_now()
            ):
                raise UserError(
                    self.env._(
                        "Somebody came since this list was made. Press “List again” and "
                        "count them, too."
                    )
                )
            # The time and the person are written by this method only.
            count.sudo().write(
                {"taken_at": fields.Datetime.now(), "taken_by_id": self.env.uid}
            )
            missing = lines.filtered(lambda line: line.presence == "missing")
            for stay in missing.stay_id:
                stay._tell_missing()
        return True
