"""Collections and campaigns: entries taken, reviewed, counted, shown, withdrawn."""
