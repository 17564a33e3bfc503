"""The record of one release: tabs over definition, package, tests, sign-offs, gates and messages."""
