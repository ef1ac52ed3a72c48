# bench: make bench prints one table and writes bench.json; built only then.
if WITH_SQLITE
EXTRA_PROGRAMS += %D%/bench
%C%_bench_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(SQLITE_CFLAGS)
if WITH_POSTGRES
BENCH_POSTGRES_LIBS = $(POSTGRES_LIBS)
%C%_bench_CPPFLAGS += $(POSTGRES_CFLAGS) -DWITH_POSTGRES
endif
%C%_bench_SOURCES = %D%/bench.c %D%/bench.h %D%/pool.c %D%/postgres.c %D%/rows.c %D%/tool.c %D%/write.c
%C%_bench_LDADD = core/libtusk.la $(SQLITE_LIBS) $(BENCH_POSTGRES_LIBS) -lm -lpthread
CLEANFILES += %D%/bench bench.json
bench: %D%/bench cli/tsk $(driver_LTLIBRARIES)
	@LD_LIBRARY_PATH='$(abs_top_builddir)/core/.libs:$(abs_top_builddir)/conf/.libs:$(abs_top_builddir)/migrate/.libs' \
	TUSK_DRIVER_PATH='$(abs_top_builddir)/plugins/sqlite/.libs$(TEST_POSTGRES_PATH)' \
	TSK='$(abs_top_builddir)/cli/.libs/tsk' TUSK_SRC='$(abs_top_srcdir)' \
	sh $(srcdir)/%D%/bench.sh '$(abs_top_builddir)' $(CASES)
endif
EXTRA_DIST += %D%/bench.sh
