"""The format of messages between workers and the lead: behave's models are sent by reference."""

import io
import pickle
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

from behave.model import Background, Feature, Rule, Scenario, ScenarioOutline, Step

from acceptance.running.workers.errors import received, sent
from acceptance.running.workers.tracebacks import entries_of, traceback_of

Key = tuple[int, int]
"""The key of a model: 0 and its identity before the fork, or the number of the worker that has
created it and a number that is unique there."""

_BEFORE_THE_FORK = 0


class Models:
    """behave's models, which the lead and the workers that it forks have in common."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self._worker = _BEFORE_THE_FORK
        self._by_key: dict[Key, object] = {}
        self._keys: dict[int, Key] = {}
        for model in _models_of(features):
            self._know(model, (_BEFORE_THE_FORK, id(model)))

    def be_in_worker(self, number: int) -> None:
        """Switch to the worker's side after the fork."""
        self._worker = number

    def key_of(self, model: object) -> Key | None:
        """Return the key of a model that both sides have."""
        return self._keys.get(id(model))

    def named(self, key: Key) -> object:
        """Return the model with a key, or None if this side does not have it."""
        return self._by_key.get(key)

    def name(self, model: object) -> Key:
        """Give a key to a model that this worker has created."""
        key = (self._worker, len(self._by_key) + 1)
        self._know(model, key)
        return key

    def add(self, key: Key, model: object) -> object:
        """Add a model that a worker has created."""
        self._know(model, key)
        return model

    def _know(self, model: object, key: Key) -> None:
        self._by_key[key] = model
        self._keys[id(model)] = key


class Wire:
    """Turns messages into bytes and back."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def be_in_worker(self, number: int) -> None:
        """Switch to the worker's side after the fork."""
        self._models.be_in_worker(number)

    def dumps(self, message: object) -> bytes:
        """Return a message as bytes."""
        written = io.BytesIO()
        _Pickler(written, self._models).dump(message)
        return written.getvalue()

    def loads(self, content: bytes) -> Any:  # noqa: ANN401 (whatever was sent)
        """Return the message in bytes that another process of this run has sent."""
        return _Unpickler(io.BytesIO(content), self._models).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, models: Models) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._models = models

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 (as pickle has it)
        if isinstance(value, (Step, Scenario, Rule, Feature, Background)):
            return self._reduced(value)
        if isinstance(value, BaseException):
            return received, (sent(value),)
        if isinstance(value, TracebackType):
            return traceback_of, (entries_of(value),)
        return NotImplemented

    def _reduced(self, model: object) -> Any:  # noqa: ANN401
        key = self._models.key_of(model)
        if key is not None:
            return _model, key
        if not isinstance(model, Step):
            message = f"{model!r} was created during the run"
            raise pickle.PicklingError(message)
        place = (model.location.filename, model.line)
        made = (*place, model.keyword, model.step_type, model.name, model.text, model.table)
        return _new_step, (self._models.name(model), made)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, models: Models) -> None:
        super().__init__(file)
        self._models = models

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if module == __name__:
            if name == _model.__name__:
                return lambda *key: self._models.named(key)
            if name == _new_step.__name__:
                return lambda key, made: self._models.add(key, Step(*made))
        return super().find_class(module, name)


def _model(*key: int) -> object:
    raise NotImplementedError(key)


def _new_step(key: Key, made: tuple[Any, ...]) -> object:
    raise NotImplementedError(key, made)


def _models_of(features: Iterable[Feature]) -> Iterator[object]:
    for feature in features:
        for container in [feature, *feature.iter_rules()]:
            yield container
            if container.background is not None:
                yield container.background
                yield from container.background.steps
        for scenario in feature.walk_scenarios(with_outlines=True):
            yield scenario
            if isinstance(scenario, ScenarioOutline):
                yield from scenario.steps
            else:
                # behave copies the steps of a background for each scenario on access.
                yield from scenario.all_steps
