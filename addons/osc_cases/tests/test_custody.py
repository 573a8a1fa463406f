import base64
from datetime import timedelta
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.errors import RaiseException

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.osc_base.tests import vault

from ..custody_chain import Chain
from .clinical import ClinicalCommon
from .test_custody_chain import reference

ATTEMPTS = st.tuples(
    st.sampled_from(["forensic", "second", "police", "legal"]),
    st.sampled_from(
        ["seal", "store", "await", "take", "give", "receive", "refuse", "cancel"]
        + ["out", "pass", "analyse", "report", "take_back", "retain"]
    ),
    st.sampled_from(["forensic", "second", "police", "stranger"]),
    st.sampled_from([None, "S-1", "S-2"]),
    st.sampled_from([0, 10, 40]),
)
PAPER = base64.b64encode(b"Receipt, signed by both")
SQL_LOG = "odoo.sql_db"


@tagged("post_install", "-at_install")
class TestCustody(ClinicalCommon):
    """The steps of custody: what is possible, for whom, and what is refused."""

    # ------------------------------------------------------------------
    # Collect, seal, store
    # ------------------------------------------------------------------
    def test_collected_by_oneself_under_a_code(self):
        exhibit = self._exhibit(component_id=self.component["clothing"].id)
        self.assertEqual(exhibit.code, f"{self.case.name}-E01")
        self.assertEqual(exhibit.state, "collected")
        self.assertEqual(exhibit.holder_id, self.forensic)
        self.assertEqual(exhibit.collected_by_id, self.forensic)
        self.assertEqual(exhibit.discipline_id, self.disciplines["forensic"])
        self.assertEqual(self._kinds(exhibit), ["collect"])
        self.assertEqual(self._exhibit(is_kit=True).code, f"{self.case.name}-K02")

    def test_not_for_another_person_and_not_by_writing(self):
        exhibit = self._exhibit(
            collected_by_id=self.second.id, state="disposed", holder_id=self.second.id
        )
        self.assertEqual(exhibit.collected_by_id, self.forensic)
        self.assertEqual(exhibit.state, "collected")
        self.assertEqual(exhibit.holder_id, self.forensic)
        for vals in (
            {"state": "sealed"},
            {"holder_id": self.second.id},
            {"seal_number": "S"},
            {"has_break": False},
            {"case_id": self._report().id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                exhibit.write(vals)
        with self.assertRaises(UserError):
            exhibit.collected_at = fields.Datetime.now() - timedelta(days=1)

    def test_a_draft_has_no_code_for_a_label(self):
        draft = self._draft()
        self.env["osc.case.member"]._grant(
            draft, self.forensic, "intimated", self.disciplines["forensic"]
        )
        with self.assertRaises(UserError):
            self.env["osc.evidence"].with_user(self.forensic).create(
                {
                    "case_id": draft.id,
                    "discipline_id": self.disciplines["forensic"].id,
                }
            )

    def test_seal_store_take(self):
        exhibit = self._exhibit()
        with self.assertRaises(UserError):
            exhibit._store(self.place)
        with self.assertRaises(UserError):
            exhibit._seal("")
        self._step(exhibit, self.forensic, "seal", new_seal="S-7")
        self.assertEqual(exhibit.state, "sealed")
        self.assertEqual(exhibit.seal_number, "S-7")
        self.assertEqual(exhibit.sealed_by_id, self.forensic)
        with self.assertRaises(UserError):
            exhibit.packaging = "box"
        self._step(exhibit, self.forensic, "store", place_id=self.place.id)
        self.assertEqual(exhibit.state, "stored")
        self.assertFalse(exhibit.holder_id)
        self.assertEqual(exhibit.place_id, self.place)
        with self.assertRaises(AccessError):
            exhibit.with_user(self.second)._give(self.forensic, "internal")
        self._step(exhibit, self.second, "take")
        self.assertEqual(exhibit.holder_id, self.second)
        with self.assertRaises(AccessError):
            exhibit.with_user(self.forensic)._store(self.place)
        self.assertFalse(exhibit.is_broken)

    def test_storage_of_this_center_only(self):
        exhibit = self._sealed()
        elsewhere = self.env["osc.storage.place"].create(
            {"name": "Locker", "center_id": self.other_center.id}
        )
        for place in (elsewhere, elsewhere.browse()):
            with self.assertRaises(UserError):
                exhibit._store(place)

    def test_not_in_the_future(self):
        exhibit = self._exhibit()
        later = fields.Datetime.now() + timedelta(minutes=1)
        with self.assertRaises(UserError):
            exhibit._seal("S-1", at=later)
        with self.assertRaises(ValidationError):
            self._exhibit(collected_at=later)

    def test_kit_and_items(self):
        kit = self._exhibit(is_kit=True, kit_number="N-1")
        with self.assertRaises(UserError):
            kit._seal("S-1")
        item = self._exhibit(parent_id=kit.id)
        with self.assertRaises(UserError):
            item._seal("S-2")
        kit._seal("S-1")
        self.assertEqual(item.state, "sealed")
        with self.assertRaises(UserError):
            self._exhibit(parent_id=kit.id)
        with self.assertRaises(UserError):
            item.parent_id = False
        self.assertFalse(item.with_user(self.forensic).user_holds)

    def test_a_broken_kit_breaks_what_is_in_it(self):
        kit = self._exhibit(is_kit=True)
        item = self._exhibit(parent_id=kit.id)
        kit._seal("S-1")
        kit._give(self.second, "internal", seal_in="S-9")
        self._settle()
        self.assertTrue(item.is_broken)
        found = self.env["osc.evidence"].search([("is_broken", "=", True)])
        self.assertIn(item, found)
        self.assertIn(kit, found)

    def test_needs_her_consent_in_the_exam(self):
        swab = self.component["vaginal"].id
        with self.assertRaises(ValidationError):
            self._exhibit(component_id=swab)
        exam = self._exam()
        for answer in (False, "no"):
            exam.consent_samples = answer
            with self.assertRaises(UserError):
                self._exhibit(component_id=swab, exam_id=exam.id)
        exam.consent_samples = "yes"
        self._exhibit(component_id=swab, exam_id=exam.id)
        blood = self.component["blood_toxicology"].id
        with self.assertRaises(UserError):
            self._exhibit(component_id=blood, exam_id=exam.id)
        exam.consent_samples = "withdrawn"
        with self.assertRaises(UserError):
            self._exhibit(component_id=swab, exam_id=exam.id)

    # ------------------------------------------------------------------
    # From hand to hand
    # ------------------------------------------------------------------
    def test_both_confirm_as_themselves(self):
        exhibit = self._sealed()
        self._step(
            exhibit, self.forensic, "give", to_user_id=self.second.id, seal="S-1"
        )
        self.assertEqual(exhibit.receiver_id, self.second)
        told = self.env["mail.message"].search(
            [("model", "=", "osc.case"), ("res_id", "=", exhibit.case_id.id)],
            order="id desc",
            limit=1,
        )
        self.assertEqual(told.notified_partner_ids, self.second.partner_id)
        for text in (told.subject, told.body):
            self.assertNotIn("vidence", text, "an e-mail says nothing of what it is")
        self.assertEqual(exhibit.holder_id, self.forensic)
        self.assertFalse(exhibit.is_broken)
        for user in (self.forensic, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                exhibit.with_user(user)._receive()
        for kind in ("store", "give", "seal"):
            with self.assertRaises(UserError):
                exhibit._check_step(kind)
        self._step(exhibit, self.second, "receive", seal="S-1")
        self.assertEqual(exhibit.holder_id, self.second)
        self.assertFalse(exhibit.receiver_id)
        self.assertFalse(exhibit.is_broken)
        give, receive = self._events(exhibit)[-2:]
        self.assertEqual((give.user_id, receive.user_id), (self.forensic, self.second))
        self.assertEqual(receive.answers, give.seq)

    def test_nobody_gives_for_another_or_to_themselves(self):
        exhibit = self._sealed()
        with self.assertRaises(AccessError):
            exhibit.with_user(self.second)._give(self.forensic, "internal")
        with self.assertRaises(UserError):
            exhibit._give(self.forensic, "internal")
        with self.assertRaises(UserError):
            exhibit._give(self.stranger, "internal")
        with self.assertRaises(UserError):
            exhibit._give(self.worker, "police")

    def test_unsealed_is_not_handed_over(self):
        with self.assertRaises(UserError):
            self._exhibit()._give(self.second, "internal")

    def test_refused_and_called_off(self):
        exhibit = self._sealed()
        exhibit._give(self.second, "internal")
        with self.assertRaises(AccessError):
            exhibit.with_user(self.second)._cancel()
        self._step(exhibit, self.second, "refuse", exception="The bag is torn")
        self.assertFalse(exhibit.receiver_id)
        self.assertEqual(exhibit.holder_id, self.forensic)
        exhibit._give(self.second, "internal")
        self._step(exhibit, self.forensic, "cancel")
        self.assertFalse(exhibit.receiver_id)
        self.assertFalse(exhibit.is_broken)
        with self.assertRaises(UserError):
            exhibit._cancel()
        with self.assertRaises(AccessError):
            exhibit.with_user(self.second)._receive()

    def test_breaks_are_shown_and_stop_nothing(self):
        exhibit = self._sealed()
        Evidence = self.env["osc.evidence"].with_user(self.forensic)
        broken = [("is_broken", "=", True), ("id", "=", exhibit.id)]
        exhibit._give(self.second, "internal")
        self.assertFalse(Evidence.search(broken))
        self._pass_minutes(31)
        self.assertTrue(exhibit.is_broken)
        self.assertIn("didn't confirm", exhibit.chain_problems)
        self.assertEqual(Evidence.search(broken), exhibit)
        exhibit.with_user(self.second)._receive(seal_in="S-2")
        self._settle()
        self.assertIn("nobody had it", exhibit.chain_problems)
        self.assertIn("isn't the one put on", exhibit.chain_problems)
        self.assertEqual(Evidence.search(broken), exhibit)
        exhibit.with_user(self.second)._store(self.place)
        self.assertEqual(exhibit.state, "stored")

    def test_an_imported_self_hand_over_is_a_break(self):
        exhibit = self._sealed()
        exhibit._record(
            "give", from_user_id=self.forensic.id, to_user_id=self.forensic.id
        )
        exhibit._record("receive", answers=3, to_user_id=self.forensic.id)
        self._settle()
        self.assertIn("same person", exhibit.chain_problems)

    @settings(max_examples=40, deadline=None)
    @given(st.booleans(), st.lists(ATTEMPTS, min_size=4, max_size=14))
    def test_random_steps_by_random_persons(self, agreed, attempts):
        """Whatever is tried: the log tells the truth, and the list finds what broke."""
        savepoint = self.env.cr.savepoint()
        self.clock.move_to("2026-03-10 17:00:00")
        if agreed:
            self._consent()
            self._consent(discipline=None, agency_id=self.lab.id)
        exhibit = self._sealed()
        for who, kind, to_whom, seal, minutes in attempts:
            self._pass_minutes(minutes)
            before = (exhibit.state, len(self._events(exhibit)))
            try:
                with self.env.cr.savepoint():
                    self._attempt(exhibit, getattr(self, who), kind, to_whom, seal)
            except UserError:
                self.env.invalidate_all()
                after = (exhibit.state, len(self._events(exhibit)))
                self.assertEqual(after, before)
        self._settle()
        log = self._events(exhibit)._as_chain_events()
        chain = Chain.of(log, timedelta(minutes=30))
        self.assertEqual(sorted(chain.problems), reference(log, timedelta(minutes=30)))
        self.assertEqual(exhibit.has_break, bool(chain.problems))
        found = exhibit.search([("is_broken", "=", True), ("id", "=", exhibit.id)])
        self.assertEqual(bool(found), exhibit.is_broken)
        self.assertTrue(self.env["osc.custody.event"]._verify(exhibit.sudo())["ok"])
        if not agreed:
            self.assertIn(
                exhibit.state, ("sealed", "stored", "awaiting_consent", "retained")
            )
            self.assertNotIn(self.police, self._events(exhibit).to_user_id)
        for event in self._events(exhibit).filtered(lambda e: e.kind == "receive"):
            self.assertEqual(event.user_id, event.to_user_id)
            self.assertNotEqual(event.user_id, event.from_user_id)
        savepoint.rollback()
        self.env.invalidate_all()

    def _attempt(self, exhibit, user, kind, to_whom, seal):
        exhibit = exhibit.with_user(user)
        person = ("Analyst Test", self.lab, PAPER, "lab")
        if kind == "give":
            purpose = "police" if to_whom == "police" else "internal"
            exhibit._give(getattr(self, to_whom), purpose, seal_in=seal)
        elif kind == "out":
            exhibit._give_outside(*person, seal_in=seal)
        elif kind == "pass":
            exhibit._pass(*person)
        elif kind == "take_back":
            exhibit._take_back(PAPER, seal_in=seal)
        elif kind == "seal":
            exhibit._seal(seal)
        elif kind == "store":
            exhibit._store(self.place)
        elif kind == "receive":
            exhibit._receive(seal_in=seal)
        else:
            getattr(exhibit, f"_{kind}")()

    # ------------------------------------------------------------------
    # Release
    # ------------------------------------------------------------------
    def test_police_get_it_by_her_consent_only(self):
        exhibit = self._sealed()
        with self.assertRaises(UserError):
            exhibit._give(self.police, "police")
        self._consent("medical")
        with self.assertRaises(UserError):
            exhibit._give(self.police, "police")
        consent = self._consent()
        with self.assertRaises(UserError):
            exhibit._give(self.police, "internal")
        self._step(
            exhibit,
            self.forensic,
            "give",
            to_user_id=self.police.id,
            purpose="police",
            seal="S-1",
        )
        self.assertEqual(exhibit.state, "sealed")
        self._step(exhibit, self.police, "receive", seal="S-1")
        self.assertEqual(exhibit.state, "released")
        self.assertEqual(exhibit.holder_id, self.police)
        self.assertFalse(exhibit.is_broken)
        # They may not open it any more, so they can't hand it back themselves.
        consent.with_user(self.worker).action_withdraw()
        self._settle()
        with self.assertRaises(AccessError):
            exhibit.with_user(self.police)._give(self.forensic, "internal")
        self._step(exhibit, self.forensic, "take_back", seal="S-1")
        self.assertEqual(exhibit.state, "returned")
        self.assertIn("didn't confirm", exhibit.chain_problems)

    def test_police_hand_it_back_themselves(self):
        self._consent()
        exhibit = self._sealed()
        exhibit._give(self.police, "police")
        exhibit.with_user(self.police)._receive()
        with self.assertRaises(UserError):
            exhibit._take_back()
        exhibit.with_user(self.police)._give(self.forensic, "police")
        exhibit._receive()
        self.assertEqual(exhibit.state, "returned")
        self.assertFalse(exhibit.is_broken)

    def test_what_she_said_in_the_exam_counts(self):
        self._consent()
        exam = self._exam(consent_police="yes")
        exhibit = self._sealed(exam_id=exam.id)
        exam.consent_police = "withdrawn"
        with self.assertRaises(UserError):
            exhibit._give(self.police, "police")

    def test_a_legal_duty_releases_it(self):
        exam = self._exam(consent_police="no")
        exhibit = self._sealed(exam_id=exam.id)
        self.env["osc.disclosure"].with_user(self.worker).create(
            {
                "case_id": self.case.id,
                "scope": "evidence",
                "discipline_id": self.disciplines["police"].id,
                "basis": "legal_duty",
                "law": "Order of the court",
            }
        )
        self._settle()
        exhibit._give(self.police, "police")
        exhibit.with_user(self.police)._receive()
        self.assertEqual(exhibit.state, "released")

    def test_to_somebody_outside_with_a_receipt(self):
        exhibit = self._sealed()
        person = ("Constable Test", self.lab)
        with self.assertRaises(UserError):
            exhibit._give_outside(*person, PAPER, "lab")
        self._consent(discipline=None, agency_id=self.lab.id)
        for args in (
            (*person, None, "lab"),
            (*person, PAPER, "internal"),
            ("", self.lab, PAPER, "lab"),
            ("Constable Test", self.lab.browse(), PAPER, "lab"),
        ):
            with self.subTest(args=args), self.assertRaises(UserError):
                exhibit._give_outside(*args)
        self._step(
            exhibit,
            self.forensic,
            "give",
            to_whom="outside",
            outsider=person[0],
            agency_id=self.lab.id,
            receipt=PAPER,
            purpose="transport",
            seal="S-1",
        )
        self.assertEqual(exhibit.state, "in_transit")
        self.assertTrue(exhibit.is_outside)
        with self.assertRaises(UserError):
            exhibit._take_back()
        self._step(
            exhibit,
            self.forensic,
            "pass",
            outsider="Analyst Test",
            agency_id=self.lab.id,
            receipt=PAPER,
            purpose="lab",
        )
        self.assertEqual(exhibit.state, "lab_received")
        self._step(exhibit, self.forensic, "analyse")
        self.assertEqual(exhibit.state, "in_analysis")
        self._step(exhibit, self.forensic, "report", new_seal="L-5")
        self.assertEqual(exhibit.state, "reported")
        exhibit.lab_result = "Nothing found"
        self._step(exhibit, self.forensic, "take_back", receipt=PAPER, seal="L-5")
        self.assertEqual(exhibit.state, "returned")
        self.assertFalse(exhibit.is_broken, exhibit.chain_problems)
        row = self._row("osc_custody_event", self._events(exhibit)[2].id)
        self.assertNotIn("Constable", row)

    def _row(self, table, record_id):
        self.env.flush_all()
        table = SQL.identifier(table)
        query = SQL("SELECT %s::text FROM %s WHERE id = %s", table, table, record_id)
        return self.env.execute_query(query)[0][0]

    def test_states_refuse_what_is_not_possible(self):
        exhibit = self._sealed()
        for step in ("analyse", "report", "pass", "take_back", "take", "await"):
            with self.subTest(step=step), self.assertRaises(UserError):
                exhibit._step(step)
        exhibit._store(self.place)
        exhibit._await()
        self.assertEqual(exhibit.state, "awaiting_consent")
        exhibit._retain()
        self.assertEqual(exhibit.state, "retained")
        self.assertEqual(exhibit.place_id, self.place)
        with self.assertRaises(UserError):
            exhibit._await()

    # ------------------------------------------------------------------
    # Disposal
    # ------------------------------------------------------------------
    def test_disposal_needs_two_and_the_time(self):
        exhibit = self._sealed()
        years = self.center._policy_on(self.center._local_day())._limit(
            "evidence_retention_years"
        )
        self.assertEqual(exhibit.retain_until.year, 2026 + years)
        with self.assertRaises(UserError):
            exhibit._dispose_request("Case is over")
        exhibit.retain_until = "2026-03-01"
        with self.assertRaises(UserError):
            exhibit._dispose_request("")
        with self.assertRaises(AccessError):
            exhibit.with_user(self.second)._dispose()
        self._step(exhibit, self.forensic, "dispose_request", reason="Case is over")
        with self.assertRaises(AccessError):
            exhibit._dispose()
        self.env["osc.case.member"]._grant(
            self.case, self.stranger, "break_glass", scopes=["evidence"]
        )
        self._settle()
        exhibit.with_user(self.stranger).check_access("read")
        for user in (self.stranger, self.police, self.worker):
            with self.assertRaises(AccessError):
                exhibit.with_user(user)._dispose()
        self._step(exhibit, self.second, "dispose")
        self.assertEqual(exhibit.state, "disposed")
        self.assertFalse(exhibit.is_broken)
        with self.assertRaises(UserError):
            exhibit.with_user(self.second)._dispose()
        with self.assertRaises(UserError):
            exhibit.unlink()

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    def test_files_have_a_fingerprint_and_stay(self):
        exhibit = self._sealed()
        File = self.env["osc.evidence.file"].with_user(self.forensic)
        file = File.create({"evidence_id": exhibit.id, "content": PAPER})
        self._settle()
        self.assertEqual(file.sha256, sha256(base64.b64decode(PAPER)).hexdigest())
        self.assertEqual(self._kinds(exhibit)[-1], "file")
        self.assertNotIn(file.sha256, self._row("osc_evidence_file", file.id))
        with self.assertRaises(AccessError):
            file.write({"content": base64.b64encode(b"other")})
        with self.assertRaises(AccessError):
            file.unlink()
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", file._name), ("res_id", "=", file.id)]
            + [("res_field", "=", "content")]
        )
        self.assertTrue(attachment.vault_key)
        attachment.raw = b"other"
        result = self.env["osc.custody.event"]._verify(exhibit.sudo())
        self.assertEqual((result["problem"], result["seq"]), ("file", 3))

    def test_each_file_is_in_the_log(self):
        exhibit = self._exhibit()
        File = self.env["osc.evidence.file"].with_user(self.forensic)
        for kind in dict(File._fields["kind"].selection):
            File.create({"evidence_id": exhibit.id, "content": PAPER, "kind": kind})
            self.assertEqual(self._events(exhibit)[-1].file_id.kind, kind)
        self._consent(discipline="legal")
        with self.assertRaises(AccessError):
            File.with_user(self.legal).create(
                {"evidence_id": exhibit.id, "content": PAPER}
            )

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------
    def test_who_reads_evidence(self):
        exhibit = self._sealed(source="Left sleeve")
        event = self._events(exhibit)[0]
        for user, may in (
            (self.forensic, True),
            (self.second, True),
            (self.medical, False),
            (self.police, False),
            (self.legal, False),
            (self.stranger, False),
            (self.worker, False),
            (self.manager, False),
            (self.coordinator, False),
            (self.auditor, False),
            (self.administrator, False),
            (self.internal, False),
            (self.portal, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(exhibit.with_user(user).has_access("read"), may)
                self.assertEqual(event.with_user(user).has_access("read"), may)
        self._consent(discipline="legal")
        self.assertEqual(exhibit.with_user(self.legal).source, "Left sleeve")
        self.assertFalse(exhibit.with_user(self.legal).has_access("write"))
        with self.assertRaises(AccessError):
            exhibit.with_user(self.legal)._take()

    def test_excluded_staff_see_nothing(self):
        exhibit = self._sealed()
        self.case.sudo().excluded_user_ids = self.second
        self._settle()
        self.assertFalse(exhibit.with_user(self.second).has_access("read"))

    def test_queries_of_a_long_list(self):
        """As many for 40 exhibits as for 10."""
        exhibits = self.env["osc.evidence"]
        for _number in range(40):
            exhibits |= self._sealed()
        spec = dict.fromkeys(("code", "state", "holder_id", "is_broken"), {})
        counts = []
        for some in (exhibits[:10], exhibits):
            self._settle()
            some.with_user(self.forensic).web_read(spec)  # rights are cached
            self._settle()
            before = self.env.cr.sql_log_count
            some.with_user(self.forensic).web_read(spec)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 20)

    # ------------------------------------------------------------------
    # Append-only
    # ------------------------------------------------------------------
    def test_nobody_writes_the_log(self):
        event = self._events(self._exhibit())
        for env in (self.env, event.with_user(self.forensic).env):
            event = event.with_env(env)
            with self.assertRaises(AccessError):
                event.write({"at": "2020-01-01 00:00:00"})
            with self.assertRaises(AccessError):
                event.unlink()
            with self.assertRaises(AccessError):
                event.create({"kind": "give"})

    @mute_logger(SQL_LOG)
    def test_the_database_refuses(self):
        event = self._events(self._exhibit())
        self.env.flush_all()
        for query in (
            "UPDATE osc_custody_event SET at = now()",
            "UPDATE osc_custody_event SET mac = ''",
            "DELETE FROM osc_custody_event",
            "TRUNCATE osc_custody_event",
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(RaiseException),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)
        self.assertTrue(event.exists())


@tagged("post_install", "-at_install")
class TestCustodyProof(ClinicalCommon):
    """What somebody changed past the triggers is found and named."""

    def setUp(self):
        super().setUp()
        self.exhibit = self._sealed()
        self.exhibit._store(self.place, exception="Room was open")
        self.events = self._events(self.exhibit)
        self.assertEqual(len(self.events), 3)
        self._settle()

    def _tamper(self, query, *args):
        cr = self.env.cr
        cr.execute("ALTER TABLE osc_custody_event DISABLE TRIGGER USER")
        cr.execute(query, args)
        cr.execute("ALTER TABLE osc_custody_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _found(self):
        """By the auditor, who may read none of it."""
        return self.env["osc.custody.event"].with_user(self.auditor).verify()

    def _own(self):
        """Of this exhibit; a demonstration is signed with another key."""
        self.env.invalidate_all()
        return self.env["osc.custody.event"]._verify(self.exhibit.sudo())

    def test_intact(self):
        result = self._own()
        self.assertTrue(result["ok"], result)
        self.assertEqual(result["events"], 3)
        self.assertIn(self._found()["problem"], (None, "unknown_key"))

    def test_only_auditors_verify_all(self):
        for user in (self.forensic, self.manager, self.administrator, self.internal):
            with self.assertRaises(AccessError):
                self.env["osc.custody.event"].with_user(user).verify()
        action = self.exhibit.action_verify()
        self.assertEqual(action["params"]["type"], "success")
        with self.assertRaises(AccessError):
            self.exhibit.with_user(self.police).action_verify()

    def test_each_altered_column_is_found(self):
        for assignment in (
            "at = at - interval '1 hour'",
            f"user_id = {self.second.id}",
            "seal_out = 'S-2'",
            "kind = 'take'",
            "state = 'sealed'",
            "exception = NULL",
            "digest = ''",
            "mac = ''",
            "previous = ''",
        ):
            with self.subTest(assignment=assignment):
                savepoint = self.env.cr.savepoint()
                self._tamper(
                    f"UPDATE osc_custody_event SET {assignment} WHERE id = %s",
                    self.events[2].id,
                )
                result = self._found()
                self.assertEqual(
                    (result["problem"], result["event_id"], result["seq"]),
                    ("altered", self.events[2].id, 3),
                )
                self.assertEqual(result["code"], self.exhibit.code)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_missing_row_in_the_middle(self):
        self._tamper("DELETE FROM osc_custody_event WHERE id = %s", self.events[1].id)
        result = self._found()
        self.assertEqual((result["problem"], result["seq"]), ("missing", 2))

    def test_a_cut_off_end(self):
        self._tamper("DELETE FROM osc_custody_event WHERE id = %s", self.events[2].id)
        result = self._found()
        self.assertEqual(result["problem"], "missing")
        self.assertEqual(result["event_id"], self.events[2].id)
        own = self.env["osc.custody.event"]._verify(self.exhibit.sudo())
        self.assertEqual(own["problem"], "missing")

    def test_swapped_numbers(self):
        self._tamper(
            "UPDATE osc_custody_event SET seq = -seq WHERE id = ANY(%s)",
            self.events[1:].ids,
        )
        self._tamper(
            "UPDATE osc_custody_event SET seq = 5 + seq WHERE id = ANY(%s)",
            self.events[1:].ids,
        )
        self.assertFalse(self._found()["ok"])

    def test_a_row_of_ones_own_making(self):
        self._tamper(
            "INSERT INTO osc_custody_event (evidence_id, case_id, seq, kind, at, "
            "recorded_at, user_id, digest, previous, mac) SELECT evidence_id, case_id, "
            "4, 'take', at, recorded_at, user_id, digest, mac, mac "
            "FROM osc_custody_event WHERE id = %s",
            self.events[2].id,
        )
        result = self._found()
        self.assertEqual((result["problem"], result["seq"]), ("altered", 4))

    def test_removed_triggers(self):
        self.env.cr.execute("DROP TRIGGER osc_custody_kept ON osc_custody_event")
        self.assertEqual(self._found()["problem"], "guards")

    def test_a_new_key_of_the_vault(self):
        """Old rows stay verified; their texts may be locked anew."""
        with vault.using(vault.NEXT_RING):
            self.assertTrue(self._own()["ok"])
            Vault = self.env["osc.vault"]
            _last, count, _unopened = Vault._reencrypt_rows("osc.custody.event")
            self.assertTrue(count)
            self.env.invalidate_all()
            self.assertEqual(self.events[2].exception, "Room was open")
            self.assertTrue(self._own()["ok"])
            self.exhibit.with_user(self.second)._take()
            self.assertTrue(self._own()["ok"])

    def test_without_a_key_nothing_is_recorded(self):
        with vault.using(vault.NO_RING), self.assertRaises(UserError):
            self.exhibit._take()
        with vault.using(vault.NO_RING):
            self.assertEqual(self._own()["problem"], "unknown_key")
