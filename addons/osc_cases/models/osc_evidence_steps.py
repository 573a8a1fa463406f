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
# The state in which it arrives. Within the center nothing changes.
ARRIVES = {
    "police": "released",
    "court": "released",
    "transport": "in_transit",
    "lab": "lab_received",
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
        own = self.sudo().case_id._memberships_of(self.env.user)
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
                ("center_id", "=", self.sudo().case_id.center_id.id),
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
        if not place or place.center_id != self.sudo().case_id.center_id:
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
    # From hand to hand
    # ------------------------------------------------------------------
    def _give(self, to_user, purpose, **vals):
        """Hand over to somebody with a login, who confirms as themselves."""
        if to_user == self.env.user:
            raise UserError(self.env._("Nobody hands over to themselves."))
        self._check_step("give")
        receiver = self.with_user(to_user)
        if not (to_user.active and receiver.has_access("read")):
            raise UserError(
                self.env._(
                    "%s may not open this exhibit. If she agrees, record her consent to "
                    "pass on evidence first.",
                    to_user.name,
                )
            )
        agency = self._agency_of(to_user)
        if receiver.user_may_change:
            purpose = "internal"
        elif purpose in ARRIVES:
            # Whom a colleague acts for may be hidden from the user.
            members = self.sudo().case_id._memberships_of(to_user)
            self._check_release(purpose, members.discipline_id, agency)
        else:
            raise UserError(
                self.env._("It leaves the center's hands: say for what purpose.")
            )
        return self._step(
            "give",
            from_user_id=self.env.uid,
            from_agency_id=self._agency_of(self.env.user).id,
            to_user_id=to_user.id,
            to_agency_id=agency.id,
            purpose=purpose,
            seal_in=self._read_seal(vals),
            **vals,
        )

    def _give_outside(self, outsider, agency, receipt, purpose, **vals):
        """Hand over to somebody without a login, who signed a receipt."""
        self._check_step("give")
        file = self._check_outside(outsider, agency, receipt, purpose)
        return self._step(
            "give",
            ARRIVES[purpose],
            from_user_id=self.env.uid,
            from_agency_id=self._agency_of(self.env.user).id,
            outside=True,
            outsider=outsider,
            to_agency_id=agency.id,
            purpose=purpose,
            file_id=file.id,
            seal_in=self._read_seal(vals),
            **vals,
        )

    def _receive(self, **vals):
        """Confirm as the one to whom it was given."""
        self._check_step("receive")
        given = self._chain().pending
        line = self._event(given.seq)
        state = ARRIVES.get(line.purpose)
        if line.purpose == "internal" and self.state in AWAY:
            state = "returned"
        return self._step(
            "receive",
            state,
            answers=given.seq,
            from_user_id=given.from_user_id,
            from_agency_id=line.from_agency_id.id,
            to_user_id=self.env.uid,
            to_agency_id=self._agency_of(self.env.user).id,
            purpose=line.purpose,
            seal_in=self._read_seal(vals),
            **vals,
        )

    def _refuse(self, **vals):
        self._check_step("refuse")
        return self._step("refuse", answers=self._chain().pending.seq, **vals)

    def _cancel(self, **vals):
        self._check_step("cancel")
        pending = self._chain().pending
        if not pending:
            raise UserError(self.env._("Nobody is asked to confirm."))
        return self._step("cancel", answers=pending.seq, **vals)

    # ------------------------------------------------------------------
    # Outside, and back
    # ------------------------------------------------------------------
    def _pass(self, outsider, agency, receipt, purpose, **vals):
        """As told by those outside: it went from one of them to another."""
        self._check_step("pass")
        if not self.is_outside:
            raise UserError(self.env._("Who has it hands it over themselves."))
        file = self._check_outside(outsider, agency, receipt, purpose)
        return self._step(
            "pass",
            ARRIVES[purpose],
            answers=self._chain().holder[1],
            outside=True,
            outsider=outsider,
            to_agency_id=agency.id,
            purpose=purpose,
            file_id=file.id,
            **vals,
        )

    def _take_back(self, receipt=None, **vals):
        """It came back from outside, or from somebody who may not open it any more."""
        self._check_step("take_back")
        holder = self.holder_id
        if holder and self.with_user(holder).has_access("read"):
            raise UserError(self.env._("%s hands it over as themselves.", holder.name))
        if self.is_outside and not receipt:
            raise UserError(self.env._("Attach the paper that both signed."))
        file = self._receipt(receipt)
        return self._step(
            "take_back",
            answers=None if holder else self._chain().holder[1],
            from_user_id=holder.id,
            to_user_id=self.env.uid,
            to_agency_id=self._agency_of(self.env.user).id,
            file_id=file.id,
            seal_in=self._read_seal(vals),
            **vals,
        )

    def _check_outside(self, outsider, agency, receipt, purpose):
        """:return: the receipt as a file of the exhibit"""
        if purpose not in ARRIVES:
            raise UserError(self.env._("Say for what purpose it leaves the center."))
        if not outsider or not agency:
            raise UserError(self.env._("Write who receives it, and for which agency."))
        if not receipt:
            raise UserError(self.env._("Attach the receipt that they signed."))
        police = self.env.ref("osc_base.osc_discipline_police")
        self._check_release(purpose, police, agency)
        return self._receipt(receipt)

    def _receipt(self, content):
        # Who hands over need not be of the discipline that may add files.
        File = self.env["osc.evidence.file"].sudo()
        if not content:
            return File
        return File.create(
            {"evidence_id": self.id, "kind": "receipt", "content": content}
        )

    def _event(self, seq):
        return self.sudo().event_ids.filtered(lambda event: event.seq == seq)

    def _read_seal(self, vals):
        """The seal as it was read from the package; without one, nothing was read."""
        return vals.pop("seal_in", None) or None

    # ------------------------------------------------------------------
    # Her consent
    # ------------------------------------------------------------------
    def _check_release(self, purpose, disciplines, agency):
        """Only by her consent, or by a duty that is recorded on the case.

        :param disciplines: for which they act who receive it
        :raise UserError: neither is there
        """
        # Whether she agreed decides, whoever may read consents and exams.
        exhibit = self.sudo()
        if self._opened_by(exhibit.case_id.disclosure_ids, disciplines, agency):
            return
        if not self._opened_by(exhibit.case_id.consent_ids, disciplines, agency):
            raise UserError(
                self.env._(
                    "She has not agreed to pass on evidence. Record her consent (or the "
                    "order that demands it) on the case first, or put the exhibit into "
                    "storage as “Awaiting her consent”."
                )
            )
        exams = exhibit.exam_id | exhibit.item_ids.exam_id
        if purpose != "lab" and {"no", "withdrawn"} & set(
            exams.mapped("consent_police")
        ):
            raise UserError(
                self.env._("She said in the exam that the police don't get it.")
            )

    def _opened_by(self, grounds, disciplines, agency):
        """Whether one of these consents or duties lets evidence go there."""
        return any(
            ground.is_valid
            and ground.scope == "evidence"
            and (
                ground.discipline_id in disciplines
                or (agency and ground.agency_id == agency)
            )
            for ground in grounds
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
        today = self.sudo().case_id.center_id._local_day()
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
