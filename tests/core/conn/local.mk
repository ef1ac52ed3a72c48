# tests/core/conn
if HAVE_CHECK
check_PROGRAMS += %D%/run %D%/run_convert
UNIT_TESTS += %D%/run %D%/run_convert
THREAD_TESTS += %D%/run
endif
%C%_run_convert_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_convert_LDADD = $(TEST_LIBS)
%C%_run_convert_SOURCES = %D%/run_convert.c %D%/test_convert.c %D%/test_into.c \
	tests/support/oom.c
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/open.c %D%/open.h %D%/test_db.c %D%/test_rows.c \
	%D%/test_run.c %D%/test_tx.c %D%/test_batch.c %D%/test_cancel.c %D%/test_script.c \
	%D%/test_session.c %D%/test_fork.c %D%/test_shell.c

# against databases: those of TUSK_TEST_URLS
if HAVE_CHECK
check_PROGRAMS += %D%/run_db
UNIT_TESTS += %D%/run_db
THREAD_TESTS += %D%/run_db
endif
%C%_run_db_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_db_LDADD = $(TEST_LIBS)
%C%_run_db_SOURCES = %D%/run_db.c %D%/open.c %D%/live.c %D%/live.h \
	%D%/test_live_batch.c %D%/test_live_rows.c %D%/test_live_run.c \
	%D%/test_live_session.c %D%/test_live_stmt.c %D%/test_live_stop.c \
	%D%/test_live_tx.c %D%/test_live_whole.c tests/support/scratch.c
