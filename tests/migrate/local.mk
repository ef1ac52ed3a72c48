# tests/migrate
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) $(MIGRATE_INC) -I$(top_srcdir)/migrate \
	-I$(top_srcdir)/tests/core/conn
%C%_run_LDADD = migrate/libmigrate.la $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/test_seed.c %D%/test_seed_source.c \
	%D%/test_seed_value.c tests/core/conn/open.c tests/support/oom.c \
	tests/support/scratch.c
if HAVE_CHECK
if WITH_SQLITE
check_PROGRAMS += %D%/run_oom
UNIT_TESTS += %D%/run_oom
endif
endif
%C%_run_oom_CPPFLAGS = $(TEST_CPPFLAGS) $(MIGRATE_INC) $(SQLITE_CFLAGS)
%C%_run_oom_LDADD = migrate/libmigrate.la $(TEST_LIBS) $(SQLITE_LIBS)
%C%_run_oom_SOURCES = %D%/run_oom.c %D%/test_oom.c tests/support/oom.c \
	tests/support/scratch.c tests/support/sweep.c tests/support/sweep_sqlite.c
dist_check_SCRIPTS += %D%/archive.sh
