"""The specification as one HTML file that loads nothing."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from acceptance.reports.specification.model import Specification

HERE = Path(__file__).resolve().parent


def page(specification: Specification) -> str:
    """Return the document, in which what features and runs say is text and never markup."""
    style = _own("specification.css", "changes.css")
    script = _own("specification.js", "changes.js")
    # Even text that was not escaped could neither run nor load anything.
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    engine = Engine(dirs=[str(HERE / "templates")])
    # Without these the engine would need Django's settings, which a report does not have.
    context = Context(
        {"specification": specification, "style": style, "script": script, "policy": policy},
        use_l10n=False,
        use_tz=False,
    )
    return engine.get_template("specification.html").render(context)


def _own(*names: str) -> SafeString:
    # Files of this package, unlike the texts of features and runs.
    texts = [(HERE / "static" / name).read_text(encoding="utf-8") for name in names]
    return mark_safe("\n".join(texts))  # noqa: S308


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
