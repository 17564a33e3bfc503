"""Checklists as teams really keep them, to read in tests."""

from __future__ import annotations

GERMAN = """\
# 🚀 Release-Checkliste – Kundenportal

**Version:** ______  **Verantwortlich:** [Name]

Bitte von oben nach unten abarbeiten. Fragen? → #release-team

---

## 📋 Phase 1: Vor dem Release (48h vorher)

- [ ] Alle Feature-Branches gemerged
- [ ] Merge-Konflikte gelöst & Pipeline grün
- [x] Auf **Staging** deployed
- [ ] Änderungen an Umgebungsvariablen dokumentiert
    - siehe Wiki „Konfiguration“
- [ ] Rückrollplan mit Schritten (`git revert`, DB-Snapshot)

## 🧪 Phase 2: Staging-Test (24h vorher)

- [ ] Smoke-Test der Kernfunktionen
- [ ] Kritische Szenarien geprüft:
[ ] Registrierung und Anmeldung
[ ] Zahlung (falls vorhanden)
[ ] Benachrichtigungen (falls vorhanden)
- [ ] QA-Freigabe durch [Name] am [Datum]

**Phase 3: Deploy**

1. [ ] Deploy-Befehl ausgeführt
2. [ ] Migration läuft
\t* [ ] Prüfung der Tabellen
\t* [-] Größenänderung
3. [ ] Rollback vorbereitet … sonst Abbruch!

| Rolle | Person |
|---|---|
| Bereitschaft | Jörg |

## ✅ Phase 4: Abschluss (erste 24 Stunden)

+ [ ] Änderungsprotokoll veröffentlicht am [Datum] um [Uhrzeit]
+ [ ] Kund:innen informiert (optional)
"""
"""A German checklist with everything in it that teams do."""


def mis_decoded(text: str) -> str:
    """`text` as it looks when its UTF-8 was read as Windows-1252 on its way."""
    return text.encode().decode("cp1252", errors="ignore") if text.isascii() else _sloppy(text.encode())


def _sloppy(data: bytes) -> str:
    """Windows-1252 as browsers read it: the five bytes that mean nothing there stay as they are."""
    return "".join(_char(byte) for byte in data)


def _char(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


MOJIBAKE = mis_decoded(GERMAN)
