"""Runs of several workers (`behave -j N`), of which formatters and reporters notice nothing.

The process that was started, the lead, reads the features and forks the workers before anything is
opened. A worker runs behave's own code with a site and a browser of its own, and asks the lead for
one scenario after another (`handing_out`, `schedule`). What it would have reported and printed is
recorded (`recording`) and sent to the lead (`wire`), which replays it to the formatters in the
order of the features (`replay`).
"""
