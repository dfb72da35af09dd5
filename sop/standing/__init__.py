"""What members earned: score, levels, badges, fair play, segments, tables."""
