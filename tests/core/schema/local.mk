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

# against databases: those of TUSK_TEST_URLS
if HAVE_CHECK
check_PROGRAMS += %D%/run_db
UNIT_TESTS += %D%/run_db
endif
%C%_run_db_CPPFLAGS = $(TEST_CPPFLAGS) -I$(top_srcdir)/tests/core/schema
%C%_run_db_LDADD = $(TEST_LIBS)
%C%_run_db_SOURCES = %D%/run_db.c %D%/samples.c %D%/samples.h %D%/pairs.c %D%/pairs.h \
	%D%/cases.c %D%/test_live.c %D%/test_pairs.c tests/core/conn/open.c
