"""One host on the way to a server, or the server itself, to which Fabric connects."""

import shlex
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from fabric import Config, Connection
from paramiko import (
    AuthenticationException,
    Channel,
    ChannelException,
    SSHConfig,
    SSHException,
    Transport,
)

from acceptance.hosts.errors import HostKeyError, LogInError, ServerError
from acceptance.hosts.ssh import way
from acceptance.hosts.ssh.algorithms import NegotiatingTransport, is_disagreement
from acceptance.hosts.ssh.host_keys import (
    HostKeyPolicy,
    UntrustedHostKeyError,
    explain_untrusted_key,
)
from acceptance.hosts.ssh.identities import KeysOfOpenSsh, NotLetInError
from acceptance.hosts.ssh.known_hosts import KnownHosts
from acceptance.hosts.ssh.open_ssh import OFF, SSH_PORT, Settings

# In seconds.
KEEPALIVE_INTERVAL = 15


class Hop:
    """A host to connect to, perhaps through the one before it.

    Attributes:
        settings: the settings with which ssh would reach it.

    """

    def __init__(
        self, settings: Settings, timeout: float, passphrase: str | None, password: str | None
    ) -> None:
        """Prepare the connection, without connecting yet.

        Args:
            settings: the settings with which ssh would reach it.
            timeout: how long each step may take, in seconds; ConnectTimeout overrides it.
            passphrase: the passphrase of the keys, if the person was asked for it.
            password: the password for logging in, if the person was asked for it.

        """
        self.settings = settings
        own = settings.number("connecttimeout")
        self._connect_timeout = own or timeout
        self._known_hosts = KnownHosts(settings)
        self._proxy: way.ProxyCommand | None = None
        self._attempt: NegotiatingTransport | None = None
        strategy = KeysOfOpenSsh(settings, passphrase, password)
        later = max(own, timeout)
        self._connection = Connection(
            settings.host,
            user=settings.user,
            port=settings.port,
            # Fabric's own configuration and that of ssh have been read already.
            config=Config(lazy=True, ssh_config=SSHConfig()),
            gateway=False,
            forward_agent=False,
            connect_kwargs={
                "timeout": later,
                "auth_strategy": strategy,
                "transport_factory": self._new_transport,
                "banner_timeout": self._connect_timeout,
                "auth_timeout": later,
                "channel_timeout": later,
            },
        )
        client = self._connection.client
        client.set_missing_host_key_policy(HostKeyPolicy(settings, self._known_hosts))

    def __str__(self) -> str:
        """Return the user, host and port."""
        port = "" if self.settings.port == SSH_PORT else f", port {self.settings.port}"
        return f"{self.settings.user}@{self.settings.host}{port}"

    @property
    def was_tried(self) -> bool:
        """Whether connecting was tried."""
        return self._attempt is not None

    @property
    def transport(self) -> Transport:
        """The connection, once it is open."""
        transport: Transport = self._connection.transport
        return transport

    @property
    def is_connected(self) -> bool:
        """Whether the connection is open, as far as this end knows."""
        return bool(self._connection.is_connected)

    def open(self, before: "Hop | None") -> None:
        """Connect to it and log in.

        Args:
            before: the host to go through, which is already connected.

        Raises:
            SSHException, ValueError, OSError, EOFError: it cannot be reached.

        """
        self._connection.connect_kwargs["sock"] = self._reach(before)
        self._connection.open()
        self.transport.set_keepalive(KEEPALIVE_INTERVAL)
        sock = self.transport.sock
        if self.settings.is_direct and isinstance(sock, socket.socket):
            # A request is one small packet, which must not wait for further data.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Close the connection, if it is open."""
        # Fabric only closes connections that it considers open, not those that failed midway.
        with suppress(OSError, EOFError):
            self._connection.client.close()
        if self._proxy:
            self._proxy.close()
            self._proxy = None

    def complaint(self) -> str:
        """Return the last error of the ProxyCommand, or ""."""
        return self._proxy.complaint() if self._proxy else ""

    def disagreement(self) -> str | None:
        """Return one sentence about the algorithm that both sides do not share, or None."""
        return self._attempt.explain_disagreement(str(self)) if self._attempt else None

    def _reach(self, before: "Hop | None") -> socket.socket | Channel:
        settings = self.settings
        if before:
            return before.transport.open_channel(
                "direct-tcpip",
                (settings.host, settings.port),
                ("127.0.0.1", 0),
                timeout=self._connect_timeout,
            )
        if command := settings.proxy_command:
            if settings.switched("proxyusefdpass"):
                message = "ProxyUseFdpass in your ssh configuration is not supported here"
                raise SSHException(message)
            self._proxy = way.ProxyCommand(command)
            return self._proxy.socket
        return way.connect(settings, self._connect_timeout)

    def _new_transport(self, sock: socket.socket | Channel, **others: object) -> Transport:
        algorithms = self._known_hosts.algorithms()
        self._attempt = NegotiatingTransport(sock, self.settings, algorithms, **others)
        return self._attempt


