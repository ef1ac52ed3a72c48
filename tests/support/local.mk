# Core and base as one archive: each needs the other, and libtool keeps only the last of
# two libraries with one name.
check_LTLIBRARIES += %D%/libtest.la
%C%_libtest_la_SOURCES =
%C%_libtest_la_LIBADD = core/libcore.la core/libbase.la
dist_noinst_DATA += tests/support/run.h tests/support/suite.h tests/support/oom.h \
	tests/support/scratch.h tests/support/sweep.h
EXTRA_DIST += tests/support/summary.sh
EXTRA_DIST += tests/support/installed.sh tests/support/minimal_root.sh

# Throwaway servers, one of a kind for a "make check".
dist_check_SCRIPTS += tests/support/server_check.sh
EXTRA_DIST += tests/support/server.sh tests/support/server_postgres.sh
SERVERS = postgres
CLEANFILES += $(SERVERS:%=tests/support/%.server) $(SERVERS:%=tests/support/%.server.lock) \
	$(SERVERS:%=tests/support/%.server.log)
