# tests/core/conn
