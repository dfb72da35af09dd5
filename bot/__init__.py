"""The edge: the only async code; knows HTTP, WeCom, the environment and the wall clock."""
