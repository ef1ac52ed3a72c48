# tests/core/observe
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
THREAD_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) -I$(top_srcdir)/tests/core/conn
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/heard.c %D%/heard.h %D%/test_events.c %D%/test_open.c \
	%D%/test_stats.c %D%/test_threads.c tests/core/conn/open.c tests/support/oom.c \
	tests/support/scratch.c
