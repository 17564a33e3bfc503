"""What is learned from releases: actions, debts, reviews, metrics, trends, the archive, help in trouble."""
