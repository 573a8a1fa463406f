from odoo import fields, models
from odoo.exceptions import UserError


class OscShelterMoving(models.AbstractModel):
    """Part of ``osc.shelter.stay``: she comes, moves, leaves or doesn't come."""

    _name = "osc.shelter.moving"
    _description = "Moving in and out of the shelter"

    # ------------------------------------------------------------------
    # Come and go
    # ------------------------------------------------------------------
    def action_check_in(self, check_in=None):
        """She is there: the days of the policy begin.

        :param check_in: naive UTC, text or datetime, when it is noted later; empty: now
        :raise UserError: the policy of that day doesn't admit somebody, or the
            reservation expired and the bed was given away
        """
        self.check_access("write")
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(check_in) or now
        if moment > now:
            raise UserError(self.env._("She can't have come in the future."))
        for stay in self:
            stay._check_state("reserved")
            stay._check_cases(stay.case_id)
            stay._check_in(moment)
        return True

    def _check_in(self, moment):
        self.ensure_one()
        day = self.center_id._local_day(moment)
        policy = self.center_id._policy_on(day)
        self._check_admission(self.companion_ids, day)
        self._check_beds(self.bed_id | self.companion_ids.bed_id)
        people = [self, *self.companion_ids]
        rows = self._rows_of(people)
        # The state and the times are only written by these methods.
        self.sudo().write(
            {
                "state": "in",
                "check_in": moment,
                "policy_id": policy.id,
                "limit_days": policy._limit("shelter_days"),
            }
        )
        rows.write({"is_reservation": False, "start": moment, "end": False})
        rows.flush_recordset()
        self._give_bed_service(moment)
        self._place_if_due()

    def _give_bed_service(self, moment):
        """The bed that she asked for was given; time limits follow."""
        self.case_id._clock_event("first_service", moment, self)
        service = self.env.ref("osc_base.osc_service_emergency_bed", False)
        # Whoever checks her in may not note every service of the case.
        self._case_itself().service_ids.filtered(
            lambda asked: (
                asked.service_id == service
                and asked.state in ("requested", "scheduled", "referred")
            )
        ).action_deliver(moment)

    def action_check_out(self, exit_kind=None, destination=None, check_out=None):
        """She leaves, and the children who are still there with her.

        :param str exit_kind: see the field
        :param str destination: kept in the vault
        :param check_out: naive UTC, text or datetime, when it is noted later
        :raise UserError: she isn't in the shelter
        """
        self.check_access("write")
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(check_out) or now
        for stay in self:
            stay._check_state("in")
            if not stay.check_in <= moment <= now:
                raise UserError(
                    self.env._("She left after she came, and not in the future.")
                )
            here = stay.companion_ids.filtered(lambda child: not child.left_at)
            stay._free_beds([stay, *here], moment)
            # The state and the times are only written by these methods.
            here.sudo().write({"left_at": moment})
            stay.sudo().write(
                {
                    "state": "out",
                    "check_out": moment,
                    "exit_kind": exit_kind or "other",
                }
            )
            if destination:
                stay.destination = destination
        return True

    def action_cancel(self):
        """She doesn't come: the beds are free at once.

        :raise UserError: she is there already
        """
        self.check_access("write")
        for stay in self:
            stay._check_state("reserved")
            stay._free_beds([stay, *stay.companion_ids], fields.Datetime.now())
            # As above.
            stay.sudo().write({"state": "cancelled", "exit_kind": "not_come"})
        # What they might open is in the cache still.
        self.env.invalidate_all()
        if self != self._filtered_access("read"):
            # Those in charge had the case for this bed only.
            return self.env["ir.actions.act_window"]._for_xml_id(
                "osc_shelter.osc_shelter_bed_action"
            )
        return True

    def _check_state(self, state):
        """:raise UserError: the stay is in another state"""
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(stay)s: this isn't possible any more, it is “%(state)s”.",
                    stay=self.display_name,
                    state=labels[self.state],
                )
            )

    # ------------------------------------------------------------------
    # Ask
    # ------------------------------------------------------------------
    def action_ask_check_out(self):
        """Ask how the stay ends and where she goes."""
        return self._open_wizard("osc.shelter.departure")

    def action_ask_extension(self):
        """Ask for days and reason of an extension."""
        return self._open_wizard("osc.shelter.extension")

    def action_ask_move(self):
        """Ask who moves, and to which bed."""
        return self._open_wizard("osc.shelter.move")

    def _open_wizard(self, model, **context):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_stay_id": self.id, **context},
        }
