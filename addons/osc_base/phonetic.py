"""How South Asian names sound, whatever the script, the spelling and the order.

``sounds("Mohd. Aisha")`` and ``sounds("عائشہ محمد")`` are the same. Each part of a name
is written in Latin letters (``skeleton``); letters that people hear or spell alike
become one, and vowels go (``key``): Urdu doesn't write the short ones, and everybody
spells the long ones as they like.

Pure functions; what they return goes into keyed tokens only, see ``fields.SoundIndex``.
"""

import re
import unicodedata

from .normalise import name

# In a skeleton, small letters are Latin as people spell; S is “sh”, C is “ch”, H an “h”
# that is heard and doesn't belong to the letter before it.
ARABIC = {
    **dict.fromkeys("اع", "a"),
    **dict.fromkeys("تطٹ", "t"),
    **dict.fromkeys("سصث", "s"),
    **dict.fromkeys("زذضظژ", "z"),
    **dict.fromkeys("دڈ", "d"),
    **dict.fromkeys("رڑ", "r"),
    **dict.fromkeys("کقخ", "k"),
    **dict.fromkeys("گغ", "g"),
    **dict.fromkeys("ہح", "H"),
    **{"ب": "b", "پ": "p", "ج": "j", "چ": "C", "ش": "S", "ف": "f", "ل": "l"},
    **{"م": "m", "ن": "n", "و": "v", "ی": "y"},
}
DEVANAGARI = {
    **dict.fromkeys("अआइईउऊएऐऑऍओऔ", "a"),
    **dict.fromkeys("ािीुूेैोौॉॅ", "a"),
    **dict.fromkeys("कख", "k"),
    **dict.fromkeys("गघ", "g"),
    **dict.fromkeys("चछ", "C"),
    **dict.fromkeys("जझ", "j"),
    **dict.fromkeys("टठतथ", "t"),
    **dict.fromkeys("डढदध", "d"),
    **dict.fromkeys("ङञणनं", "n"),
    **dict.fromkeys("बभ", "b"),
    **dict.fromkeys("शष", "S"),
    **dict.fromkeys("रऋृ", "r"),
    **dict.fromkeys("लळ", "l"),
    **{"प": "p", "फ": "f", "म": "m", "य": "y", "व": "v", "स": "s", "ह": "H"},
    **{"ः": "H", "्": ""},
}
# Bengali has the same letters in the same order, 128 further on.
BENGALI = {
    **{chr(ord(letter) + 0x80): latin for letter, latin in DEVANAGARI.items()},
    **{"য": "j", "ৎ": "t"},
}
LATIN = str.maketrans({**ARABIC, **DEVANAGARI, **BENGALI})
# Letters of which a dot, or an eye, makes another one; ``name`` takes the dots away.
DISTINCT = {
    "ज़": "z",
    "ड़": "r",
    "ढ़": "r",
    "য়": "y",
    "ড়": "r",
    "ঢ়": "r",
    "پھ": "f",
    "ھ": "",
}
# What people write for a name.
SHORT = {
    **dict.fromkeys(("m", "md", "mhd", "mohd", "mohmd", "muhd"), "muhammad"),
    "kh": "khan",
    "ch": "chaudhry",
}
# Words beside a name that tell nobody from others; they count only when there is
# nothing else.
TITLES = frozenset(
    name(title)
    for title in (
        "bi bibi bee begum begam khatoon khatun bano banu devi kumari shrimati smt sri "
        "shri mst mussamat musammat mr mrs miss ms dr syed sayed syeda sayeda bint "
        "binte wife daughter of wo do "
        "بی بیبی بیگم خاتون بانو مسماۃ مسمات سید سیدہ بنت زوجہ "
        "बी बीबी बेगम ख़ातून खातून बानो देवी कुमारी श्रीमती बिन्त "
        "বিবি বেগম খাতুন বানু দেবী শ্রীমতী"
    ).split()
)
# Applied one after the other.
SOUNDS = (
    (r"sch|sh", "S"),
    (r"t?ch", "C"),
    (r"ph", "f"),
    (r"[kq]h", "k"),
    (r"([bdgjtz])h", r"\1"),
    (r"h", "H"),
    (r"x", "ks"),
    (r"[cq]", "k"),
    (r"j", "z"),
    (r"w", "v"),
    (r"^[aeiou]+", "A"),
    (r"(?<=.)[aeiouyv]+", ""),
    (r"(.)\1+", r"\1"),
    (r"(?<=.)H$", ""),
)


def skeleton(value: str) -> list[str]:
    """The parts of a name in Latin letters, in the order in which they stand."""
    value = unicodedata.normalize("NFD", value)
    for letter, latin in DISTINCT.items():
        value = value.replace(unicodedata.normalize("NFD", letter), latin)
    parts = name(value).split()
    chosen = [part for part in parts if part not in TITLES] or parts
    return [SHORT.get(part, part.translate(LATIN)) for part in chosen]


def key(part: str) -> str:
    """What a part of a skeleton has in common with others that sound like it."""
    for pattern, sound in SOUNDS:
        part = re.sub(pattern, sound, part)
    return part


def sounds(value: str) -> frozenset[str]:
    """The keys of the parts of a name."""
    return frozenset(filter(None, map(key, skeleton(value))))
