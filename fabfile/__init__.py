"""What `fab` does: servers made ready for the site, the site brought to them, and rehearsed."""

from invoke.collection import Collection

from fabfile import tasks
from fabfile.rehearsal import tasks as rehearsal_tasks

namespace = Collection.from_module(tasks)
namespace.add_collection(Collection.from_module(rehearsal_tasks, name="rehearsal"))

# What a person does not type, ssh decides; Fabric would say the local user, and port 22.
namespace.configure({"user": "", "port": 0})
