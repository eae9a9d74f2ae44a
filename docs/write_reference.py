"""Write docs/reference from the code: `make reference`."""

import ast
import inspect
import re
import sys
import textwrap
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from behave.parser import parse_file
from behave.runner_util import load_step_modules
from behave.step_registry import registry
from invoke.collection import Collection

import fabfile
from acceptance.configuration import LISTED, OF_THE_RUNNER, Configuration
from acceptance.hosts.secret_setting import SecretSetting
from acceptance.reports.__main__ import COMMANDS
from acceptance.running.parameter_types import one_of, register_parameter_types
from features.support.places import PLACES
from features.support.project import SUPERLISTS
from superlists.environment_names import NAMES

if TYPE_CHECKING:
    from behave.matchers import Matcher
    from invoke.tasks import Task

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs/reference"

_TARGET = re.compile(r"^([a-z-]+):.*?## (.*)$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^(\w+): (.*(?:\n +.*)*)", re.MULTILINE)
_PARAMETER = re.compile(r"\{(\w+):\w+\}")

# Targets that only other targets of the Makefile ask for.
_PARTS_OF_OTHERS = {"waiting-tests", "other-tests", "rehearsal-if-possible"}
_NOT_SETTINGS = {"project", "options", "strangers"}

_ABOUT_SETTINGS = """\
A setting is given on the command line (`behave -D browser=none`), in the environment
(`{browser}=none`), or in `{file}` under `[tool.{table}]`. The command line wins over the
environment, and the environment over the file. Some settings are given in one place alone: users
and passwords (`{prefix}…` below) in the environment, `{listed}` in the file, and {of_the_runner} on
the command line.

A name that is nearly one of these, such as `-D stagign=HOST`, is refused. Any other name is left to
formatters and plug-ins, and shown at the start of the run.
"""
_ABOUT_VARIABLES = """\
The site reads these variables from its environment, and from the file `.env` beside the code; a
variable that is already set wins. In `.env`, `$` has no special meaning.
"""
_ABOUT_SENTENCES = """\
Every sentence that scenarios may use. Its example is from the first scenario that uses it. Names
begin with a capital letter; texts stand between double quotes; several texts read `"Buy milk",
"Make tea" and "Water the plants"`.
"""
_GENERATED = "<!-- `make reference` writes this page from the code: change it there. -->\n\n"


def pages() -> Mapping[str, str]:
    """Return what each page of the reference reads, by the name of its file."""
    return {
        "commands.md": _GENERATED + _commands(),
        "settings.md": _GENERATED + _settings(),
        "sentences.md": _GENERATED + _sentences(),
    }


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


