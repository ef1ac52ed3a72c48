# tests/plugins/sqlite: the driver through its table, as a host calls it.
if WITH_SQLITE
TEST_URLS += sqlite:
endif
if HAVE_CHECK
if WITH_SQLITE
check_PROGRAMS += %D%/run %D%/run_admin
UNIT_TESTS += %D%/run %D%/run_admin
endif
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) -I$(top_srcdir)/tests/plugins -DKIT_DRIVER='"sqlite"'
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c tests/plugins/kit.c tests/plugins/kit.h \
	%D%/test_batch.c %D%/test_dialect.c %D%/test_error.c %D%/test_memory.c %D%/test_open.c %D%/test_session.c %D%/test_stmt.c %D%/test_stop.c %D%/test_txn.c %D%/test_value.c

%C%_run_admin_SOURCES = \
	%D%/run_admin.c tests/plugins/kit.h tests/plugins/kit.c %D%/plug.h %D%/plug.c %D%/test_catalog.c \
	%D%/test_ddl_text.c %D%/test_render.c %D%/test_whole.c \
	%D%/test_verify.c %D%/test_backup.c %D%/test_kill.c %D%/test_nomem.c \
	plugins/sqlite/ddl_text.c plugins/sqlite/ddl_token.c
%C%_run_admin_CPPFLAGS = $(TEST_CPPFLAGS) $(SQLITE_CFLAGS) -I$(top_srcdir)/plugins/sqlite \
	-I$(top_srcdir)/tests/plugins -DKIT_DRIVER='"sqlite"'
%C%_run_admin_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
