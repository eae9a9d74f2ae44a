"""The pickles of a run: which pickle belongs to which of behave's scenarios."""

from collections import Counter
from pathlib import Path

from behave.model import Feature, Scenario
from cucumber_messages import Pickle

from acceptance.reports.documents import Document, document_of, read_document
from acceptance.reports.feature_files import UnreadableFeatureError, text_of
from acceptance.reports.message_stream import MessageStream


class AnnouncedPickles:
    """Writes the documents of features, and finds the pickle of a scenario.

    The documents are made from the files before anything runs, since hooks may change behave's own
    model. A scenario that differs from the file's, because a hook changed it or behave runs it
    twice, gets a document of its own, named like the file with "#2" and so on.
    """

    def __init__(self, messages: MessageStream, language: str | None) -> None:
        """Write to `messages`; `language` is that of files that do not name their own."""
        self._messages = messages
        self._language = language
        self._announced: Counter[str] = Counter()
        self._of_files: dict[tuple[str, int], Pickle] = {}
        self._of_scenarios: dict[int, Pickle] = {}
        self._taken: set[str] = set()

    def add(self, feature: Feature) -> None:
        """Write the document of a feature, once."""
        uri = feature.filename
        if self._announced[uri]:
            return
        try:
            document = read_document(uri, language=self._language)
        except UnreadableFeatureError:
            # behave has read it before, so the report has what behave knows of it.
            return
        self._write(uri, document)
        self._of_files |= {(uri, scenario.line): pickle for scenario, pickle in document.pickles}

    def of(self, scenario: Scenario) -> Pickle:
        """Return the pickle that has the steps of a scenario that was run."""
        if id(scenario) not in self._of_scenarios:
            pickle = self._of_files.get((scenario.filename, scenario.line))
            if pickle is None or pickle.id in self._taken or not _is_of(pickle, scenario):
                pickle = self._own(scenario)
            self._taken.add(pickle.id)
            self._of_scenarios[id(scenario)] = pickle
        return self._of_scenarios[id(scenario)]

    def _own(self, scenario: Scenario) -> Pickle:
        uri = scenario.filename
        times = self._announced[uri] + 1
        try:
            data = text_of(Path(uri))
        except UnreadableFeatureError:
            data = ""
        feature = scenario.feature
        if feature is None:
            message = "it belongs to no feature"
            raise ValueError(message)
        name = uri if times == 1 else f"{uri}#{times}"
        document = document_of(feature, name, data, only=scenario)
        ((_, pickle),) = document.pickles
        self._write(uri, document)
        return pickle

    def _write(self, uri: str, document: Document) -> None:
        self._announced[uri] += 1
        for message in document.messages:
            self._messages.write_plain(message)


def _is_of(pickle: Pickle, scenario: Scenario) -> bool:
    return [step.text for step in pickle.steps] == [step.name for step in scenario.all_steps]
