"""A piece of evidence, which explains why a scenario failed."""

from dataclasses import dataclass

TEXT = "text/plain"


@dataclass(frozen=True)
class EvidenceItem:
    """A file of evidence.

    Attributes:
        name: the name of its file.
        title: what it shows, for people to read.
        media_type: the type of its content (RFC 6838).
        content: its content.

    """

    name: str
    title: str
    media_type: str
    content: bytes

    @property
    def labelled_media_type(self) -> str:
        """Its media type, with the title as the parameter `name`, which reports show."""
        title = self.title.replace("\\", "").replace('"', "'")
        return f'{self.media_type}; name="{title}"'


def text_item(name: str, title: str, text: str) -> EvidenceItem:
    """Return a file of plain text in UTF-8."""
    return EvidenceItem(name, title, TEXT, f"{text.rstrip()}\n".encode(errors="backslashreplace"))
