"""Short links: where one may lead, who opens it, and what staff say of it."""
