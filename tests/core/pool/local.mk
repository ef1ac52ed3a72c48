# tests/core/pool
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
THREAD_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) -I$(top_srcdir)/tests/core/conn
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/pools.c %D%/pools.h %D%/test_acquire.c %D%/test_close.c \
	%D%/test_crowd.c %D%/test_keeper.c %D%/test_publish.c %D%/test_release.c tests/core/conn/open.c \
	tests/support/oom.c
