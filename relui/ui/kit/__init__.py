"""What every screen is made of. Rows and words name marks (`done`, `overdue`), never colours."""
