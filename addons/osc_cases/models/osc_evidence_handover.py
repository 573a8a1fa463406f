from odoo import models
from odoo.exceptions import UserError

from .osc_evidence_steps import AWAY

# The state in which it arrives. Within the center nothing changes.
ARRIVES = {
    "police": "released",
    "court": "released",
    "transport": "in_transit",
    "lab": "lab_received",
}


class OscEvidenceHandover(models.AbstractModel):
    """Part of ``osc.evidence``: handing over, and the consent that it takes.

    Inside the center each person confirms with the own login; to people outside it
    goes with a receipt that they signed.
    """

    _name = "osc.evidence.handover"
    _description = "Handing over evidence"
    _inherit = "osc.evidence.steps"

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
            members = self._case_itself()._memberships_of(to_user)
            self._check_release(purpose, members.discipline_id, agency)
        else:
            raise UserError(
                self.env._("It leaves the center's hands: say for what purpose.")
            )
        event = self._step(
            "give",
            from_user_id=self.env.uid,
            from_agency_id=self._agency_of(self.env.user).id,
            to_user_id=to_user.id,
            to_agency_id=agency.id,
            purpose=purpose,
            seal_in=self._read_seal(vals),
            **vals,
        )
        self._tell_receiver(to_user)
        return event

    def _tell_receiver(self, user):
        """They are asked at once to confirm what they were handed."""
        # Who hands over need not be able to write messages about the case.
        case = self._case_itself()
        case._notify_people(
            user,
            lambda this: (
                this.env._("%s: please confirm a hand-over", this.display_name),
                this.env._(
                    "Something was handed to you. Look at its seal, then confirm that "
                    "you have it, or refuse it."
                ),
            ),
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
        # The row that names the receiver, asked before it is open to them.
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
