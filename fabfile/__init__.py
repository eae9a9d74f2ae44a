"""What `fab` does: servers made ready for the site, the site brought to them, and rehearsed."""

from fabric import Config
from invoke.collection import Collection

from fabfile import tasks
from testbeds.rehearsal import tasks as rehearsal_tasks

namespace = Collection.from_module(tasks)
namespace.add_collection(Collection.from_module(rehearsal_tasks, name="rehearsal"))

# What a person does not type, ssh decides; Fabric would say the local user, and port 22.
namespace.configure({"user": "", "port": 0})


def _leave_it_to_ssh(_config: Config) -> None:
    """Read no ssh configuration: Fabric's reader ends with a traceback at what it does not know.

    No setting of Fabric's turns it off for `fab -S FILE`.
    """


Config._load_ssh_files = _leave_it_to_ssh  # noqa: SLF001
