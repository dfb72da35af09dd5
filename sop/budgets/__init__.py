"""How much the bot may say, and what is bundled for it."""
