"""The web server of a host, as programs here ask it, with or without a proxy between."""
