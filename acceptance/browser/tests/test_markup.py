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


def test_what_describes_an_element_is_found_by_its_identity() -> None:
    described = Markup("""
        <input aria-describedby="reason hint"><p id="hint">At most  10</p><p id="reason">No</p>
        <button aria-describedby="nothing">Keep</button><button>Cancel</button>
    """)
    assert described.descriptions("input, button") == ["No At most 10", "", ""]


def test_the_parts_of_a_page_are_those_with_a_name() -> None:
    page = Markup("""
        <nav aria-label="Site"></nav><section aria-labelledby="who"><h2 id="who">Who</h2></section>
        <section><h2>What</h2></section><section aria-labelledby="gone"></section>
    """)
    assert page.parts() == ["Site", "Who"]


def test_the_scripts_of_a_page_are_named() -> None:
    assert Markup("<script>1</script>").scripts() == "no script"
    assert Markup("<script src=/a.js></script>").scripts() == "the scripts /a.js"
