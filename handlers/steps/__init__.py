"""Steps of the pack: begun when due, run action by action, closed, traced."""
