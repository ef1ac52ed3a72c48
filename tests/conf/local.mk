# tests/conf
if HAVE_CHECK
check_PROGRAMS += %D%/run
UNIT_TESTS += %D%/run
endif
%C%_run_CPPFLAGS = $(TEST_CPPFLAGS) $(CONF_INC) -I$(top_srcdir)/conf
%C%_run_LDADD = conf/libconf.la $(TEST_LIBS) $(INIPARSER_LIBS)
%C%_run_SOURCES = %D%/run.c %D%/test_conf.c %D%/test_lost.c %D%/test_scan.c %D%/test_sweep.c \
	tests/support/oom.c tests/support/scratch.c tests/support/sweep.c \
	tests/support/sweep_plain.c
