"""What clients are told: runs, the open layer, the user's variables."""
