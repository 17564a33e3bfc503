"""One module a screen, each with its stylesheet beside it. Screens hold no rule."""
