"""Whether a chain of custody holds; without a database or Odoo's ORM.

A chain is what was recorded of one exhibit, in the order of recording. Walking along it
tells who has the exhibit, which seal it should bear, which hand-over waits for the
receiver, and where the chain is broken. A break is shown; it never stops the work.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Problems, in the words of the code; osc.evidence says them to people.
NO_START = "no_start"  # recorded before anybody collected it
GAP = "gap"  # somebody acts who doesn't have it: how did it get there?
BACKWARDS = "backwards"  # happened before what was recorded before it
LATE = "late"  # too long between giving and receiving: who had it?
SELF = "self"  # one person on both sides of a hand-over
UNCONFIRMED = "unconfirmed"  # the other side never confirmed
SEAL = "seal"  # the seal isn't the one that was put on
AFTER_END = "after_end"  # after it was destroyed

ANSWERS = ("receive", "refuse", "cancel")
# Said about the exhibit, wherever it is.
REMARKS = ("await", "retain", "dispose_request", "file", "report", "analyse")


@dataclass(frozen=True)
class Event:
    """What the chain needs of one ``osc.custody.event``."""

    seq: int
    kind: str
    at: datetime
    user_id: int  # who recorded it
    from_user_id: int | None = None
    to_user_id: int | None = None
    place_id: int | None = None
    outside: bool = False  # to somebody without a login
    answers: int | None = None  # number of the event that it answers
    seal_in: str | None = None  # as it was found
    seal_out: str | None = None  # as it was put on
    receipt: bool = False


@dataclass
class Chain:
    """The chain up to the last event that was walked.

    ``holder`` is ``("user", id)``, ``("place", id)``, ``("outside", number of the
    event by which they got it)``, or ``None``.
    """

    tolerance: timedelta
    holder: tuple | None = None
    seal: str | None = None
    pending: Event | None = None
    last_at: datetime | None = None
    started: bool = False
    ended: bool = False
    problems: list = field(default_factory=list)  # (number of the event, problem)

    @classmethod
    def of(cls, events, tolerance: timedelta) -> "Chain":
        chain = cls(tolerance)
        for event in events:
            chain.walk(event)
        return chain

    def problems_at(self, now: datetime) -> list:
        """All problems, with a hand-over that nobody confirmed in time."""
        due = self.confirm_due
        if due and due < now:
            return [*self.problems, (self.pending.seq, UNCONFIRMED)]
        return self.problems

    @property
    def confirm_due(self) -> datetime | None:
        """Until when the receiver must confirm."""
        return self.pending.at + self.tolerance if self.pending else None

    def walk(self, event: Event) -> None:
        """Go one event further."""
        if self.ended:
            self._broken(event, AFTER_END)
        if not self.started and event.kind != "collect":
            self._broken(event, NO_START)
        self.started = True
        if self.last_at and event.at < self.last_at:
            self._broken(event, BACKWARDS)
        self.last_at = max(event.at, self.last_at or event.at)
        if self.pending and event.kind not in (*ANSWERS, *REMARKS):
            self._broken(self.pending, UNCONFIRMED)
            self.pending = None
        if event.seal_in and event.seal_in != self.seal:
            self._broken(event, SEAL)
        if event.kind in REMARKS:
            self._remark(event)
        else:
            getattr(self, f"_{event.kind}")(event)
        if event.seal_out:
            self.seal = event.seal_out

    def _broken(self, event, problem):
        self.problems.append((event.seq, problem))

    def _from(self, event, holder):
        if holder != self.holder:
            self._broken(event, GAP)

    # ------------------------------------------------------------------
    # One method for each kind
    # ------------------------------------------------------------------
    def _collect(self, event):
        if self.holder:
            self._broken(event, GAP)
        self.holder = ("user", event.to_user_id)

    def _seal(self, event):
        self._from(event, ("user", event.from_user_id))

    def _store(self, event):
        self._from(event, ("user", event.from_user_id))
        self.holder = ("place", event.place_id)

    def _take(self, event):
        self._from(event, ("place", event.place_id))
        self.holder = ("user", event.to_user_id)

    def _give(self, event):
        self._from(event, ("user", event.from_user_id))
        if event.outside:
            self._to_outside(event)
            return
        if event.from_user_id == event.to_user_id:
            self._broken(event, SELF)
        # Until it is confirmed, it is still the giver who has it.
        self.holder = ("user", event.from_user_id)
        self.pending = event

    def _pass(self, event):
        self._from(event, ("outside", event.answers))
        self._to_outside(event)

    def _take_back(self, event):
        if event.from_user_id:
            self._from(event, ("user", event.from_user_id))
            self._broken(event, UNCONFIRMED)
            if event.from_user_id == event.to_user_id:
                self._broken(event, SELF)
        else:
            self._from(event, ("outside", event.answers))
            if not event.receipt:
                self._broken(event, UNCONFIRMED)
        self.holder = ("user", event.to_user_id)

    def _receive(self, event):
        given = self._answered(event)
        if given:
            if given.to_user_id != event.to_user_id:
                self._broken(event, GAP)
            if event.user_id == given.from_user_id != given.to_user_id:
                self._broken(event, SELF)
            if event.at - given.at > self.tolerance:
                self._broken(event, LATE)
        self.holder = ("user", event.to_user_id)

    def _refuse(self, event):
        self._answered(event)

    def _cancel(self, event):
        self._answered(event)

    def _dispose(self, event):
        if event.user_id == event.from_user_id:
            self._broken(event, SELF)
        self.holder = None
        self.ended = True

    def _remark(self, event):
        if event.kind == "analyse":
            self.seal = None  # the laboratory opens it

    def _answered(self, event):
        """The hand-over that an event answers, which is over with it."""
        given, self.pending = self.pending, None
        if given is None or given.seq != event.answers:
            self._broken(event, GAP)
            return None
        return given

    def _to_outside(self, event):
        if not event.receipt:
            self._broken(event, UNCONFIRMED)
        self.holder = ("outside", event.seq)
