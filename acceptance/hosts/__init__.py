"""Hosts: the machines on which deployed sites run, and how to run commands there."""
