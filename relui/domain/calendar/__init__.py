"""The calendar: when production may be deployed to, what stands in the way, and who has to move [S1.30]."""
