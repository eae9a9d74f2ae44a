"""Breaks the site in many small ways, and finds out which of them the scenarios notice."""
