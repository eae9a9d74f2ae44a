"""Features as Cucumber Messages: their source, their syntax tree, and the scenarios in them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cucumber_messages import (
    Envelope,
    Location,
    ParseError,
    Source,
    SourceMediaType,
    SourceReference,
    message_converter,
)
from gherkin.ast_builder import AstBuilder
from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.token_matcher import TokenMatcher

Json = dict[str, Any]


@dataclass(frozen=True)
class Pickle:
    """A scenario, or one example of an outline, as it is to be run.

    Attributes:
        id: its id.
        step_ids: the ids of its steps, by the lines of the file where behave has these steps.

    """

    id: str
    step_ids: Mapping[int, str]


@dataclass(frozen=True)
class Document:
    """A feature file.

    Attributes:
        messages: the envelopes that tell of it.
        pickles: its scenarios by the line where behave has them: of the scenario, or of the row.
        can_be_read: whether it is Gherkin.

    """

    messages: Sequence[Json]
    pickles: Mapping[int, Pickle]
    can_be_read: bool


class _Ids:
    """Numbers nodes and pickles, the same ones for the same text each time.

    So the document is the same message in all runs of a feature, and can be told once.
    """

    def __init__(self, uri: str, data: str) -> None:
        self._file = hashlib.sha256(f"{uri}\0{data}".encode()).hexdigest()[:12]
        self._number = 0

    def get_next_id(self) -> str:
        """Return the next id; gherkin calls it by this name."""
        self._number += 1
        return f"{self._file}-{self._number}"


def read_document(uri: str, *, language: str = "en") -> Document:
    """Read a feature file.

    Args:
        uri: its path, as it shall be named.
        language: of a file that does not say its own, as `behave --lang`.

    Raises:
        OSError: the file cannot be read.

    """
    data = Path(uri).read_text(encoding="utf-8")
    source = Source(uri=uri, data=data, media_type=SourceMediaType.text_x_cucumber_gherkin_plain)
    messages = [_plain(Envelope(source=source))]
    ids = _Ids(uri, data)
    try:
        tree = Parser(AstBuilder(ids)).parse(data, TokenMatcher(language))
    except CompositeParserException as errors:
        messages += [_parse_error(uri, error) for error in errors.errors]
        return Document(messages, {}, can_be_read=False)
    except ParserError as error:
        messages.append(_parse_error(uri, error))
        return Document(messages, {}, can_be_read=False)
    tree["uri"] = uri
    pickles = Compiler(ids).compile(tree)
    places = dict(_places(tree))
    for pickle in pickles:
        # gherkin says it itself from version 33 on; the formatter of features holds it at 24.
        pickle["location"] = places[pickle["astNodeIds"][-1]]
    messages += [{"gherkinDocument": tree}, *({"pickle": pickle} for pickle in pickles)]
    return Document(
        messages,
        {pickle["location"]["line"]: _pickle(pickle, places) for pickle in pickles},
        can_be_read=True,
    )


def _pickle(pickle: Json, places: Mapping[str, Json]) -> Pickle:
    # A step of an outline comes from its sentence first, and then from the row of examples.
    lines = {places[step["astNodeIds"][0]]["line"]: step["id"] for step in pickle["steps"]}
    return Pickle(pickle["id"], lines)


def _places(node: object) -> Iterator[tuple[str, Json]]:
    """Find where each node of a syntax tree stands, by its id."""
    if isinstance(node, list):
        for child in node:
            yield from _places(child)
    elif isinstance(node, dict):
        if "id" in node and "location" in node:
            yield node["id"], node["location"]
        for child in node.values():
            yield from _places(child)


def _parse_error(uri: str, error: ParserError) -> Json:
    place = getattr(error, "location", None) or {"line": 1}
    return parse_error(uri, place["line"], str(error), place.get("column"))


def parse_error(uri: str, line: int, message: str, column: int | None = None) -> Json:
    """Tell that a file is no Gherkin."""
    source = SourceReference(uri=uri, location=Location(line=line, column=column))
    return _plain(Envelope(parse_error=ParseError(message=message, source=source)))


def _plain(envelope: Envelope) -> Json:
    plain: Json = message_converter.to_dict(envelope)
    return plain
