"""The algorithms on which two SSH programs have to agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from socket import socket

from paramiko import Channel, Message, Transport
from paramiko.kex_curve25519 import KexCurve25519
from paramiko.ssh_exception import IncompatiblePeer

from acceptance.hosts.ssh.open_ssh import Settings

_CURVE_25519 = "curve25519-sha256"


@dataclass(frozen=True)
class _Choice:
    """An algorithm that two programs choose together.

    Attributes:
        name: its name, for messages.
        option: its option in ssh_config(5) and sshd_config(5).
        of_server: paramiko's name for the server's list of them.
        ours: paramiko's name for its own list of them.

    """

    name: str
    option: str
    of_server: str
    ours: str


_CHOICES = (
    _Choice("key exchange", "KexAlgorithms", "kex_algo_list", "kex"),
    _Choice("host key", "HostKeyAlgorithms", "server_key_algo_list", "keys"),
    _Choice("cipher", "Ciphers", "client_encrypt_algo_list", "ciphers"),
    _Choice("cipher", "Ciphers", "server_encrypt_algo_list", "ciphers"),
    _Choice("MAC", "MACs", "client_mac_algo_list", "macs"),
    _Choice("MAC", "MACs", "server_mac_algo_list", "macs"),
)


class NegotiatingTransport(Transport):
    """Offers a server the same algorithms as ssh, in the same order, as far as paramiko has them.

    Attributes:
        host_key_blob: the host key or certificate that the server sent.

    """

    host_key_blob: bytes

    # The same algorithm under its standard name (RFC 8731).
    _kex_info = {  # noqa: RUF012 (as in the class above)
        **Transport._kex_info,  # type: ignore[attr-defined]  # noqa: SLF001
        _CURVE_25519: KexCurve25519,
    }

    def __init__(
        self, sock: socket | Channel, settings: Settings, host_keys: Sequence[str], **others: object
    ) -> None:
        """Take over a socket, without sending anything yet.

        Args:
            sock: the connection to the server.
            settings: the settings of ssh.
            host_keys: the host key algorithms to offer, the best first.
            others: the other arguments that paramiko passes to its transports.

        """
        super().__init__(sock, **others)  # type: ignore[arg-type]
        self._settings = settings
        self._theirs: Mapping[str, Sequence[str]] = {}
        wanted = {
            "kex": settings.algorithms("kexalgorithms"),
            "keys": host_keys,
            "ciphers": settings.algorithms("ciphers"),
            "macs": settings.algorithms("macs"),
            "pubkeys": settings.algorithms("pubkeyacceptedalgorithms"),
        }
        have = {**self._have(), "pubkeys": self._preferred_pubkeys}  # type: ignore[attr-defined]
        for what, names in wanted.items():
            setattr(self, f"_preferred_{what}", tuple(name for name in names if name in have[what]))

    def explain_disagreement(self, host: str) -> str | None:
        """Return one sentence about the algorithm that both do not share, or None."""
        for choice in _CHOICES:
            theirs = self._theirs.get(choice.of_server, [])
            theirs = [name for name in theirs if not name.startswith(("ext-info-", "kex-strict-"))]
            ours = getattr(self, f"_preferred_{choice.ours}")
            if not theirs or set(theirs) & set(ours):
                continue
            allowed = self._settings.algorithms(choice.option.lower())
            offer = f"{host} offers only {', '.join(theirs)} as {choice.name}"
            if not (shared := [name for name in theirs if name in allowed]):
                return (
                    f"{offer}, and your ssh configuration allows none of them: check "
                    f"{choice.option} in it."
                )
            if have := [name for name in theirs if name in self._have()[choice.ours]]:
                return (
                    f"{host} and your ssh configuration only share {', '.join(shared)} as "
                    f"{choice.name}, which paramiko, the SSH library used here, does not support: "
                    f"allow one of {', '.join(have)} as well ({choice.option} in ~/.ssh/config)."
                )
            return (
                f"{offer}, which ssh supports, but not paramiko, the SSH library used here: ask "
                f"its administrator to allow one of {', '.join(ours)} as well ({choice.option} in "
                "its sshd_config)."
            )
        return None

    def _have(self) -> Mapping[str, Sequence[str]]:
        known = {
            "kex": self._kex_info,
            "keys": self._key_info,  # type: ignore[attr-defined]
            "ciphers": self._cipher_info,  # type: ignore[attr-defined]
            "macs": self._mac_info,  # type: ignore[attr-defined]
        }
        return {what: list(names) for what, names in known.items()}

    def _parse_kex_init(self, message: Message) -> None:
        place = len(message.get_so_far())
        self._theirs = self._really_parse_kex_init(message)  # type: ignore[attr-defined]
        message.rewind()
        message.get_bytes(place)
        super()._parse_kex_init(message)  # type: ignore[misc]

    def _verify_key(self, host_key: bytes, signature: bytes) -> None:
        self.host_key_blob = host_key
        super()._verify_key(host_key, signature)  # type: ignore[misc]


def is_disagreement(error: Exception) -> bool:
    """Return whether an error means that both sides share no algorithm."""
    return isinstance(error, IncompatiblePeer)
