from mutants.likeness import Likeness, words_of

TEXTS = {
    "sharing": "Edith shares her list with Oni",
    "empty list": "Edith sees that the list is empty",
    "login": "Edith asks for a login link",
}
PAGE = "\n" * 9 + "{% if not items %}<p>This list is empty.</p>{% endif %}\n" + "\n" * 9


def test_a_name_has_several_words() -> None:
    assert words_of("share_form = ShareForm()") == {"shar", "form"}


def test_the_test_with_rare_words_of_the_line_is_most_alike() -> None:
    alike = Likeness(TEXTS).of_change("page.html", PAGE, 10)
    assert max(alike, key=lambda name: alike[name]) == "empty list"
    assert alike["empty list"] > alike["sharing"]


def test_words_far_away_do_not_count() -> None:
    alike = Likeness(TEXTS).of_change("page.html", PAGE, 1)
    assert alike == {}


def test_the_path_counts() -> None:
    alike = Likeness(TEXTS).of_change("lists/sharing_views.py", "", 1)
    assert max(alike, key=lambda name: alike[name]) == "sharing"


def test_a_word_of_all_tests_does_not_count() -> None:
    alike = Likeness(TEXTS).of_change("edith.py", "", 1)
    assert not any(alike.values())
