"""Pages: playground, health, metrics, short links, members' own pages; and the operator's API."""
