"""Sign-ups: places, the waiting list, who came."""
