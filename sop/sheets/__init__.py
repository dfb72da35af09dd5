"""A calendar as a spreadsheet: read into a pack, written from one."""
