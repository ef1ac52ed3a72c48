# tests/core/driver
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
THREAD_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/drivers.c %D%/drivers.h %D%/test_gate.c \
	%D%/test_info.c %D%/test_note.c %D%/test_registry.c %D%/test_settings.c \
	%D%/test_resolve.c %D%/test_nomem.c %D%/test_threads.c %D%/test_url.c tests/support/oom.c tests/support/scratch.c
