"""The release list and the archive, and the form for a new release."""
