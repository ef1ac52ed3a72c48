# tests/plugins/sqlite
if HAVE_CHECK
if WITH_SQLITE
check_PROGRAMS += tests/plugins/sqlite/run_admin
UNIT_TESTS += tests/plugins/sqlite/run_admin
tests_plugins_sqlite_run_admin_SOURCES = \
	tests/plugins/sqlite/run_admin.c tests/plugins/sqlite/plug.h \
	tests/plugins/sqlite/plug.c tests/plugins/sqlite/test_catalog.c \
	tests/plugins/sqlite/test_ddl_text.c tests/plugins/sqlite/test_render.c \
	plugins/sqlite/ddl_text.c plugins/sqlite/ddl_token.c
tests_plugins_sqlite_run_admin_CPPFLAGS = $(TEST_CPPFLAGS) $(SQLITE_CFLAGS) \
	-I$(top_srcdir)/plugins/sqlite
tests_plugins_sqlite_run_admin_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
endif
endif
