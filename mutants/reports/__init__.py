"""Reports what became of the mutants: the score, what survived, and why it may."""
