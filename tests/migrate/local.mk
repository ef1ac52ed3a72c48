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
dist_check_SCRIPTS += %D%/archive.sh
