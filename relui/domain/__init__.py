"""What a release is and what follows from it: structs and pure rules. No screen, no disk, no clock."""
