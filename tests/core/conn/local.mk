# tests/core/conn
if HAVE_CHECK
check_PROGRAMS += %D%/run_convert
UNIT_TESTS += %D%/run_convert
endif
%C%_run_convert_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_convert_LDADD = $(TEST_LIBS)
%C%_run_convert_SOURCES = %D%/run_convert.c %D%/test_convert.c %D%/test_into.c \
	tests/support/oom.c
