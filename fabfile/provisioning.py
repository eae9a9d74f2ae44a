"""What a server needs before a site can be deployed to it."""

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
from fabfile.progress import say, step, tell
from fabfile.survey import database_file
from fabfile.target import Target

TEMPLATES = Path(__file__).resolve().parent / "templates"

_INSTALL_TIMEOUT = 600
"""How long apt may take, in seconds."""

_REFUSED = "refused\n"
# With numbers of processes where the configuration says where to log.
_NGINX_REASON = re.compile(r"\[emerg\] (?:\d+#\d+: )?(.+)")
_TEST_NGINX = "/usr/sbin/nginx -t -q 2>&1 || echo refused"

_JOURNAL_GROUP = "systemd-journal"
_FOLDERS = (".", "releases", "virtualenvs", "wheelhouse", "database")

_LOCK_TIMEOUT = 120
"""How long another apt may hold its locks, in seconds."""

# Debian's own for nginx, unless its configuration has another.
_WEB_GROUP = "www-data"
_NGINX_USER = re.compile(r"^\s*user\s+([a-z_][\w-]*)(?:\s+([a-z_][\w-]*))?\s*;", re.MULTILINE)
_OTHER_TOKENS = (
    "grep -l -E '^[[:space:]]*server_tokens' /etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf "
    '2>/dev/null | grep -v -x "$1"'
)

# Waits for locks that apt gives up at (apt's own timeout knows only that of dpkg), and prints who
# holds one of them to the end.
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
"""What the site reads, in its folder or where links lead from there."""

_NGINX_TOKENS = "/etc/nginx/conf.d/superlists.conf"

_APT_LOCKS = (
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
)


@dataclass(frozen=True)
class Certificate:
    """Where a certificate lies on the server.

    Attributes:
        chain: the file with the certificate and those that vouch for it.
        key: the file with its private key.

    """

    chain: str
    key: str

    def __post_init__(self) -> None:
        """Refuse paths that nginx would need quoted.

        Raises:
            DeploymentError: says which.

        """
        check_path("--certificate", self.chain)
        check_path("--key", self.key)


@dataclass(frozen=True)
class ConfigurationFile:
    """A file of root's that makes the server serve the site.

    Attributes:
        path: where it lies.
        content: what is in it.
        mode: who may read it, as chmod(1) takes it.

    """

    path: str
    content: str
    mode: str = "644"


def certificate_for(host: str, chain: str, key: str) -> Certificate:
    """Return where the certificate lies: where certbot puts it, unless told."""
    folder = f"/etc/letsencrypt/live/{host}"
    return Certificate(chain or f"{folder}/fullchain.pem", key or f"{folder}/privkey.pem")


@dataclass(frozen=True)
class Surroundings:
    """What a site's configuration has to know of its server.

    Attributes:
        nginx_group: the group that nginx's workers have.
        read: the folders and files in which the site lies.
        written: the folders in which its database lies.

    """

    nginx_group: str
    read: Sequence[str]
    written: Sequence[str]


def configuration_files(
    site: Site, certificate: Certificate, surroundings: Surroundings
) -> Sequence[ConfigurationFile]:
    """Return the site's configuration of sudo, systemd and nginx."""
    # nginx's names for formats and caches have no dots in them, and sudo reads no file that has.
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
    """Return what would change in a file, as `diff -u` shows it; "" for nothing."""
    before = [] if found is None else found.splitlines(keepends=True)
    after = file.content.splitlines(keepends=True)
    name = "/dev/null" if found is None else file.path
    return "".join(difflib.unified_diff(before, after, name, file.path))


def provision(target: Target, certificate: Certificate, *, dry: bool) -> None:
    """Make the server ready for the site, or say with `dry` what that would change.

    Raises:
        DeploymentError: it cannot be made ready; what was done until then stays.
        ServerError: the server cannot be worked with.

    """
    tell("server", f"{target}, the site in {target.site.folder}")
    _Provisioning(target, certificate, dry=dry).run()


