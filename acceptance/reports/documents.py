"""Features as Cucumber Messages: their source, their syntax tree, and the scenarios in them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.model import Feature, Scenario
from cucumber_messages import (
    Envelope,
    GherkinDocument,
    Location,
    ParseError,
    Pickle,
    Source,
    SourceMediaType,
    SourceReference,
    message_converter,
)

from acceptance.reports.feature_files import UnreadableFeatureError, parsed, text_of
from acceptance.reports.pickles import Pickler
from acceptance.reports.source_lines import SourceLines
from acceptance.reports.syntax_tree import SyntaxTree

Json = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A feature.

    Attributes:
        source: its text.
        tree: its syntax tree.
        pickles: its scenarios in behave's order, each with its pickle.

    """

    source: Source
    tree: GherkinDocument
    pickles: Sequence[tuple[Scenario, Pickle]]

    @property
    def messages(self) -> Sequence[Json]:
        """The messages that describe it."""
        return [
            _plain(Envelope(source=self.source)),
            _plain(Envelope(gherkin_document=self.tree)),
            *(_plain(Envelope(pickle=pickle)) for _, pickle in self.pickles),
        ]


class _Ids:
    """Numbers nodes and pickles, in the same way each time for the same text.

    So all runs of a feature have the same document, which a merged run needs only once.
    """

    def __init__(self, uri: str, data: str) -> None:
        digest = hashlib.sha256(f"{uri}\0{data}".encode(errors="backslashreplace"))
        self._file = digest.hexdigest()[:12]
        self._number = 0

    def __call__(self) -> str:
        self._number += 1
        return f"{self._file}-{self._number}"


def read_document(uri: str, *, language: str | None = None) -> Document:
    """Read a feature file with behave's own parser.

    Args:
        uri: its path, as reports name it.
        language: of a file that does not name its own, as `behave --lang`.

    Raises:
        UnreadableFeatureError: behave cannot read the file.

    """
    data = text_of(Path(uri))
    return document_of(parsed(Path(uri), language), uri, data)


def document_of(feature: Feature, uri: str, data: str, *, only: Scenario | None = None) -> Document:
    """Return the document of a feature as it is in memory, where hooks may have changed it.

    Args:
        feature: the feature.
        uri: how reports name it.
        data: the text from which it was read.
        only: the one scenario that gets a pickle, if it is not all of them.

    """
    ids, lines = _Ids(uri, data), SourceLines.of(data)
    tree = SyntaxTree(lines, feature.language, ids)
    document = tree.document(uri, feature)
    # Making pickles may add steps to the tree.
    pickles = list(Pickler(uri, feature, tree, lines, ids).pickles(only))
    source = Source(uri=uri, data=data, media_type=SourceMediaType.text_x_cucumber_gherkin_plain)
    return Document(source, document, pickles)


def parse_error(error: UnreadableFeatureError) -> Json:
    """Return the message that behave cannot read a file."""
    source = SourceReference(uri=error.file.as_posix(), location=Location(line=error.line or 1))
    return _plain(Envelope(parse_error=ParseError(message=str(error), source=source)))


def _plain(envelope: Envelope) -> Json:
    plain: Json = message_converter.to_dict(envelope)
    return plain
