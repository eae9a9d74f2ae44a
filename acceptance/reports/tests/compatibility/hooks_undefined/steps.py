"""The sample needs no sentence."""
