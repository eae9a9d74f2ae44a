"""Requests to the web server of a host, with or without a proxy in between."""
