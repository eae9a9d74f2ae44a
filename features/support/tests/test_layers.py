"""What may import what: arrows point down only."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# From the top down; modules of one layer do not import each other. A package stands for all that
# is in it, as long as its modules are not named themselves.
LAYERS = [
    {"environment"},
    {"steps", "features.support.refusals", "features.support.snippets"},
    {"features.support.world", "features.support.parameter_types", "features.support.run_time"},
    {
        "features.support.interruptions",
        "features.support.places",
        "features.support.preflight",
        "features.support.report",
        "features.support.watch",
    },
    {
        "features.support.person",
        "features.support.profiles.select",
        "features.support.evidence.keeper",
    },
    {"features.support.evidence.gathering"},
    {"features.support.evidence.artifacts", "features.support.evidence.item"},
    {
        "features.support.pages",
        "features.support.profiles.local",
        "features.support.profiles.staging",
    },
    {"features.support.profiles.staging_checks"},
    {"features.support.profiles.mail_trial"},
    {
        "features.support.browser",
        "features.support.evidence.explanation",
        "features.support.profiles.deployment",
        "features.support.profiles.profile",
    },
    {"features.support.session"},
    {
        "features.support.browser_events",
        "features.support.page_scripts",
        "features.support.driver",
        "features.support.checkout",
        "features.support.checks",
        "features.support.remote_fixtures",
        "features.support.server_log",
    },
    {"features.support.browser_log_in", "features.support.tunnel"},
    {"features.support.captured_output"},
    {"features.support.evidence.secrets"},
    {"features.support.evidence.spellings"},
    {"features.support.local_program", "features.support.site_folder"},
    {"features.support.server"},
    {"features.support.configuration"},
    {"features.support.readers"},
    {"features.support.mailboxes"},
    {
        "features.support.log_records",
        "features.support.mail",
        "features.support.scanner",
        "features.support.waiting",
    },
    {"features.support.site_requests"},
    {
        "features.support.html_text",
        "features.support.links",
        "features.support.printable",
        "features.support.proxy",
        "features.support.room",
        "staging.session_cookie",
    },
]

# The only modules that may import these, which a run against a server does without.
ONLY = {
    "django": {"features.support.profiles.local"},
    "behave_django": {"features.support.profiles.local"},
    "staging.fixtures": {"features.support.profiles.local"},
    # A run against a server knows what the site's settings are called, and no more of it.
    "superlists": {"features.support.tunnel"},
    **{
        f"superlists.{file.stem}": set[str]()
        for file in (ROOT / "superlists").glob("*.py")
        if file.stem not in {"__init__", "environment_names"}
    },
    "accounts": set[str](),
    "lists": set[str](),
    "fabric": {"features.support.server.hop"},
    "paramiko": {
        "features.support.server.algorithms",
        "features.support.server.connection",
        "features.support.server.hop",
        "features.support.server.host_certificates",
        "features.support.server.host_keys",
        "features.support.server.identities",
        "features.support.server.program",
        "features.support.server.public_keys",
        "features.support.server.forwarding",
    },
}

# Steps tell people what to do.
STEPS_MAY_IMPORT = {
    "behave",
    "features.support.places",
    "features.support.world",
}


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    module_name(file): file
    for file in [
        ROOT / "environment.py",
        ROOT / "staging" / "session_cookie.py",
        *(ROOT / "steps").glob("*.py"),
        *(ROOT / "features" / "support").rglob("*.py"),
    ]
    if "tests" not in file.parts and file.name != "__init__.py"
}


def imports(module: str) -> Iterator[str]:
    """Everything that a module imports, also within functions: `a.b` for `from a import b`."""
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def place(name: str) -> tuple[int, str] | None:
    """The layer of a module, counted from the top, and the entry that stands for it."""
    for depth, layer in enumerate(LAYERS):
        for entry in layer:
            if within(name, entry):
                return depth, entry
    return None


@pytest.mark.parametrize("module", FILES)
def test_every_module_has_a_layer(module: str) -> None:
    assert place(module), f"say in LAYERS where {module} belongs"


@pytest.mark.parametrize("module", FILES)
def test_a_module_imports_from_below_only(module: str) -> None:
    own = place(module)
    assert own is not None
    wrong = [
        name
        for name in imports(module)
        if (other := place(name)) and other[1] != own[1] and other[0] <= own[0]
    ]

    assert wrong == []


@pytest.mark.parametrize("module", FILES)
def test_few_modules_know_what_a_site_is_made_of(module: str) -> None:
    wrong = [
        name
        for name in imports(module)
        for package, allowed in ONLY.items()
        if within(name, package) and module not in allowed
    ]

    assert wrong == []


@pytest.mark.parametrize("module", [module for module in FILES if within(module, "steps")])
def test_a_step_imports_nothing_below_the_world(module: str) -> None:
    wrong = [
        name
        for name in imports(module)
        if not any(within(name, allowed) for allowed in STEPS_MAY_IMPORT)
    ]

    assert wrong == []


def test_a_run_against_a_server_does_without_django() -> None:
    program = (
        "import json, sys; from behave.__main__ import main;"
        "main(['-D', 'staging=superlists-staging.test', '-D', 'mailbox=maildev+http://localhost:1',"
        "'-D', 'mail_address={unique}@example.com', '--name', 'The home page']);"
        "print(json.dumps(list(sys.modules)))"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    imported = json.loads(run.stdout.splitlines()[-1])

    assert "features.support.profiles.staging" in imported
    assert [name for name in imported if within(name, "django") or within(name, "lists")] == []
