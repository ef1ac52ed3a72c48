# tests/migrate
