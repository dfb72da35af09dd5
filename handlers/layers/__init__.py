"""The core group: who qualifies, who decides, and the move."""
