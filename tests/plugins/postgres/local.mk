# tests/plugins/postgres: the driver through its table, against a throwaway server.
if WITH_POSTGRES
TEST_URLS += postgres:
TEST_POSTGRES_PATH = :$(abs_top_builddir)/plugins/postgres/.libs
endif
if HAVE_CHECK
if WITH_POSTGRES
check_PROGRAMS += %D%/run %D%/run_data
UNIT_TESTS += %D%/run %D%/run_data
endif
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) -I$(top_srcdir)/tests/plugins -DKIT_DRIVER='"postgres"'
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c tests/plugins/kit.c tests/plugins/kit.h \
	%D%/server.c %D%/server.h %D%/test_lost.c %D%/test_open.c %D%/test_stmt.c \
	%D%/test_stop.c %D%/test_stream.c %D%/test_txn.c %D%/test_value.c %D%/test_whole.c

%C%_run_data_CPPFLAGS = $(%C%_run_CPPFLAGS)
%C%_run_data_LDADD = $(TEST_LIBS)
%C%_run_data_SOURCES = %D%/run_data.c tests/plugins/kit.c tests/plugins/kit.h \
	%D%/server.c %D%/server.h %D%/test_batch.c %D%/test_copy.c %D%/test_ingest.c \
	%D%/test_lock.c %D%/test_notify.c
