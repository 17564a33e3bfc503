"""The command line: a thin front end over the desk (docs/guide.md lists the exit codes)."""
