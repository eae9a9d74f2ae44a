import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.addresses import canonical_address
from accounts.forms import AddressField


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("edith@example.com", "edith@example.com"),
        ("  Edith@Example.COM \n", "edith@example.com"),
        ("\u00a0edith@example.com\u00a0", "edith@example.com"),
        ("edith+lists@example.com", "edith+lists@example.com"),
        ("O'Hara@example.com", "o'hara@example.com"),
        ("EDITH@LOCALHOST", "edith@localhost"),
        ("a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 57 + ".org", None),
    ],
)
def test_an_address_has_one_canonical_form(typed: str, canonical: str | None) -> None:
    assert canonical_address(typed) == (canonical or typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "edith",
        "edith@",
        "@example.com",
        "edith@example",
        "edith@@example.com",
        "edith@example.com, francis@example.com",
        "edith@example.com\nBcc: francis@example.com",
        "edith\x00@example.com",
        "edith@exam\x7fple.com",
        "Edith <edith@example.com>",
        '"edith"@example.com',
        '"edith@example.com,"@example.org',
        '"a\x01b"@example.com',
        "a" * 243 + "@example.com",
        "a" * 100_000 + "@example.com",
        "\ufffd@example.com",
    ],
)
def test_an_invalid_address_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        canonical_address(typed)

    (sentence,) = refusal.value.messages
    assert sentence.endswith(".")
    assert "%" not in sentence


@pytest.mark.parametrize(
    "typed",
    [
        "mi\u212ae@example.com",  # KELVIN SIGN, whose lower case is "k"
        "mike@\u212aiosk.example.com",
        "edith\u017f@example.com",  # LATIN SMALL LETTER LONG S, whose upper case is "S"
        "ed\u0131th@example.com",  # LATIN SMALL LETTER DOTLESS I, whose upper case is "I"
        "ED\u0130TH@example.com",  # LATIN CAPITAL LETTER I WITH DOT ABOVE
        "\u0435dith@example.com",  # CYRILLIC SMALL LETTER IE
        "\uff45dith@example.com",  # FULLWIDTH LATIN SMALL LETTER E
        "edith@ex\u00e4mple.com",
        "edith@example\u3002com",  # IDEOGRAPHIC FULL STOP, which some read as a dot
        "edith\u200b@example.com",  # ZERO WIDTH SPACE
    ],
)
def test_no_letter_passes_for_another(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        canonical_address(typed)

    assert refusal.value.code == "not_ascii"


class Form(forms.Form):
    address = AddressField()


def test_a_form_gets_the_canonical_address() -> None:
    form = Form({"address": " Edith@Example.com "})

    assert form.is_valid()
    assert form.cleaned_data == {"address": "edith@example.com"}


@pytest.mark.parametrize("typed", [{}, {"address": ""}, {"address": " "}])
def test_a_form_asks_for_a_missing_address(typed: dict[str, str]) -> None:
    assert Form(typed).errors == {"address": ["Enter an email address."]}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("edith", "Enter a valid email address, such as edith@example.com."),
        ("\u00e9dith", "An email address here can contain only English letters, digits and signs."),
        ("a" * 255, "An email address can have at most 254 characters."),
    ],
)
def test_a_form_explains_what_is_wrong_with_an_address(typed: str, sentence: str) -> None:
    assert Form({"address": typed}).errors == {"address": [sentence]}
