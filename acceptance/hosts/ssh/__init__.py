"""A host that is reached over SSH, as OpenSSH would reach it; nothing else uses Fabric."""
