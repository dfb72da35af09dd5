"""Who is in which group: asked of WeCom at a pace of its own, and compared."""
