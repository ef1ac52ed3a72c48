# tests: mirrors the folders. Unit tests link libcore.la (all symbols); the CLI
# tests use only what is built for users.
AM_TESTS_ENVIRONMENT = \
	TUSK_DRIVER_PATH='$(TEST_DRIVER_PATH)$(TEST_POSTGRES_PATH)'; export TUSK_DRIVER_PATH; \
	TUSK_TEST_DRIVERS='$(abs_top_builddir)/tests/plugins/.libs'; export TUSK_TEST_DRIVERS; \
	TUSK_FIXTURES='$(abs_top_srcdir)/tests/fixtures'; export TUSK_FIXTURES; \
	TUSK_SRC='$(abs_top_srcdir)'; export TUSK_SRC; \
	TUSK_BUILD='$(abs_top_builddir)'; export TUSK_BUILD; \
	TUSK_SANITIZE='$(TUSK_SANITIZE)'; export TUSK_SANITIZE; \
	TUSK_TEST_URLS="$${TUSK_TEST_URLS-$(TEST_URLS)}"; export TUSK_TEST_URLS; \
	TUSK_TEST_OWNER="$${TUSK_TEST_OWNER-$$PPID}"; export TUSK_TEST_OWNER; \
	TUSK_TEST_TMP="$${TMPDIR-/tmp}"; export TUSK_TEST_TMP; \
	CK_DEFAULT_TIMEOUT="$${CK_DEFAULT_TIMEOUT-30}"; export CK_DEFAULT_TIMEOUT; \
	CK_TIMEOUT_MULTIPLIER="$${CK_TIMEOUT_MULTIPLIER-5}"; export CK_TIMEOUT_MULTIPLIER; \
	LC_ALL=C.UTF-8; export LC_ALL;
# The databases that tests run over and the drivers for them: each driver that was built
# adds its own (tests/plugins/*/local.mk). A scheme alone is a throwaway: see server.sh.
TEST_URLS =
TEST_DRIVER_PATH = $(abs_top_builddir)/plugins/sqlite/.libs
TEST_EXTENSIONS = .sh .t
TEST_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC) -I$(top_srcdir)/core \
	-I$(top_srcdir)/tests/support $(CHECK_CFLAGS)
TEST_LIBS = tests/support/libtest.la $(CHECK_LIBS)

# What several threads share: programs that make check-threads runs under TSan.
THREAD_TESTS =

include tests/support/local.mk
include tests/lint/local.mk
include tests/plugins/local.mk
include tests/core/base/local.mk
include tests/core/driver/local.mk
include tests/core/conn/local.mk
include tests/core/observe/local.mk
include tests/core/pool/local.mk
include tests/core/lexer/local.mk
include tests/core/schema/local.mk
include tests/core/kit/local.mk
include tests/core/oom/local.mk
include tests/plugins/sqlite/local.mk
include tests/plugins/postgres/local.mk
include tests/conf/local.mk
include tests/migrate/local.mk
include tests/cli/local.mk
include tests/bench/local.mk
include tests/fuzz/local.mk

TESTS += $(dist_check_SCRIPTS) $(UNIT_TESTS)

VG = $(LIBTOOL) --mode=execute $(VALGRIND) -q --fair-sched=try --leak-check=full --trace-children=no \
	--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9
.PHONY: check-valgrind check-threads bench demo coverage
check-valgrind:
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(UNIT_TESTS)' \
		TUSK_UNDER_VALGRIND=1 CK_FORK=no LOG_COMPILER="$(VG)"
check-threads:
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(THREAD_TESTS)'
coverage:
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check
	gcovr -r $(srcdir) --object-directory . -e '.*tests/.*' --print-summary
