"""What the bot says of itself: words rendered, acknowledged, announced, recorded for delivery."""
