# tests/cli
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) $(CLI_INC) -I$(top_srcdir)/cli
%C%_run_LDADD = cli/libtsk.la conf/libtusk-conf.la migrate/libtusk-migrate.la \
	core/libbase.la core/libtusk.la $(CHECK_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/test_caret.c %D%/test_opt.c %D%/test_out.c \
	%D%/test_params.c tests/support/oom.c

# A program with a pool, for tsk db status.
check_PROGRAMS += %D%/pooled
%C%_pooled_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC)
%C%_pooled_LDADD = core/libtusk.la
%C%_pooled_SOURCES = %D%/pooled.c

# What the command prints and does, as data: see cases.sh.
CLI_CASES = %D%/cases/backup.t %D%/cases/config.t %D%/cases/driver.t \
	%D%/cases/exits.t %D%/cases/help.t %D%/cases/pools.t %D%/cases/project.t %D%/cases/query.t \
	%D%/cases/schema.t %D%/cases/secrets.t %D%/cases/seed.t %D%/cases/types.t \
	%D%/cases/wait.t
T_LOG_COMPILER = $(SHELL) $(srcdir)/%D%/cases.sh
TESTS += $(CLI_CASES)
EXTRA_DIST += $(CLI_CASES) %D%/cases.sh %D%/scratch.sh
dist_check_SCRIPTS += %D%/completions.sh %D%/interrupts.sh %D%/kills.sh
EXTRA_DIST += tests/fixtures/iana/01_country.csv tests/fixtures/iana/02_zone.csv \
	tests/fixtures/iana/README.md tests/fixtures/iana/convert.sh \
	tests/fixtures/iana/schema.sql
