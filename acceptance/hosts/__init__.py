"""The server of a deployed site, as Fabric reaches it over SSH; nothing else uses Fabric."""
