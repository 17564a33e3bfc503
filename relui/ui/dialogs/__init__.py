"""Questions and answers over a screen. Esc leaves each of them; nothing typed is lost."""
