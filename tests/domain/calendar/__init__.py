"""The rules of the calendar, on values."""
