"""Reports: what a group and its operator are told about how it goes, and what to do next."""
