# tests/core/oom: core and the SQLite driver with too little memory.
if HAVE_CHECK
if WITH_SQLITE
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_run_LDADD = $(TEST_LIBS) $(SQLITE_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/world.c %D%/world.h \
	%D%/test_call.c %D%/test_many.c %D%/test_side.c %D%/test_admin.c %D%/test_schema.c \
	tests/support/oom.c tests/support/scratch.c tests/support/sweep.c \
	tests/support/sweep_sqlite.c tests/core/schema/samples.c
