"""Lets the site's unit tests meet the mutants that the scenarios do not notice."""
