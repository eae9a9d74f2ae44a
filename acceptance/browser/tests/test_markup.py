from acceptance.browser.markup import Markup

HTML = """
<form><input type="hidden" name="token" value="secret">
<input id="id_item" required placeholder="Enter an item"></form>
"""


def test_a_start_tag_has_all_attributes_but_no_hidden_value() -> None:
    assert Markup(HTML).tags("input") == [
        '<input type="hidden" name="token">',
        '<input id="id_item" required placeholder="Enter an item">',
    ]


def test_a_selector_that_only_browsers_understand_has_no_tags() -> None:
    assert Markup(HTML).tags(":nonsense(") == []
