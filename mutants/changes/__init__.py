"""Makes the mutants: changed texts of the files of the site."""
