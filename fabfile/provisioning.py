"""Prepare a server so that a site can be deployed to it."""

import difflib
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from acceptance.hosts.errors import ServerError
from acceptance.hosts.host import COMMAND_TIMEOUT
from fabfile.deployed_site import Site, check_path
from fabfile.environment_completion import read
from fabfile.errors import DeploymentError
from fabfile.interruption import shielded
from fabfile.progress import show, step, write
from fabfile.survey import database_file
from fabfile.target import Target

TEMPLATES = Path(__file__).resolve().parent / "templates"

_INSTALL_TIMEOUT = 600
"""How long apt may take, in seconds."""

_REFUSED = "refused\n"
# Includes process numbers if the configuration sets an error log.
_NGINX_REASON = re.compile(r"\[emerg\] (?:\d+#\d+: )?(.+)")
_TEST_NGINX = "/usr/sbin/nginx -t -q 2>&1 || echo refused"

_JOURNAL_GROUP = "systemd-journal"
_FOLDERS = (".", "releases", "virtualenvs", "wheelhouse", "database")

_LOCK_TIMEOUT = 120
"""How long another apt may hold its locks, in seconds."""

# Debian's default for nginx, unless its configuration sets another.
_WEB_GROUP = "www-data"
_NGINX_USER = re.compile(r"^\s*user\s+([a-z_][\w-]*)(?:\s+([a-z_][\w-]*))?\s*;", re.MULTILINE)
_OTHER_TOKENS = (
    "grep -l -E '^[[:space:]]*server_tokens' /etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf "
    '2>/dev/null | grep -v -x "$1"'
)

# Waits for the locks at which apt gives up (apt's own timeout only covers that of dpkg), and prints
# which process still holds one of them at the end.
_WAIT_FOR_APT = """\
import fcntl, os, signal, struct, sys
def give_up(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, give_up)
signal.alarm(int(sys.argv[1]))
kind = "hhqqi"
for path in sys.argv[2:]:
    try:
        with open(path, "r+") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX)
            except TimeoutError:
                asked = struct.pack(kind, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
                number = struct.unpack(kind, fcntl.fcntl(file, fcntl.F_GETLK, asked))[4]
                try:
                    with open(f"/proc/{number}/cmdline") as command:
                        name = command.read().replace("\\0", " ").strip()
                except OSError:
                    name = "a process that has ended"
                print(f"{name} (process {number}) holds {path}")
                break
    except FileNotFoundError:
        pass
"""
_READ = (".", "releases", "virtualenvs", ".env")
"""The paths that the site reads, in its folder or at the targets of links there."""

_NGINX_TOKENS = "/etc/nginx/conf.d/superlists.conf"

_APT_LOCKS = (
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
)


@dataclass(frozen=True)
class Certificate:
    """The paths of a certificate on the server.

    Attributes:
        chain: the file with the certificate and its intermediate certificates.
        key: the file with its private key.

    """

    chain: str
    key: str

    def __post_init__(self) -> None:
        """Refuse paths that nginx's configuration would have to quote.

        Raises:
            DeploymentError: one of the paths cannot be used.

        """
        check_path("--certificate", self.chain)
        check_path("--key", self.key)


@dataclass(frozen=True)
class ConfigurationFile:
    """A file owned by root that configures the server for the site.

    Attributes:
        path: its path on the server.
        content: its content.
        mode: its permissions, as chmod(1) takes them.

    """

    path: str
    content: str
    mode: str = "644"


def certificate_for(host: str, chain: str, key: str) -> Certificate:
    """Return the paths of the certificate; by default those of certbot."""
    folder = f"/etc/letsencrypt/live/{host}"
    return Certificate(chain or f"{folder}/fullchain.pem", key or f"{folder}/privkey.pem")


@dataclass(frozen=True)
class Surroundings:
    """What a site's configuration depends on at the server.

    Attributes:
        nginx_group: the group of nginx's workers.
        read: the folders and files that contain the site.
        written: the folders that contain its database.

    """

    nginx_group: str
    read: Sequence[str]
    written: Sequence[str]


