"""What is owed after releases, and the page of a review."""
