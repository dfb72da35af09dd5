"""What a ring that likes itself for points would gain under a pack: clubs are played."""