def configuration_files(
    site: Site, certificate: Certificate, surroundings: Surroundings
) -> Sequence[ConfigurationFile]:
    """Return the site's configuration files for sudo, systemd and nginx."""
    # nginx's names of formats and caches contain no dots, and sudo ignores files with dots.
    word = f"gunicorn_{site.host.replace('.', '_')}"
    values = {
        "HOST": site.host,
        "USER": site.user,
        "FOLDER": site.folder,
        "UNIT": site.unit,
        "RESTART": " ".join(site.restart),
        "CERTIFICATE": certificate.chain,
        "KEY": certificate.key,
        "LOG_FORMAT": word,
        "NGINX_GROUP": surroundings.nginx_group,
        "READ": " ".join(surroundings.read),
        "WRITE": " ".join(surroundings.written),
    }
    return [
        ConfigurationFile(f"/etc/sudoers.d/{word}", _filled("sudoers", values), "440"),
        ConfigurationFile(
            f"/etc/systemd/system/{site.unit}.service", _filled("gunicorn.service", values)
        ),
        ConfigurationFile(f"/etc/nginx/sites-available/{site.host}", _filled("nginx-site", values)),
    ]


def difference(file: ConfigurationFile, found: str | None) -> str:
    """Return what would change in a file, in the form of `diff -u`; "" for nothing."""
    before = [] if found is None else found.splitlines(keepends=True)
    after = file.content.splitlines(keepends=True)
    name = "/dev/null" if found is None else file.path
    return "".join(difflib.unified_diff(before, after, name, file.path))


def provision(target: Target, certificate: Certificate, *, dry: bool) -> None:
    """Make the server ready for the site, or show with `dry` what that would change.

    Raises:
        DeploymentError: it cannot be made ready; the changes made so far are kept.
        ServerError: the server cannot be used.

    """
    show("server", f"{target}, the site in {target.site.folder}")
    _Provisioning(target, certificate, dry=dry).run()


