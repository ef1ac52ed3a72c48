# tests/core/kit: each fault is found by its check, and by no other.
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = core/kit/libkit.la $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/test_kit.c
