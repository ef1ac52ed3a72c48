# tests/core/lexer
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/dialects.h %D%/test_rewrite.c \
	%D%/test_shape.c %D%/test_statement.c %D%/test_tokens.c