class _Provisioning:
    def __init__(self, target: Target, certificate: Certificate, *, dry: bool) -> None:
        self._target = target
        self._site = target.site
        self._certificate = certificate
        self._dry = dry
        self._changes = 0

    def run(self) -> None:
        self._check_sudo()
        self._install_packages()
        self._check_certificate()
        self._make_folders()
        self._join_journal_group()
        sudoers, unit, nginx = configuration_files(
            self._site, self._certificate, self._surroundings()
        )
        self._write_sudoers(sudoers)
        self._write_unit(unit)
        self._hide_nginx_version()
        self._write_nginx_site(nginx)
        if self._dry:
            show("dry run", f"things that would change: {self._changes}; nothing has changed")
        else:
            ready = f"you can deploy to {self._site.host}"
            show("ready", f"{ready}; changes made: {self._changes or 'none'}")

    def _check_sudo(self) -> None:
        with step("sudo") as sudo:
            try:
                self._target.sudo("true")
            except ServerError as error:
                message = (
                    f"{self._site.user} cannot provision {self._site.host}, because sudo asks them "
                    f"for a password ({error}): allow sudo without one with visudo until this is "
                    "done."
                )
                raise DeploymentError(message) from None
            sudo.result = "asks for no password"

    def _install_packages(self) -> None:
        missing = list(self._missing_packages())
        if not missing:
            show("packages", "all installed")
        elif self._would(f"install {', '.join(missing)}"):
            with step("packages") as packages:
                self._wait_for_apt()
                apt = ("apt-get", "--quiet", f"--option=DPkg::Lock::Timeout={_LOCK_TIMEOUT}")
                self._apt(*apt, "update")
                install = (*apt, "install", "--yes", "--no-install-recommends")
                self._apt("env", "DEBIAN_FRONTEND=noninteractive", *install, *missing)
                packages.result = f"installed {', '.join(missing)}"

    def _wait_for_apt(self) -> None:
        wait = ("python3", "-I", "-c", _WAIT_FOR_APT, str(_LOCK_TIMEOUT), *_APT_LOCKS)
        holder = self._target.sudo(*wait, timeout=_LOCK_TIMEOUT + COMMAND_TIMEOUT).strip()
        if holder:
            message = (
                f"apt on {self._site.host} has been busy for {_LOCK_TIMEOUT} s ({holder}): wait "
                "until that process has ended, and type the same command again."
            )
            raise DeploymentError(message)

    def _apt(self, *command: str) -> None:
        try:
            self._target.sudo(*command, timeout=_INSTALL_TIMEOUT)
        except ServerError as error:
            reason = str(error).rstrip(".")
            if "Could not get lock" in reason or "Unable to acquire the dpkg" in reason:
                self._wait_for_apt()
            message = f"{reason}: check what `sudo apt-get update` prints there."
            raise DeploymentError(message) from None

    def _surroundings(self) -> Surroundings:
        site = self._site
        found = self._target.run(["sh", "-c", "cat /etc/nginx/nginx.conf 2>/dev/null; true"], "/")
        user = _NGINX_USER.search(found)
        path = f"{site.folder}/.env"
        content = self._target.read(path) if self._target.succeeds("test", "-e", path) else None
        name = database_file(site, read(content, site) or {})
        database = [f"{site.folder}/database"]
        if name and name != ":memory:":
            # Deploying refuses a relative path, unless it leads to a permanent folder.
            file = posixpath.join(site.folder, "releases", "NEXT", name)
            database.append(posixpath.dirname(posixpath.normpath(file)))
        paths = [posixpath.normpath(posixpath.join(site.folder, each)) for each in _READ]
        return Surroundings(
            nginx_group=(user[2] or user[1]) if user else _WEB_GROUP,
            read=self._places(paths),
            written=self._places(database),
        )

    def _places(self, paths: Sequence[str]) -> Sequence[str]:
        """Return the paths and their real paths, without those inside another of them."""
        real = self._target.run(["readlink", "-m", "--", *paths], "/").splitlines()
        places: list[str] = []
        for path in [*paths, *real]:
            check_path("a path of the site", path)
            if not any(PurePosixPath(path).is_relative_to(each) for each in places):
                places.append(path)
        # The site starts even if some of these paths do not exist, or no longer do.
        return [places[0], *(f"-{each}" for each in places[1:])]

    def _hide_nginx_version(self) -> None:
        file = ConfigurationFile(_NGINX_TOKENS, _filled("nginx-tokens", {}))
        others = ["sh", "-c", f"{_OTHER_TOKENS}; true", "sh", file.path]
        if self._target.run(others, "/").strip():
            # nginx refuses a second one, and the existing one was written on purpose.
            show("nginx", "server_tokens is already set there")
        elif self._is_to_be_written("nginx", file):
            with step("nginx") as nginx:
                self._draft(file)
                self._install(file)
                nginx.result = f"wrote {file.path}"

    def _missing_packages(self) -> Iterator[str]:
        if not self._target.exists("/usr/sbin/nginx"):
            yield "nginx-light"
        if not self._target.succeeds("python3", "-c", "import ensurepip, venv"):
            yield "python3-venv"

    def _check_certificate(self) -> None:
        for file in (self._certificate.chain, self._certificate.key):
            if not self._target.exists(file, as_root=True):
                message = (
                    f"There is no {file} on {self._site.host}: get a certificate, as with `sudo "
                    f"certbot certonly --webroot -w /var/www/html -d {self._site.host}`, or name "
                    "its files with --certificate and --key."
                )
                if not self._dry:
                    raise DeploymentError(message)
                show("certificate", message)
                return
        show("certificate", self._certificate.chain)

    def _make_folders(self) -> None:
        paths = [posixpath.normpath(posixpath.join(self._site.folder, name)) for name in _FOLDERS]
        missing = [path for path in paths if not self._target.exists(path)]
        if not missing:
            show("folders", "all exist")
        elif self._would(f"make {', '.join(missing)}"):
            with step("folders") as folders:
                # The outermost first, so that no one else can see what is inside.
                for path in missing:
                    self._target.run(["mkdir", "-p", "-m", "700", path], "/")
                folders.result = f"made {self._site.folder}"

    def _join_journal_group(self) -> None:
        user = self._site.user
        if _JOURNAL_GROUP in self._target.run(["id", "--groups", "--name", user], "/").split():
            show("journal", f"{user} may read it")
        elif self._would(f"let {user} read the journal"):
            with step("journal") as journal:
                self._target.sudo("usermod", "--append", "--groups", _JOURNAL_GROUP, user)
                journal.result = f"{user} may read it"

    def _write_sudoers(self, file: ConfigurationFile) -> None:
        if self._is_to_be_written("sudoers", file):
            with step("sudoers") as sudoers:
                draft = self._draft(file)
                # With a mistake in the file, no one could use sudo to correct it.
                self._target.sudo("/usr/sbin/visudo", "--check", "--quiet", f"--file={draft}")
                self._install(file)
                sudoers.result = f"wrote {file.path}"

    def _write_unit(self, file: ConfigurationFile) -> None:
        changed = self._is_to_be_written("unit", file)
        if changed:
            with step("unit") as unit:
                self._draft(file)
                self._install(file)
                self._target.sudo("systemctl", "daemon-reload")
                unit.result = f"wrote {file.path}"
        if self._target.succeeds("systemctl", "--quiet", "is-enabled", self._site.unit):
            show("boot", f"starts {self._site.unit}")
        elif self._would(f"start {self._site.unit} at boot"):
            with step("boot") as boot:
                self._target.sudo("systemctl", "--quiet", "enable", self._site.unit)
                boot.result = f"starts {self._site.unit}"
        if changed and self._target.succeeds("systemctl", "--quiet", "is-active", self._site.unit):
            with step("restart") as restart:
                self._target.sudo(*self._site.restart, timeout=_INSTALL_TIMEOUT)
                restart.result = f"{self._site.unit} runs with the new unit"

    def _write_nginx_site(self, file: ConfigurationFile) -> None:
        changed = self._is_to_be_written("nginx", file)
        link = f"/etc/nginx/sites-enabled/{self._site.host}"
        linked = self._target.succeeds("test", "-e", link)
        if (not linked and self._would(f"make {link}")) or changed:
            with step("nginx") as nginx:
                with shielded():
                    self._serve(file, link, was_linked=linked)
                nginx.result = f"serves {self._site.url}"

    def _serve(self, file: ConfigurationFile, link: str, *, was_linked: bool) -> None:
        before = self._found(file)
        self._draft(file)
        self._install(file)
        self._target.sudo("ln", "-s", "-f", "-n", file.path, link)
        output = self._target.sudo("sh", "-c", _TEST_NGINX)
        if output.endswith(_REFUSED):
            # The next start of nginx would fail for all sites of the server.
            if not was_linked:
                self._target.sudo("rm", "-f", link)
            if before is not None:
                old = ConfigurationFile(file.path, before, file.mode)
                self._draft(old)
                self._install(old)
            reason = _why_nginx_refuses(output)
            message = (
                f"nginx refuses the site, and keeps its old configuration ({reason}): correct that."
            )
            raise DeploymentError(message)
        self._target.sudo("systemctl", "enable", "--quiet", "nginx")
        self._target.sudo("systemctl", "reload-or-restart", "nginx")

    def _is_to_be_written(self, title: str, file: ConfigurationFile) -> bool:
        """Show the change of a file, and return whether to make it now."""
        found = self._found(file)
        change = difference(file, found)
        if not change:
            show(title, f"{file.path} is unchanged")
            return False
        self._changes += 1
        if self._dry or found is not None:
            write(change, end="")
        return not self._dry

    def _would(self, what: str) -> bool:
        """Count a change, show it in a dry run, and return whether to make it now."""
        self._changes += 1
        if self._dry:
            show("would", what)
        return not self._dry

    def _found(self, file: ConfigurationFile) -> str | None:
        read = 'if [ -e "$1" ]; then echo there; cat "$1"; fi'
        there, _, content = self._target.sudo("sh", "-c", read, "sh", file.path).partition("\n")
        return content if there else None

    def _draft(self, file: ConfigurationFile) -> str:
        """Copy the file to a place that the user may write to, and return its path."""
        draft = posixpath.join(self._site.folder, f"{posixpath.basename(file.path)}.draft")
        self._target.write(draft, file.content.encode())
        return draft

    def _install(self, file: ConfigurationFile) -> None:
        draft = posixpath.join(self._site.folder, f"{posixpath.basename(file.path)}.draft")
        owned = ("--owner=root", "--group=root", f"--mode={file.mode}")
        self._target.sudo("install", *owned, draft, file.path)
        self._target.run(["rm", "-f", draft], "/")


def _why_nginx_refuses(output: str) -> str:
    """Return the reason in lines such as `nginx: [emerg] cannot load certificate "/…": …`."""
    reason = _NGINX_REASON.search(output)
    return reason[1] if reason else output.splitlines()[0]


def _filled(template: str, values: dict[str, str]) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text
