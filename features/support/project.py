"""The facts about Superlists that the kit in `acceptance/` needs."""

from pathlib import Path

from acceptance.project import Project
from superlists.environment_lines import variables_in
from superlists.environment_names import NAMES

LOGIN_MAIL = "Your login link for Superlists"
"""The subject of the email with the login link."""

SUPERLISTS = Project(
    name="Superlists",
    root=Path(__file__).resolve().parents[2],
    table="superlists",
    environment_prefix="SUPERLISTS_",
    settings_module="superlists.settings",
    site_variables=tuple(NAMES),
    read_environment_file=variables_in,
    deployed_commit="superlists.release:deployed_commit",
    # A shell that has read a server's .env must not turn a run here into a production site.
    server_variables=(
        "DJANGO_DEBUG_FALSE",
        "LOGIN_MAILS_PER_ADDRESS_PER_HOUR",
        "LOGIN_MAILS_PER_CLIENT_PER_HOUR",
        "OPEN_ITEMS_PER_CLIENT_PER_HOUR",
        "OPEN_LISTS_PER_CLIENT_PER_HOUR",
        "SITENAME",
        "STAGING",
        "TRUSTED_PROXIES",
    ),
    mail_subject=LOGIN_MAIL,
    ordinary_words=("superlists",),
)
