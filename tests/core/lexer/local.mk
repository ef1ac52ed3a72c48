# tests/core/lexer
