"""The network of a rehearsal: a wire between the server and the tester."""

from testbeds.commands import run
from testbeds.rehearsal.runs import NETWORK_FILES, Run

SITE_HOST = "superlists-staging.test"
MAIL_HOST = "mail.superlists-staging.test"

# RFC 5737: addresses that are not used on the internet. Rehearsals can use the same ones, because
# each wire connects two namespaces that contain nothing else, not even this machine's network.
SERVER_ADDRESS = "192.0.2.2"
CLIENT_ADDRESS = "192.0.2.1"

HOSTS = f"127.0.0.1 localhost\n{SERVER_ADDRESS} {SITE_HOST} {MAIL_HOST}\n"
"""Both ends' /etc/hosts."""


def lay_wire(of: Run) -> None:
    """Make both namespaces and the wire between them.

    Raises:
        TestBedError: one of the commands failed.

    """
    server, client = of.server_network, of.client_network
    ends = {server: SERVER_ADDRESS, client: CLIENT_ADDRESS}
    for network in ends:
        run(["ip", "netns", "add", network])
    wire = ["type", "veth", "peer", "name", "eth0", "netns", client]
    run(["ip", "link", "add", "eth0", "netns", server, *wire])
    for network, address in ends.items():
        run(["ip", "-netns", network, "address", "add", f"{address}/30", "dev", "eth0"])
        for device in ("lo", "eth0"):
            run(["ip", "-netns", network, "link", "set", device, "up"])
    # `ip netns exec` mounts it over /etc/hosts (ip-netns(8)).
    (NETWORK_FILES / client / "hosts").write_text(HOSTS, encoding="utf-8")
