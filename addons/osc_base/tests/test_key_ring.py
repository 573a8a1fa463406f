import base64
import json
import os
import secrets
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.osc_base import normalise
from odoo.addons.osc_base.key_ring import KeyRing, VaultLocked, VaultTampered

LOGGER = "odoo.addons.osc_base.key_ring"


@tagged("post_install", "-at_install")
class TestKeyRing(BaseCase):
    """The ring in its file, what it locks and what it opens."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "ring.json"
        environment = patch.dict(os.environ, {"OSC_KEY_RING": str(self.path)})
        environment.start()
        self.addCleanup(environment.stop)

    def test_a_ring_is_for_its_user_only_and_never_replaced(self):
        KeyRing.make(self.path, "a")
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        before = self.path.read_bytes()
        with self.assertRaises(FileExistsError):
            KeyRing.make(self.path, "b")
        self.assertEqual(self.path.read_bytes(), before)
        self.assertEqual(list(self.path.parent.iterdir()), [self.path])

    def test_what_is_locked_opens_at_its_place_only(self):
        KeyRing.make(self.path, "a")
        ring = KeyRing.load()
        stored = ring.encrypt("زینب".encode(), "osc.survivor|1|full_name")
        self.assertEqual(
            ring.decrypt(stored, "osc.survivor|1|full_name").decode(), "زینب"
        )
        for place in ("osc.survivor|2|full_name", "osc.survivor|1|phone", ""):
            with self.assertRaises(VaultTampered):
                ring.decrypt(stored, place)

    def test_equal_values_look_different(self):
        KeyRing.make(self.path, "a")
        ring = KeyRing.load()
        self.assertNotEqual(ring.encrypt(b"x", "p"), ring.encrypt(b"x", "p"))

    def test_every_changed_byte_is_found(self):
        KeyRing.make(self.path, "a")
        ring = KeyRing.load()
        key_id, body = ring.encrypt(b"Jane", "p").split(".")
        sealed = bytearray(base64.b64decode(body))
        for position in range(len(sealed)):
            changed = bytearray(sealed)
            changed[position] ^= 1
            forged = f"{key_id}.{base64.b64encode(bytes(changed)).decode()}"
            with self.assertRaises(VaultTampered):
                ring.decrypt(forged, "p")
        for forged in (f"{key_id}.", f"{key_id}.AAAA", f"{key_id}.no base64"):
            with self.assertRaises(VaultTampered):
                ring.decrypt(forged, "p")

    def test_a_new_key_writes_and_the_old_one_still_opens(self):
        KeyRing.make(self.path, "a")
        old = KeyRing.load()
        stored = old.encrypt(b"x", "p")
        KeyRing.add(self.path, "b")
        ring = KeyRing.load()
        self.assertEqual(ring.ids(), ["b", "a"])
        self.assertEqual(ring.decrypt(stored, "p"), b"x")
        self.assertEqual(ring.key_of(ring.encrypt(b"x", "p")), "b")
        self.assertIn(old.token("v", "f"), ring.tokens("v", "f"))
        with self.assertRaises(ValueError):
            KeyRing.add(self.path, "b")

    def test_tokens_tell_nothing_across_fields_and_keys(self):
        KeyRing.make(self.path, "a")
        ring = KeyRing.load()
        self.assertEqual(ring.token("v", "f"), ring.token("v", "f"))
        self.assertNotEqual(ring.token("v", "f"), ring.token("v", "g"))
        KeyRing.add(self.path, "b")
        self.assertNotEqual(ring.token("v", "f"), KeyRing.load().token("v", "f"))

    @mute_logger(LOGGER)
    def test_without_a_key_it_is_locked(self):
        ring = KeyRing.load()
        self.assertTrue(ring.locked)
        for action in (
            lambda: ring.encrypt(b"x", "p"),
            lambda: ring.decrypt("a.AAAA", "p"),
            lambda: ring.token("v", "f"),
        ):
            with self.assertRaises(VaultLocked):
                action()

    def test_a_damaged_file_is_locked_and_not_in_the_log(self):
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        short = base64.b64encode(b"short").decode()
        for content in (
            "",
            "[]",
            key,
            json.dumps({"keys": {"a": key}}),
            json.dumps({"current": "a", "keys": {"a": short}}),
            json.dumps({"current": "a.b", "keys": {"a.b": key}}),
        ):
            self.path.write_text(content)
            # the file's time of change decides whether it is read again
            os.utime(self.path, ns=(0, secrets.randbelow(10**15)))
            with self.assertLogs(LOGGER, "ERROR") as log:
                self.assertTrue(KeyRing.load().locked)
            self.assertNotIn(key, "".join(log.output))


@tagged("post_install", "-at_install")
class TestNormalise(BaseCase):
    def test_digits_of_every_script(self):
        for value in ("35202-1234567-1", "۳۵۲۰۲۱۲۳۴۵۶۷۱", "३५२०२ १२३४५६७ १"):
            self.assertEqual(normalise.digits(value), "3520212345671")

    def test_identifiers(self):
        for value in (
            "35202-1234567-1",
            "CNIC 35202-1234567-1",
            "۳۵۲۰۲-۱۲۳۴۵۶۷-۱",
            "३५२०२ १२३४५६७ १",
            "No. ৩৫২০২১২৩৪৫৬৭১",
        ):
            self.assertEqual(normalise.identifier(value), "3520212345671")
        # Two people who were born on one day.
        self.assertNotEqual(
            normalise.identifier("GOMC900514MDFLRS09"),
            normalise.identifier("PEMA900514MDFLRS09"),
        )
        self.assertEqual(
            normalise.identifier("gomc 900514-mdflrs09"),
            normalise.identifier("900514MDFLRS09"),
        )

    def test_values_without_substance_are_equal_to_nothing(self):
        self.assertEqual(normalise.identifier("not known"), "")
        self.assertEqual(normalise.phone("none"), "")
        self.assertEqual(normalise.name("—"), "")

    def test_a_phone_however_it_is_dialled(self):
        for local, abroad in (
            ("081-234 5678", "+66 81 234 5678"),  # Thailand
            ("12 34 56 78", "0045 12345678"),  # Denmark
            ("0971 234567", "+260 971 234567"),  # Zambia
            ("۰۳۰۰ ۱۲۳۴۵۶۷", "+92 300 1234567"),
            ("०९८१२३४५६७०", "+91 98123 45670"),
        ):
            self.assertEqual(normalise.phone(local), normalise.phone(abroad))
        for value in ("+92 300 1234567", "0300-1234567", "00923001234567"):
            self.assertEqual(normalise.phone(value), "3001234567")
        self.assertEqual(normalise.phone("0971 234567"), normalise.phone("971234567"))

    def test_names(self):
        for value in ("Zaïnab  Bibi", "ZAINAB BIBI", " zainab-bibi "):
            self.assertEqual(normalise.name(value), "zainab bibi")
        self.assertEqual(normalise.name("رَضِیَہ"), normalise.name("رضیہ"))
        self.assertNotEqual(normalise.name("Zainab"), normalise.name("Zeenat"))
        # The same letters from an Arabic keyboard
        self.assertEqual(normalise.name("فاطمة علي"), normalise.name("فاطمہ علی"))
        # Vowel signs are letters; the dot that people leave out is none.
        self.assertNotEqual(normalise.name("मीना"), normalise.name("मोना"))
        self.assertEqual(normalise.name("ज़ीनत"), normalise.name("जीनत"))
        self.assertEqual(normalise.name("Søren Łucja"), normalise.name("SOREN LUCJA"))

    @settings(deadline=None)
    @given(st.text())
    def test_normalising_twice_changes_nothing(self, value):
        for normaliser in normalise.NORMALISERS.values():
            once = normaliser(value)
            self.assertEqual(normaliser(once), once)
