"""Ways to write a value so that equal things are equal.

Pure functions of text; what they return goes into keyed tokens only. An empty answer
means that there is nothing to compare, not that two such values are equal.
"""

import re
import unicodedata

NATIONAL_DIGITS = 10
# The countries whose calling code has two digits; +1 and +7 have one, others three.
CALLING_CODES = set(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 "
    "61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split()
)
# Letters that people take for one another, or that keyboards mix up.
SAME_LETTER = str.maketrans(
    {
        # Latin letters that Unicode doesn't take apart
        **{"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i"},
        # Arabic keyboards for Urdu
        **{"ي": "ی", "ى": "ی", "ے": "ی", "ك": "ک", "ه": "ہ", "ھ": "ہ", "ة": "ہ"},
        **{"ۀ": "ہ", "ە": "ہ", "ں": "ن", "ٱ": "ا", "ـ": None, "ء": None},
        # Shorthand of Hindi
        "ँ": "ं",
    }
)


def digits(value: str) -> str:
    """Digits only, whatever the script; Urdu, Devanagari, Bengali ones become 0 to 9."""
    return "".join(
        str(unicodedata.digit(character)) for character in value if character.isdigit()
    )


def identifier(value: str) -> str:
    """A national id without its dashes, and without words such as “CNIC” before it.

    Letters inside of it count: in some countries they tell people apart.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", value).casefold())
    return "".join(_western(word) for word in words if digits(word))


def phone(value: str) -> str:
    """A phone number without the ways to dial it: +92 300… and 0300… are the same."""
    number = digits(value)
    if number.startswith("00"):
        number = _without_calling_code(number[2:])
    elif value.strip()[:1] in ("+", "＋"):
        number = _without_calling_code(number)
    return number[-NATIONAL_DIGITS:].lstrip("0")


def name(value: str) -> str:
    """A name without case, diacritics, punctuation and needless spaces."""
    folded = unicodedata.normalize("NFKD", value).casefold()
    folded = unicodedata.normalize("NFKD", folded).translate(SAME_LETTER)
    letters = (
        _western(character) if _is_letter(character) else " "
        for character in folded
        if not _is_diacritic(character)
    )
    return re.sub(r" +", " ", "".join(letters)).strip()


def _without_calling_code(number: str) -> str:
    if number[:1] in ("1", "7"):
        return number[1:]
    return number[2:] if number[:2] in CALLING_CODES else number[3:]


def _western(word: str) -> str:
    return "".join(digits(letter) or letter for letter in word)


def _is_diacritic(character: str) -> bool:
    """A mark without which the word is still the same word.

    The vowel signs of Indian scripts are no such marks, nor is the sign that says
    that there is no vowel.
    """
    return (
        unicodedata.combining(character) not in (0, 9)
        or unicodedata.category(character) == "Cf"
    )


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


NORMALISERS = {
    "digits": digits,
    "identifier": identifier,
    "phone": phone,
    "name": name,
}
