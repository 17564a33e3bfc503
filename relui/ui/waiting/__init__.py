"""What waits for whom over all active releases."""
