"""Where the site under test runs: one module for each place, chosen once for a run."""
