"""What lies between the app and the terminal: driver, painting, keys in turn, ending, clipboard."""
