from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..custody_chain import (
    AFTER_END,
    BACKWARDS,
    GAP,
    LATE,
    NO_START,
    SEAL,
    SELF,
    UNCONFIRMED,
    Chain,
    Event,
)

START = datetime(2026, 3, 10, 17, 0)
TOLERANCE = timedelta(minutes=30)
PEOPLE = st.integers(1, 3)
SEALS = st.sampled_from([None, "S-1", "S-2"])
MOVING = (
    "collect",
    "seal",
    "store",
    "take",
    "give",
    "receive",
    "refuse",
    "cancel",
    "pass",
    "take_back",
    "dispose",
)
KINDS = (*MOVING, "await", "report", "analyse", "file")


def event(seq, kind, minutes=None, user=1, **vals):
    at = START + timedelta(minutes=seq if minutes is None else minutes)
    return Event(seq, kind, at, user, **vals)


@st.composite
def logs(draw):
    """Random events by random persons, in any order and with any numbers."""
    events, minutes = [], 0
    for seq in range(1, draw(st.integers(1, 9)) + 1):
        minutes += draw(st.sampled_from([-5, 0, 5, 20, 45]))
        events.append(
            event(
                seq,
                "collect"
                if seq == 1 and draw(st.booleans())
                else draw(st.sampled_from(KINDS)),
                minutes,
                draw(PEOPLE),
                from_user_id=draw(st.none() | PEOPLE),
                to_user_id=draw(st.none() | PEOPLE),
                place_id=draw(st.none() | st.integers(1, 2)),
                outside=draw(st.booleans()),
                answers=draw(st.none() | st.integers(1, seq)),
                seal_in=draw(SEALS),
                seal_out=draw(SEALS),
                receipt=draw(st.booleans()),
            )
        )
    return events


def reference(events, tolerance):
    """The same chain, told again in another way: a table of who has it when.

    For each event it asks the events before it, and keeps nothing between.
    """
    problems = []
    for index, now in enumerate(events):
        before = events[:index]
        for found in _wrong(now, before, tolerance):
            problems.append(found)
    return sorted(problems)


def _open_offer(before):
    """The last hand-over to a user that nothing has answered or overtaken."""
    for past in reversed(before):
        if past.kind == "give" and not past.outside:
            return past
        if past.kind in MOVING:
            return None
    return None


def _has_it(before):
    """Who has it after some events: looked up from the end."""
    for past in reversed(before):
        if past.kind in ("collect", "take", "receive", "take_back"):
            return ("user", past.to_user_id)
        if past.kind == "store":
            return ("place", past.place_id)
        if past.kind == "pass" or past.kind == "give" and past.outside:
            return ("outside", past.seq)
        if past.kind == "give":
            return ("user", past.from_user_id)
        if past.kind == "dispose":
            return None
        if past.kind in ("refuse", "cancel", "seal"):
            continue
    return None


def _bears(before):
    for past in reversed(before):
        if past.seal_out:
            return past.seal_out
        if past.kind == "analyse":
            return None
    return None


def _wrong(now, before, tolerance):
    has, offer = _has_it(before), _open_offer(before)
    if any(past.kind == "dispose" for past in before):
        yield now.seq, AFTER_END
    if not before and now.kind != "collect":
        yield now.seq, NO_START
    if before and now.at < max(past.at for past in before):
        yield now.seq, BACKWARDS
    if now.seal_in and now.seal_in != _bears(before):
        yield now.seq, SEAL
    if now.kind not in MOVING:
        return
    answering = now.kind in ("receive", "refuse", "cancel")
    if offer and not answering:
        yield offer.seq, UNCONFIRMED
    acts_from = {
        "seal": ("user", now.from_user_id),
        "store": ("user", now.from_user_id),
        "give": ("user", now.from_user_id),
        "take": ("place", now.place_id),
        "pass": ("outside", now.answers),
        "take_back": ("user", now.from_user_id)
        if now.from_user_id
        else ("outside", now.answers),
    }
    if (
        now.kind == "collect"
        and has
        or now.kind in acts_from
        and acts_from[now.kind] != has
    ):
        yield now.seq, GAP
    same = now.from_user_id == now.to_user_id
    if now.kind == "give" and not now.outside and same:
        yield now.seq, SELF
    if now.kind == "take_back" and now.from_user_id and same:
        yield now.seq, SELF
    if now.kind == "dispose" and now.user_id == now.from_user_id:
        yield now.seq, SELF
    outwards = now.kind == "pass" or now.kind == "give" and now.outside
    if outwards and not now.receipt:
        yield now.seq, UNCONFIRMED
    if now.kind == "take_back" and (now.from_user_id or not now.receipt):
        yield now.seq, UNCONFIRMED
    if answering:
        yield from _wrong_answer(now, offer, tolerance)


