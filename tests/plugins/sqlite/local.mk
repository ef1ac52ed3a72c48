# tests/plugins/sqlite
