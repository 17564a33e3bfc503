"""Speed and growth of relui, as ratios against a reference in the same run. See README.md here."""
