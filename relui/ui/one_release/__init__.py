"""What several features show and ask about one release; knows no feature."""
