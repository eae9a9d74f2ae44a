"""Runs with several workers (`behave -j N`), which look the same to formatters and reporters.

The process that was started, the lead, reads the features and forks the workers before anything is
opened. A worker runs behave's own code with its own site and browser, and asks the lead for one
scenario after another (`worker`, `schedule`). Its reports and its output are recorded (`recording`)
and sent to the lead (`wire`), which replays them to the formatters in the order of the features
(`replay`).
"""
