from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.osc_base.phonetic import key, skeleton, sounds

# Spellings of one name in Latin, Urdu or Arabic, Hindi and Bengali letters.
SAME = """
Mohammad Muhammad Mohammed Mohamad Mohd. Md محمد मोहम्मद মোহাম্মদ
Ahmed Ahmad احمد أحمد अहमद আহমেদ
Ayesha Aisha Aaisha Aysha عائشہ عائشة आयशा আয়েশা
Zainab Zaynab Zeinab زینب زينب ज़ैनब जैनब জয়নব
Nasreen Nasrin Nasrine نسرین नसरीन নাসরিন
Fatima Fatimah Fathima فاطمہ فاطمة फ़ातिमा फातिमा ফাতিমা
Shabnam Shabnum شبنم शबनम শবনম
Khan Khaan خان ख़ान खान খান
Parveen Perwin Parvin پروین परवीन
Rukhsana Ruksana رخسانہ रुख़साना
Zahra Zehra زہرا زهرا ज़हरा
Noor Nur نور नूर নূর
Qureshi Quraishi Kureshi قریشی कुरैशी
Chaudhry Chowdhury Choudhary چودھری चौधरी
Yasmin Yasmeen یاسمین यास्मीन
Bushra Bushrah بشریٰ बुशरा
Rehana Rihana ریحانہ रेहाना রেহানা
Ghulam Gulam غلام ग़ुलाम
Wajiha Vajeeha وجیہہ
Iqra Ikra اقرا इक़रा
Krishna कृष्णा
Shaheen Shahin شاہین शाहीन
Phool Fool پھول फूल
"""
DIFFERENT = (
    ("Zainab", "Zeenat"),
    ("Nasreen", "Nargis"),
    ("Ayesha", "Asma"),
    ("Fatima", "Farida"),
    ("Khan", "Malik"),
    ("Amina", "Mina"),
    ("Sana", "Shana"),
    ("محمد", "احمد"),
    ("मीना", "नीना"),
)


@tagged("post_install", "-at_install")
class TestPhonetic(BaseCase):
    def test_spellings_and_scripts_of_a_name_sound_alike(self):
        for line in SAME.strip().splitlines():
            names = line.split()
            for other in names[1:]:
                with self.subTest(name=names[0], other=other):
                    self.assertEqual(sounds(other), sounds(names[0]))

    def test_other_names_do_not(self):
        for one, other in DIFFERENT:
            with self.subTest(one=one, other=other):
                self.assertNotEqual(sounds(one), sounds(other))

    def test_order_titles_and_punctuation_do_not_count(self):
        for value in (
            "Ayesha Khan",
            "khan, aisha",
            "Mst. Ayesha Bibi KHAN",
            "عائشہ بی بی خان",
            "आयशा ख़ान",
        ):
            self.assertEqual(sounds(value), sounds("Aisha Khan"), value)
        self.assertEqual(sounds("Bibi"), sounds("Beebi"), "there is nothing else")

    def test_a_skeleton_is_latin(self):
        for value in ("زینب چودھری", "ज्योति श्रीवास्तव", "শর্মিলা", "Łucja Ångström"):
            for part in skeleton(value):
                self.assertTrue(part.isascii() and part.isalpha(), part)

    def test_nothing_sounds_like_nothing(self):
        for value in ("", " ", "—", "12", "?!"):
            self.assertFalse([sound for sound in sounds(value) if sound.isalpha()])

    @settings(deadline=None)
    @given(st.text())
    def test_any_text_has_sounds(self, value):
        for sound in sounds(value):
            self.assertTrue(sound)
        self.assertEqual(sounds(value), sounds(f"  {value} "))

    @settings(deadline=None)
    @given(st.lists(st.sampled_from(SAME.split()), min_size=1, max_size=4))
    def test_order_never_counts(self, parts):
        self.assertEqual(sounds(" ".join(parts)), sounds(" ".join(parts[::-1])))

    @settings(deadline=None)
    @given(st.from_regex(r"[a-wyz]{2,12}", fullmatch=True))
    def test_double_letters_and_case_never_count(self, part):
        self.assertEqual(sounds(part), sounds(part.upper()))
        # What begins with "sh", "sch" or "tch" is one sound; doubled, it is two.
        if part[1] != "h" and part[1:3] != "ch":
            self.assertEqual(key(part), key(part[0] + part))