def _wrong_answer(now, offer, tolerance):
    if offer is None or offer.seq != now.answers:
        yield now.seq, GAP
    elif now.kind == "receive":
        if offer.to_user_id != now.to_user_id:
            yield now.seq, GAP
        if now.user_id == offer.from_user_id and offer.from_user_id != offer.to_user_id:
            yield now.seq, SELF
        if now.at > offer.at + tolerance:
            yield now.seq, LATE


@tagged("post_install", "-at_install")
class TestCustodyChain(BaseCase):
    """The chain by itself: any log, however it came about."""

    def _problems(self, *events, at=None):
        chain = Chain.of(events, TOLERANCE)
        return chain.problems_at(at or events[-1].at)

    @settings(max_examples=600, deadline=None)
    @given(logs())
    def test_equals_the_reference(self, events):
        chain = Chain.of(events, TOLERANCE)
        self.assertEqual(sorted(chain.problems), reference(events, TOLERANCE))
        self.assertEqual(chain.holder, _has_it(events))
        self.assertEqual(chain.seal, _bears(events))
        offer = _open_offer(events)
        self.assertEqual(chain.pending, offer)
        late = START + timedelta(days=2)
        self.assertEqual(
            len(chain.problems_at(late)), len(chain.problems) + bool(offer)
        )

    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.tuples(PEOPLE, st.integers(0, 30)), max_size=6))
    def test_proper_hand_overs_are_never_broken(self, receivers):
        holder, minutes, seq = 1, 1, 2
        log = [
            event(1, "collect", 0, to_user_id=1),
            event(2, "seal", 1, from_user_id=1, seal_out="S-1"),
        ]
        for receiver, wait in receivers:
            if receiver == holder:
                continue
            log += [
                event(
                    seq + 1,
                    "give",
                    minutes,
                    holder,
                    from_user_id=holder,
                    to_user_id=receiver,
                    seal_in="S-1",
                ),
                event(
                    seq + 2,
                    "receive",
                    minutes + wait,
                    receiver,
                    from_user_id=holder,
                    to_user_id=receiver,
                    answers=seq + 1,
                    seal_in="S-1",
                ),
            ]
            holder, minutes, seq = receiver, minutes + wait, seq + 2
        chain = Chain.of(log, TOLERANCE)
        self.assertEqual(chain.problems, [])
        self.assertEqual(chain.holder, ("user", holder))

    def test_nobody_had_it_between_storage_and_the_next_event(self):
        log = [
            event(1, "collect", to_user_id=1),
            event(2, "store", from_user_id=1, place_id=5),
            event(3, "give", from_user_id=1, to_user_id=2),
        ]
        self.assertEqual(self._problems(*log), [(3, GAP)])

    def test_waiting_breaks_only_after_the_time(self):
        log = [
            event(1, "collect", to_user_id=1),
            event(2, "give", from_user_id=1, to_user_id=2),
        ]
        self.assertEqual(self._problems(*log), [])
        late = log[-1].at + TOLERANCE + timedelta(minutes=1)
        self.assertEqual(self._problems(*log, at=late), [(2, UNCONFIRMED)])

    def test_a_file_neither_answers_nor_moves(self):
        log = [
            event(1, "collect", to_user_id=1),
            event(2, "give", from_user_id=1, to_user_id=2),
            event(3, "file"),
            event(4, "receive", user=2, from_user_id=1, to_user_id=2, answers=2),
        ]
        self.assertEqual(self._problems(*log), [])
