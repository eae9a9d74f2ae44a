"""What Superlists does, in plain English; `features.support` is what makes it run."""
