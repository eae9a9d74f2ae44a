import pytest

from acceptance.mail.other_emails import arrived_instead, beside

EDITH, ONI = "edith@example.com", "oni@example.com"


@pytest.mark.parametrize(
    ("arrived", "sentence"),
    [
        ([], ""),
        ([([ONI], "Hello")], f"the email 'Hello' went to {ONI}, and not to {EDITH}"),
        ([([EDITH], "Good bye")], f"an email to {EDITH} arrived, but its subject is 'Good bye'"),
        (
            [([EDITH], "One"), ([ONI], "Hello"), ([EDITH], "Two")],
            f"an email to {EDITH} arrived, but its subject is 'Two'",
        ),
        ([([ONI], "Good bye")], ""),
    ],
    ids=["none", "to another person", "another subject", "several", "nothing like it"],
)
def test_the_email_that_is_most_like_the_awaited_one_is_named(
    arrived: list[tuple[list[str], str]], sentence: str
) -> None:
    assert arrived_instead(EDITH, "Hello", arrived) == sentence


def test_without_a_subject_any_email_to_someone_else_is_named() -> None:
    assert (
        arrived_instead(EDITH, "", [([ONI], "Hello")])
        == f"the email went to {ONI}, and not to {EDITH}"
    )


@pytest.mark.parametrize(
    ("arrived", "words"),
    [
        ([], ", nor any other email"),
        (
            [([EDITH, ONI], "One"), ([ONI], "Two")],
            f", but 'One' to {EDITH}, {ONI}, 'Two' to {ONI}",
        ),
        (
            [([ONI], str(n)) for n in range(5)],
            ", but '2' to {0}, '3' to {0}, '4' to {0} and 2 before",
        ),
    ],
)
def test_the_last_emails_are_named(arrived: list[tuple[list[str], str]], words: str) -> None:
    assert beside(arrived) == words.format(ONI)
