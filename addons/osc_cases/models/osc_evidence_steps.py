from odoo import fields, models
from odoo.exceptions import AccessError, UserError

HELD = ("sealed", "returned", "released", "in_transit", "lab_received", "reported")
AWAY = ("released", "in_transit", "lab_received", "in_analysis", "reported")
KEPT = ("stored", "awaiting_consent", "retained")
# For each step: who may take it, in which states, and which state follows.
STEPS = {
    "seal": ("holder", ("collected", "sealed", "returned"), None),
    "store": ("holder", ("sealed", "returned"), "stored"),
    "await": ("own", ("stored",), "awaiting_consent"),
    "take": ("own", KEPT, "sealed"),
    "give": ("holder", HELD, None),
    "receive": ("receiver", HELD, None),
    "refuse": ("receiver", HELD, None),
    "cancel": ("holder", HELD, None),
    "pass": ("own", AWAY, None),
    "take_back": ("own", AWAY, "returned"),
    "analyse": ("lab", ("lab_received",), "in_analysis"),
    "report": ("lab", ("lab_received", "in_analysis"), "reported"),
    "retain": ("own", ("stored", "awaiting_consent"), "retained"),
    "dispose_request": ("own", (*KEPT, "sealed", "returned"), None),
    "dispose": ("second", (*KEPT, "sealed", "returned"), "disposed"),
}


class OscEvidenceSteps(models.AbstractModel):
    """Part of ``osc.evidence``: the steps of custody, who may take them and when.

    Each person confirms as themselves. Who hands over is who has it; who receives is
    who was named; nobody does it for another. To people without a login it goes with a
    receipt that they signed.
    """

    _name = "osc.evidence.steps"
    _description = "Steps of custody"

    # ------------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------------
    def _check_step(self, kind):
        """:raise AccessError: the user may not
        :raise UserError: not in this state
        """
        self.ensure_one()
        self.check_access("read")
        who, states, _state = STEPS[kind]
        if not getattr(self, f"_may_{who}")():
            raise AccessError(self._refusal(who))
        if self.parent_id:
            raise UserError(
                self.env._("It is in kit %s: move the kit.", self.parent_id.code)
            )
        if self.state not in states:
            raise UserError(
                self.env._(
                    "%(code)s is in the state “%(state)s”; this step isn't possible now.",
                    code=self.code,
                    state=dict(
                        self._fields["state"]._description_selection(self.env)
                    ).get(self.state),
                )
            )
        if self.receiver_id and kind not in ("receive", "refuse", "cancel"):
            raise UserError(
                self.env._(
                    "%(code)s waits for %(name)s to confirm.",
                    code=self.code,
                    name=self.receiver_id.name,
                )
            )

    def _may_own(self):
        return self.user_may_change

    def _may_holder(self):
        return self.holder_id == self.env.user

    def _may_receiver(self):
        return self.receiver_id == self.env.user

    def _may_lab(self):
        """Whoever has it at the laboratory, or the center as the laboratory tells it."""
        return self._may_holder() or (self.user_may_change and self.is_outside)

    def _may_second(self):
        """Who works on the case and to whom it is open, except who asked for it.

        Emergency access is for helping her, not for destroying evidence.
        """
        own = self._case_itself()._memberships_of(self.env.user)
        return any(
            member._acts_for_discipline() for member in own
        ) and self.disposal_requested_by_id not in (
            self.env.user,
            self.env["res.users"],
        )

    def _refusal(self, who):
        if who == "holder" and self.holder_id:
            return self.env._(
                "%(name)s has %(code)s. Only who has it seals it, stores it or hands it "
                "over.",
                name=self.holder_id.name,
                code=self.code,
            )
        if who == "receiver" and self.receiver_id:
            return self.env._(
                "%s is to confirm it as themselves. Nobody confirms for another.",
                self.receiver_id.name,
            )
        if who == "second":
            return self.env._(
                "A second person approves what another one asked to dispose of."
            )
        return self.env._("This step of custody isn't yours to take.")

    def _agency_of(self, user):
        """The agency for which somebody is at the center of the case."""
        # Colleagues of other agencies may be hidden from the user.
        representatives = self.env["osc.representative"].sudo()
        return representatives.search(
            [
                ("user_id", "=", user.id),
                ("center_id", "=", self._case_itself().center_id.id),
            ],
            limit=1,
        ).agency_id

    def _step(self, kind, state=None, **vals):
        """Check and record one step."""
        self._check_step(kind)
        self._check_time(vals.get("at"))
        return self._record(kind, state or STEPS[kind][2], **vals)

    def _check_time(self, at):
        if at and at > fields.Datetime.now():
            raise UserError(self.env._("That time is in the future."))

    # ------------------------------------------------------------------
    # At the center
    # ------------------------------------------------------------------
    def _seal(self, seal_out, **vals):
        if not seal_out:
            raise UserError(self.env._("Write down the number of the seal."))
        if self.is_kit and not self.item_ids:
            raise UserError(self.env._("The kit is empty."))
        state = "sealed" if self.state == "collected" else None
        return self._step(
            "seal", state, from_user_id=self.env.uid, seal_out=seal_out, **vals
        )

    def _store(self, place, **vals):
        if not place or place.center_id != self._case_itself().center_id:
            raise UserError(self.env._("Choose a storage place of this center."))
        return self._step(
            "store",
            from_user_id=self.env.uid,
            place_id=place.id,
            storage_class=place.storage_class,
            **vals,
        )

    def _take(self, **vals):
        return self._step(
            "take", to_user_id=self.env.uid, place_id=self.place_id.id, **vals
        )

    # ------------------------------------------------------------------
    # Laboratory and end
    # ------------------------------------------------------------------
    def _analyse(self, **vals):
        return self._step("analyse", **vals)

    def _report(self, **vals):
        return self._step("report", **vals)

    def _await(self, **vals):
        return self._step("await", **vals)

    def _retain(self, **vals):
        return self._step("retain", **vals)

    def _dispose_request(self, reason, **vals):
        """Ask a second person to approve."""
        self._check_step("dispose_request")
        if not reason:
            raise UserError(self.env._("Write why it is disposed of."))
        today = self._case_itself().center_id._local_day()
        if self.retain_until and today < self.retain_until:
            raise UserError(self.env._("It must be kept until %s.", self.retain_until))
        event = self._step("dispose_request", from_user_id=self.env.uid, **vals)
        # These columns are written by the steps only.
        self.sudo().write(
            {
                "disposal_requested_by_id": self.env.uid,
                "disposal_requested_at": event.at,
                "disposal_reason": reason,
            }
        )
        return event

    def _dispose(self, **vals):
        """Approve what another person asked for; it is destroyed now."""
        if self.disposal_requested_by_id and self.state == "disposed":
            raise UserError(self.env._("It is disposed of already."))
        return self._step(
            "dispose", from_user_id=self.disposal_requested_by_id.id, **vals
        )
