"""Hosts: where a deployed site runs, and how commands get there."""
