dist_noinst_DATA += tests/support/run.h tests/support/suite.h tests/support/oom.h
EXTRA_DIST += tests/support/summary.sh
EXTRA_DIST += tests/support/installed.sh tests/support/minimal_root.sh
