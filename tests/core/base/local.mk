# tests/core/base
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS)
%C%_run_LDADD = $(TEST_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/test_checksum.c %D%/test_date.c %D%/test_decimal.c %D%/test_digest.c \
	%D%/test_file.c %D%/test_json.c %D%/test_json_read.c %D%/test_memory.c %D%/test_number.c \
	%D%/test_table.c %D%/test_text.c %D%/test_value.c tests/support/oom.c
