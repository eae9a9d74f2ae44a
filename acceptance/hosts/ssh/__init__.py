"""A host that is reached over SSH in the same way as by OpenSSH; only this package uses Fabric."""
