# tests/core/conn
if HAVE_CHECK
check_PROGRAMS += %D%/run %D%/run_convert
UNIT_TESTS += %D%/run %D%/run_convert
endif
%C%_run_convert_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_convert_LDADD = $(TEST_LIBS)
%C%_run_convert_SOURCES = %D%/run_convert.c %D%/test_convert.c %D%/test_into.c \
	tests/support/oom.c
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/open.c %D%/open.h %D%/test_db.c %D%/test_rows.c \
	%D%/test_run.c %D%/test_tx.c %D%/test_batch.c %D%/test_cancel.c %D%/test_script.c \
	%D%/test_session.c
