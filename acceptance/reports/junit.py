"""behave's JUnit reports, well-formed whatever the scenarios and their failures say."""

import re
from xml.etree import ElementTree as ET

from behave.formatter.ansi_escapes import strip_escapes
from behave.reporter import junit

# XML 1.0, section 2.2: what no document may contain, not even as a reference.
_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


class WellFormedTree(junit.ElementTreeWithCDATA):
    """A report without the characters that XML does not allow."""

    def __init__(self, element: ET.Element) -> None:
        for each in element.iter():
            each.text = each.text and _showable_in_xml(each.text)
            for name, value in each.attrib.items():
                each.attrib[name] = _showable_in_xml(strip_escapes(value))
        super().__init__(element)


def write_well_formed_junit() -> None:
    """Make behave write well-formed reports; its reporter has no better place for this."""
    junit.ElementTreeWithCDATA = WellFormedTree


def _showable_in_xml(text: str) -> str:
    """Return a text that XML 1.0 can hold; a control character becomes such as U+001B."""
    return re.sub(_NOT_IN_XML, lambda found: f"U+{ord(found[0]):04X}", text)