def make_targets() -> Mapping[str, str]:
    """Return what each target of the Makefile does, by its name."""
    return dict(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def phony_targets() -> Sequence[str]:
    """Return the commands of the Makefile, whether they have a description or not."""
    lines = re.findall(
        r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    names = " ".join(lines).split()
    return [name for name in names if name not in _PARTS_OF_OTHERS]


def settings() -> Mapping[str, str]:
    """Return what each setting of a run means, by its name."""
    section = inspect.getdoc(Configuration) or ""
    attributes = textwrap.dedent(section.partition("Attributes:\n")[2])
    meanings = {name: _line(text) for name, text in _ATTRIBUTE.findall(attributes)}
    names = [each.name for each in fields(Configuration) if each.name not in _NOT_SETTINGS]
    return {**{name: meanings[name] for name in names}, **OF_THE_RUNNER}


def shown_name(setting: str) -> str:
    """Return what people type for a setting: a secret has a name in the environment alone."""
    is_secret = get_type_hints(Configuration).get(setting) is SecretSetting
    return f"`{SUPERLISTS.variable(setting) if is_secret else setting}`"


def tasks() -> Mapping[str, "Task[Callable[..., Any]]"]:
    """Return the tasks of `fab`, by the names that people type."""
    collection = Collection.from_module(fabfile)
    return {name: collection[name] for name in sorted(collection.task_names)}


def steps() -> Mapping[str, Sequence["Matcher"]]:
    """Return the project's step definitions by type, such as "given", loaded as behave does."""
    if not any(_steps_of_project().values()):
        register_parameter_types(Place=one_of(PLACES))
        load_step_modules([str(ROOT / "steps")])
    return _steps_of_project()


def _steps_of_project() -> Mapping[str, Sequence["Matcher"]]:
    # A test may have loaded those of another suite into the same process.
    return {
        kind: [each for each in matchers if _file_of(each).parent == ROOT / "steps"]
        for kind, matchers in registry.steps.items()
    }


def _file_of(matcher: "Matcher") -> Path:
    return ROOT / str(matcher.location.filename)


def _commands() -> str:
    scripts = tomllib.loads(SUPERLISTS.settings_file.read_text(encoding="utf-8"))["project"][
        "scripts"
    ]
    parts = [
        "# Commands\n",
        (
            "`behave --help` lists behave's own options; [settings](settings.md) are given as "
            "`behave -D NAME=VALUE`.\n"
        ),
        "## make\n",
        _table(
            ("command", "what it does"),
            ((f"`make {name}`", _sentence(text)) for name, text in make_targets().items()),
        ),
        "## fab\n",
        "`fab -H USER@HOST TASK`. `fab --help TASK` prints the same as these rows.\n",
        _table(("task", "what it does", "options"), _task_rows()),
        "## Other programs\n",
        _table(("command", "what it does"), _program_rows(scripts)),
    ]
    return "\n".join(parts)


def _task_rows() -> Iterator[Sequence[str]]:
    for name, task in tasks().items():
        options = [
            f"`--{argument.name}`: {argument.help}" if argument.help else f"`--{argument.name}`"
            for argument in task.get_arguments()
            if not argument.positional
        ]
        positional = [str(each.name) for each in task.get_arguments() if each.positional]
        typed = " ".join([name, *(each.upper() for each in positional)])
        yield f"`{typed}`", _first_paragraph(task.__doc__), "<br>".join(options)


def _program_rows(scripts: Mapping[str, str]) -> Iterator[Sequence[str]]:
    for name, entry in scripts.items():
        module = sys.modules.get(entry.partition(":")[0]) or __import__(
            entry.partition(":")[0], fromlist=["_"]
        )
        yield f"`{name}`", _first_paragraph(module.__doc__)
    for command in COMMANDS:
        name, _, text = _first_paragraph(command.__doc__).partition(": ")
        yield name, _sentence(text)
    for file in sorted((ROOT / "acceptance/server/management/commands").glob("[a-z]*.py")):
        yield f"`manage.py {file.stem}` (on a staging server)", _help_of_command(file)


def _help_of_command(file: Path) -> str:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Assign(targets=[ast.Name(id="help")], value=value):
                return _line(str(ast.literal_eval(value)))
    message = f"{file} has no help."
    raise LookupError(message)


def _settings() -> str:
    hints = get_type_hints(Configuration, include_extras=True)
    defaults = {each.name: each.default for each in fields(Configuration)}
    rows = []
    for name, meaning in settings().items():
        kind = (get_args(hints.get(name)) or (None,))[0]
        rows.append(
            (shown_name(name), _sentence(meaning) + _values_of(kind), _default(defaults.get(name)))
        )
    parts = [
        "# Settings\n",
        "## Of a run\n",
        _ABOUT_SETTINGS.format(
            browser=SUPERLISTS.variable("browser"),
            file=SUPERLISTS.settings_file.name,
            table=SUPERLISTS.table,
            prefix=SUPERLISTS.environment_prefix,
            listed=LISTED,
            of_the_runner=" and ".join(f"`{name}`" for name in OF_THE_RUNNER),
        ),
        _table(("setting", "meaning", "default"), rows),
        "## Of the site\n",
        _ABOUT_VARIABLES,
        _table(
            ("variable", "meaning"),
            ((f"`{name}`", _sentence(text)) for name, text in NAMES.items()),
        ),
    ]
    return "\n".join(parts)


def _values_of(kind: object) -> str:
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, StrEnum):
            return f" One of {', '.join(f'`{value}`' for value in each)}."
    return ""


def _default(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case str() if value:
            return f"`{value}`"
    return ""


def _sentences() -> str:
    examples = dict(_examples())
    parts = [
        "# Sentences\n",
        _ABOUT_SENTENCES,
    ]
    for module, definitions in _by_module():
        parts += [
            f"## {_heading(module)}\n",
            f"[`{module.relative_to(ROOT)}`](../../{module.relative_to(ROOT)})\n",
            _table(
                ("", "sentence", "example"),
                (
                    (", ".join(kinds), f"`{readable(pattern)}`", examples.get(pattern, ""))
                    for pattern, kinds in definitions.items()
                ),
            ),
        ]
    parts += [
        "## Places\n",
        "What `<place>` may be:\n",
        "\n".join(f"- {place}" for place in PLACES) + "\n",
    ]
    return "\n".join(parts)


def _by_module() -> Iterator[tuple[Path, Mapping[str, Sequence[str]]]]:
    found: dict[Path, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    matchers = [
        (_file_of(matcher), matcher.location.line, kind, matcher.pattern)
        for kind, matchers in steps().items()
        for matcher in matchers
    ]
    for file, _line_number, kind, pattern in sorted(matchers):
        found[file][pattern].append(kind.title())
    yield from found.items()


def _examples() -> Iterator[tuple[str, str]]:
    known = steps()
    seen = set()
    for file in sorted((ROOT / "features").glob("*.feature")):
        feature = parse_file(str(file))
        for scenario in feature.walk_scenarios() if feature else ():
            for step in scenario.all_steps:
                for matcher in known[step.step_type]:
                    if matcher.pattern not in seen and matcher.match(step.name):
                        seen.add(matcher.pattern)
                        yield matcher.pattern, _escaped(step.name)


def _heading(module: Path) -> str:
    doc = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or module.stem
    title = doc.partition("\n")[0].removeprefix("Steps about ").rstrip(".")
    return title[:1].upper() + title[1:]


def readable(pattern: str) -> str:
    """Return a sentence with its parameters in angle brackets."""
    return _PARAMETER.sub(r"<\1>", pattern)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([<>|*_`])", r"\\\1", text)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _first_paragraph(doc: str | None) -> str:
    return _line(inspect.cleandoc(doc or "").partition("\n\n")[0])


def _sentence(text: str) -> str:
    text = text.replace("|", "\\|")
    return text[:1].upper() + text[1:].rstrip(".") + "."


if __name__ == "__main__":
    main()
