"""The places where the site under test runs: one module for each, chosen once for a run."""
