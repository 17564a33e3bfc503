"""The retrospective of one release, beside its facts."""
