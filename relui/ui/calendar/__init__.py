"""The calendar: week, month and agenda; booking, moving, and its entries."""
