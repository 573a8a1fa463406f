"""Ways to write a value so that equal things are equal.

Pure functions of text; what they return goes into keyed tokens only.
"""

import re
import unicodedata

NATIONAL_DIGITS = 10


def digits(value: str) -> str:
    """The digits of a national id, whatever the script and the dashes.

    Urdu, Devanagari and Bengali digits become 0 to 9.
    """
    return "".join(
        str(unicodedata.digit(character)) for character in value if character.isdigit()
    )


def phone(value: str) -> str:
    """A phone number without the ways to dial it: +92 300… and 0300… are the same."""
    return digits(value)[-NATIONAL_DIGITS:].lstrip("0")


def name(value: str) -> str:
    """A name without case, diacritics, punctuation and needless spaces."""
    decomposed = unicodedata.normalize("NFKD", value).casefold()
    letters = (
        character if character.isalnum() else " "
        for character in decomposed
        if not unicodedata.combining(character)
    )
    return re.sub(r" +", " ", "".join(letters)).strip()


NORMALISERS = {"digits": digits, "phone": phone, "name": name}
