"""behave's JUnit reports, well-formed whatever the scenarios and their failures say."""

from xml.etree import ElementTree as ET

from behave.formatter.ansi_escapes import strip_escapes
from behave.reporter import junit

from acceptance.reports.showable import showable_in_xml


class WellFormedTree(junit.ElementTreeWithCDATA):
    """A report from which all is gone that no reader of XML takes."""

    def __init__(self, element: ET.Element) -> None:
        for each in element.iter():
            each.text = each.text and showable_in_xml(each.text)
            for name, value in each.attrib.items():
                each.attrib[name] = showable_in_xml(strip_escapes(value))
        super().__init__(element)


def write_well_formed_junit() -> None:
    """Let behave write well-formed reports; its reporter offers no better place to do so."""
    junit.ElementTreeWithCDATA = WellFormedTree
