"""What two SSH programs have to agree on before they understand each other."""

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
    """Something that two programs choose together.

    Attributes:
        name: what it is.
        option: how ssh_config(5) and sshd_config(5) call it.
        of_server: where the server lists what it has, in the words of paramiko.
        ours: where paramiko lists what it has.

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
    """Offers a server what ssh would, as far as paramiko has it, and in that order.

    Attributes:
        host_key_blob: the host key or certificate, as the server showed it.

    """

    host_key_blob: bytes

    # The same under the name that the standard gives it (RFC 8731).
    _kex_info = {  # noqa: RUF012 (as in the class above)
        **Transport._kex_info,  # type: ignore[attr-defined]  # noqa: SLF001
        _CURVE_25519: KexCurve25519,
    }

    def __init__(
        self, sock: socket | Channel, settings: Settings, host_keys: Sequence[str], **others: object
    ) -> None:
        """Take a socket over, and send nothing yet.

        Args:
            sock: what leads to the server.
            settings: what ssh would do.
            host_keys: the host key algorithms to offer, the best first.
            others: what else paramiko passes to the transports that it makes.

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
        """Say in one sentence what there is no agreement on, or return None where there is."""
        for choice in _CHOICES:
            theirs = self._theirs.get(choice.of_server, [])
            theirs = [name for name in theirs if not name.startswith(("ext-info-", "kex-strict-"))]
            ours = getattr(self, f"_preferred_{choice.ours}")
            if not theirs or set(theirs) & set(ours):
                continue
            allowed = self._settings.algorithms(choice.option.lower())
            offer = f"{host} offers no {choice.name} but {', '.join(theirs)}"
            if not (shared := [name for name in theirs if name in allowed]):
                return (
                    f"{offer}, and your ssh configuration allows none of them: see what it says "
                    f"about {choice.option}."
                )
            if have := [name for name in theirs if name in self._have()[choice.ours]]:
                return (
                    f"Of what {host} offers, your ssh configuration allows no {choice.name} but "
                    f"{', '.join(shared)}, which paramiko, the SSH library that is used here, "
                    f"lacks: allow one of {', '.join(have)} as well ({choice.option} in "
                    "~/.ssh/config)."
                )
            return (
                f"{offer}, which ssh has and paramiko, the SSH library that is used here, lacks: "
                f"ask who runs it to allow one of {', '.join(ours)} as well ({choice.option} in "
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
    """Whether an error says that there was nothing to agree on."""
    return isinstance(error, IncompatiblePeer)
