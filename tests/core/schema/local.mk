# tests/core/schema
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/dialects.h %D%/samples.c %D%/samples.h \
	%D%/variants.c %D%/variants.h %D%/test_normal.c %D%/test_fingerprint.c \
	%D%/test_json.c %D%/test_diff.c %D%/test_lower.c \
	%D%/test_ddl.c
