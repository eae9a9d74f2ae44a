"""Text that can be shown: what is no character is replaced by its number, and the rest stays."""

import re

# XML 1.0, section 2.2: what no document may hold, not even as a reference.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def showable(text: str) -> str:
    r"""Return a text that every file in UTF-8 can hold.

    Python keeps bytes that are no text as halves of surrogate pairs: "caf\udce9" stays readable.
    """
    return text.encode(errors="backslashreplace").decode()


def showable_in_xml(text: str) -> str:
    """Return a text that XML 1.0 can hold; a control character becomes such as U+001B."""
    return _NOT_IN_XML.sub(lambda found: f"U+{ord(found[0]):04X}", text)
