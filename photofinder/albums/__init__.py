"""What learns from a person's photos, and tidies them: albums, duplicates, photos unlike the others."""
