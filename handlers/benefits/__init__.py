"""What members get for what they gave: catalogue, stock, redemption, prizes."""
