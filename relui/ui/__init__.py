"""The full-screen app: screens, widgets and commands over the desk. Holds no rule."""