class _Provisioning:
    def __init__(self, target: Target, certificate: Certificate, *, dry: bool) -> None:
        self._target = target
        self._site = target.site
        self._certificate = certificate
        self._dry = dry
        self._changes = 0

    def run(self) -> None:
        self._see_that_sudo_works()
        self._install_packages()
        self._see_certificate()
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
            tell("dry run", f"what would change: {self._changes}; nothing has")
        else:
            ready = f"{self._site.host} can be deployed to"
            tell("ready", f"{ready}; what had to change: {self._changes or 'nothing'}")

    def _see_that_sudo_works(self) -> None:
        with step("sudo") as sudo:
            try:
                self._target.sudo("true")
            except ServerError as error:
                message = (
                    f"{self._site.user} cannot provision {self._site.host}, because sudo does not "
                    f"let them without a password ({error}): allow it with visudo for as long as "
                    "that takes."
                )
                raise DeploymentError(message) from None
            sudo.result = "asks for no password"

    def _install_packages(self) -> None:
        missing = list(self._missing_packages())
        if not missing:
            tell("packages", "all there")
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
                "until that has ended, and type the same again."
            )
            raise DeploymentError(message)

    def _apt(self, *command: str) -> None:
        try:
            self._target.sudo(*command, timeout=_INSTALL_TIMEOUT)
        except ServerError as error:
            said = str(error).rstrip(".")
            if "Could not get lock" in said or "Unable to acquire the dpkg" in said:
                self._wait_for_apt()
            message = f"{said}: see what `sudo apt-get update` there says."
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
            # A relative one is refused at deployment, unless it leads to where it stays.
            file = posixpath.join(site.folder, "releases", "NEXT", name)
            database.append(posixpath.dirname(posixpath.normpath(file)))
        lies = [posixpath.normpath(posixpath.join(site.folder, each)) for each in _READ]
        return Surroundings(
            nginx_group=(user[2] or user[1]) if user else _WEB_GROUP,
            read=self._places(lies),
            written=self._places(database),
        )

    def _places(self, paths: Sequence[str]) -> Sequence[str]:
        """Return paths, and where they really lead, without those that lie in another of them."""
        real = self._target.run(["readlink", "-m", "--", *paths], "/").splitlines()
        places: list[str] = []
        for path in [*paths, *real]:
            check_path("a path of the site", path)
            if not any(PurePosixPath(path).is_relative_to(each) for each in places):
                places.append(path)
        # What is not there, or is not there any more, is no reason for the site not to start.
        return [places[0], *(f"-{each}" for each in places[1:])]

    def _hide_nginx_version(self) -> None:
        file = ConfigurationFile(_NGINX_TOKENS, _filled("nginx-tokens", {}))
        others = ["sh", "-c", f"{_OTHER_TOKENS}; true", "sh", file.path]
        if self._target.run(others, "/").strip():
            # Twice would be an error to nginx, and whoever wrote the other one means it.
            tell("nginx", "what its servers say of themselves is decided there already")
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

    def _see_certificate(self) -> None:
        for file in (self._certificate.chain, self._certificate.key):
            if not self._target.exists(file, as_root=True):
                message = (
                    f"There is no {file} on {self._site.host}: get a certificate, as with `sudo "
                    f"certbot certonly --webroot -w /var/www/html -d {self._site.host}`, or say "
                    "where it is with --certificate and --key."
                )
                if not self._dry:
                    raise DeploymentError(message)
                tell("certificate", message)
                return
        tell("certificate", self._certificate.chain)

    def _make_folders(self) -> None:
        paths = [posixpath.normpath(posixpath.join(self._site.folder, name)) for name in _FOLDERS]
        missing = [path for path in paths if not self._target.exists(path)]
        if not missing:
            tell("folders", "all there")
        elif self._would(f"make {', '.join(missing)}"):
            with step("folders") as folders:
                # The outermost first: what is in it is nobody else's business.
                for path in missing:
                    self._target.run(["mkdir", "-p", "-m", "700", path], "/")
                folders.result = f"made {self._site.folder}"

    def _join_journal_group(self) -> None:
        user = self._site.user
        if _JOURNAL_GROUP in self._target.run(["id", "--groups", "--name", user], "/").split():
            tell("journal", f"{user} may read it")
        elif self._would(f"let {user} read the journal"):
            with step("journal") as journal:
                self._target.sudo("usermod", "--append", "--groups", _JOURNAL_GROUP, user)
                journal.result = f"{user} may read it"

    def _write_sudoers(self, file: ConfigurationFile) -> None:
        if self._is_to_be_written("sudoers", file):
            with step("sudoers") as sudoers:
                draft = self._draft(file)
                # With a mistake in it, nobody could use sudo any more to correct it.
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
            tell("boot", f"starts {self._site.unit}")
        elif self._would(f"start {self._site.unit} at boot"):
            with step("boot") as boot:
                self._target.sudo("systemctl", "--quiet", "enable", self._site.unit)
                boot.result = f"starts {self._site.unit}"
        if changed and self._target.succeeds("systemctl", "--quiet", "is-active", self._site.unit):
            with step("restart") as restart:
                self._target.sudo(*self._site.restart, timeout=_INSTALL_TIMEOUT)
                restart.result = f"{self._site.unit} runs as the unit says"

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
        said = self._target.sudo("sh", "-c", _TEST_NGINX)
        if said.endswith(_REFUSED):
            # The next start of nginx would fail for all sites of the server.
            if not was_linked:
                self._target.sudo("rm", "-f", link)
            if before is not None:
                old = ConfigurationFile(file.path, before, file.mode)
                self._draft(old)
                self._install(old)
            reason = _why_nginx_refuses(said)
            message = f"nginx refuses the site, and goes on as it was ({reason}): correct that."
            raise DeploymentError(message)
        self._target.sudo("systemctl", "enable", "--quiet", "nginx")
        self._target.sudo("systemctl", "reload-or-restart", "nginx")

    def _is_to_be_written(self, title: str, file: ConfigurationFile) -> bool:
        """Say what is to change in a file; whether it is to be changed now."""
        found = self._found(file)
        change = difference(file, found)
        if not change:
            tell(title, f"{file.path} is unchanged")
            return False
        self._changes += 1
        if self._dry or found is not None:
            say(change, end="")
        return not self._dry

    def _would(self, what: str) -> bool:
        """Count a change; whether it is to be made now."""
        self._changes += 1
        if self._dry:
            tell("would", what)
        return not self._dry

    def _found(self, file: ConfigurationFile) -> str | None:
        read = 'if [ -e "$1" ]; then echo there; cat "$1"; fi'
        there, _, content = self._target.sudo("sh", "-c", read, "sh", file.path).partition("\n")
        return content if there else None

    def _draft(self, file: ConfigurationFile) -> str:
        """Copy the file to where the user may write, and return that path."""
        draft = posixpath.join(self._site.folder, f"{posixpath.basename(file.path)}.draft")
        self._target.write(draft, file.content.encode())
        return draft

    def _install(self, file: ConfigurationFile) -> None:
        draft = posixpath.join(self._site.folder, f"{posixpath.basename(file.path)}.draft")
        owned = ("--owner=root", "--group=root", f"--mode={file.mode}")
        self._target.sudo("install", *owned, draft, file.path)
        self._target.run(["rm", "-f", draft], "/")


def _why_nginx_refuses(said: str) -> str:
    """Return what is wrong, from lines such as `nginx: [emerg] cannot load certificate "/…": …`."""
    reason = _NGINX_REASON.search(said)
    return reason[1] if reason else said.splitlines()[0]


def _filled(template: str, values: dict[str, str]) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text
