"""Books of what members gave to a collection: a page to print, and a PDF."""
