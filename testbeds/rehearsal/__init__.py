"""The rehearsal's server: a real Debian that is booted for one rehearsal and then discarded."""
