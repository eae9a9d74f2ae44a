"""What `fab` does: servers made ready for the site, the site brought to them, and rehearsed."""

from fabric import Config
from invoke.collection import Collection


def __getattr__(name: str) -> Collection:
    """Gather the tasks when `fab` asks for them: the rehearsal's need modules of this package."""
    if name != "namespace":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from fabfile import tasks  # noqa: PLC0415
    from testbeds.rehearsal import tasks as rehearsal_tasks  # noqa: PLC0415

    namespace = Collection.from_module(tasks)
    namespace.add_collection(Collection.from_module(rehearsal_tasks, name="rehearsal"))
    # What a person does not type, ssh decides; Fabric would say the local user, and port 22.
    namespace.configure({"user": "", "port": 0})
    return namespace


def _leave_it_to_ssh(_config: Config) -> None:
    """Read no ssh configuration: Fabric's reader ends with a traceback at what it does not know.

    No setting of Fabric's turns it off for `fab -S FILE`.
    """


Config._load_ssh_files = _leave_it_to_ssh  # noqa: SLF001
