"""The dossier: what a governed organisation keeps of a release beside its checklist [S1.1-S1.29]."""