def explain_refusal(hop: Hop, error: Exception) -> ServerError:
    """Return the error that explains why there is no connection to a host."""
    settings = hop.settings
    if isinstance(error, UntrustedHostKeyError):
        return HostKeyError(explain_untrusted_key(error, settings))
    if isinstance(error, NotLetInError):
        return LogInError(_explain_log_in(hop, error))
    if is_disagreement(error) and (sentence := hop.disagreement()):
        return ServerError(sentence)
    if isinstance(error, AuthenticationException) and "timeout" not in str(error).lower():
        return LogInError(
            f"{hop} hung up before any of your keys was accepted: if you have many, name the right "
            "one with IdentityFile and IdentitiesOnly in ~/.ssh/config."
        )
    reason = hop.complaint() or reason_of(error)
    return ServerError(
        f"{hop} cannot be reached by SSH ({reason}): check that `ssh -v{_place(settings)}` works."
    )


def reason_of(error: Exception) -> str:
    """Return in a few words what went wrong."""
    if isinstance(error, EOFError):
        return "it hung up"
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, ChannelException):
        return f"the previous host reports: {error.text}"
    if "banner" in str(error):
        return "it does not answer like an SSH server"
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _place(settings: Settings) -> str:
    """Return the arguments of ssh for the same destination."""
    return str(settings.destination).removeprefix("ssh")


def _explain_log_in(hop: Hop, error: NotLetInError) -> str:
    settings = hop.settings
    if error.accepted:
        return (
            f"{hop} accepts your key but also requires {_listed(error.allowed)}, for which nothing "
            f"here can ask you: ask its administrator to let {settings.user} log in with a key "
            "alone (AuthenticationMethods in its sshd_config)."
        )
    if sentence := _explain_method(hop, error.allowed):
        return sentence
    if error.encrypted:
        return _explain_encrypted_key(hop, error.encrypted[0])
    if error.unusable:
        ways = "; ".join(error.unusable)
        return f"{hop} accepts none of the keys that can be used here: {ways}."
    files = settings.identity_files
    is_missing = len(files) == 1 and not Path(files[0]).is_file()
    also = f", and {files[0]} does not exist" if is_missing else ""
    return (
        f"{hop} accepts none of your keys{also}: add your public key there with "
        f"`ssh-copy-id{_copy_place(settings)}`, or name the right user and key in ~/.ssh/config."
    )


def _explain_method(hop: Hop, allowed: Sequence[str]) -> str | None:
    """Return why no key was tried, or None if keys could have been tried."""
    settings = hop.settings
    if "publickey" not in allowed:
        return (
            f"{hop} does not accept keys but requires {_listed(allowed)}, for which nothing here "
            "can ask you: ask its administrator to set PubkeyAuthentication to yes in its "
            "sshd_config."
        )
    if settings.get("pubkeyauthentication") in OFF:
        return (
            f"{hop} accepts keys, but your ssh configuration sets PubkeyAuthentication to no: "
            "change that for this host in ~/.ssh/config."
        )
    preferred = settings.get("preferredauthentications", "publickey")
    if "publickey" not in preferred.split(","):
        return (
            f"{hop} accepts keys, but your ssh configuration sets PreferredAuthentications to "
            f"{preferred}: add publickey to it in ~/.ssh/config."
        )
    return None


def _explain_encrypted_key(hop: Hop, key: str) -> str:
    agent = hop.settings.get("identityagent", "SSH_AUTH_SOCK")
    add = f"ssh-add {shlex.quote(key)}"
    start = f"type `{add}`, or start an agent first with `eval $(ssh-agent)`"
    if agent == "none":
        start = f"remove `IdentityAgent none` from ~/.ssh/config for this host and type `{add}`"
    elif agent != "SSH_AUTH_SOCK":
        start = f"type `SSH_AUTH_SOCK={shlex.quote(hop.settings.agent)} {add}`"
    return f"The key for {hop} is encrypted, and no agent holds it: {start}."


def _copy_place(settings: Settings) -> str:
    target = f"{settings.user}@{settings.destination.host}"
    options = settings.destination
    port = f" -p {settings.port}" if settings.port != SSH_PORT else ""
    file = f" -F {shlex.quote(options.configuration)}" if options.configuration else ""
    return f"{file}{port} {shlex.quote(target)}"


def _listed(methods: Sequence[str]) -> str:
    return " or ".join(methods) if methods else "something else"
