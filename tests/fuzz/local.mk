# fuzz: targets for libFuzzer. "make check" replays their corpora and some changes of
# them; "make fuzz" looks for more, with clang, for FUZZ_SECONDS each:
#	make fuzz FUZZ_SECONDS=600 FUZZ_TARGETS='lexer url'
FUZZERS = %D%/cell %D%/csv %D%/ini %D%/json %D%/lexer %D%/note %D%/number %D%/url \
	%D%/writer
check_PROGRAMS += $(FUZZERS)
UNIT_TESTS += $(FUZZERS)
FUZZ_INC = $(CORE_INC) $(BASE_INC) $(CONF_INC) $(MIGRATE_INC) -I$(top_srcdir)/core
FUZZ_CPPFLAGS = $(AM_CPPFLAGS) $(FUZZ_INC)
%C%_cell_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_cell_LDADD = tests/support/libtest.la
%C%_cell_SOURCES = %D%/cell.c %D%/cells.h %D%/fuzz.h %D%/replay.c
%C%_csv_CPPFLAGS = $(FUZZ_CPPFLAGS) -I$(top_srcdir)/cli -I$(top_srcdir)/migrate
%C%_csv_LDADD = cli/libtsk.la migrate/libmigrate.la tests/support/libtest.la
%C%_csv_SOURCES = %D%/csv.c %D%/fuzz.h %D%/replay.c
%C%_ini_CPPFLAGS = $(FUZZ_CPPFLAGS) -I$(top_srcdir)/conf
%C%_ini_LDADD = conf/libconf.la tests/support/libtest.la $(INIPARSER_LIBS)
%C%_ini_SOURCES = %D%/ini.c %D%/fuzz.h %D%/replay.c
%C%_json_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_json_LDADD = tests/support/libtest.la
%C%_json_SOURCES = %D%/json.c %D%/fuzz.h %D%/replay.c
%C%_lexer_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_lexer_LDADD = tests/support/libtest.la
%C%_lexer_SOURCES = %D%/lexer.c %D%/fuzz.h %D%/replay.c
%C%_note_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_note_LDADD = tests/support/libtest.la
%C%_note_SOURCES = %D%/note.c %D%/fuzz.h %D%/replay.c
%C%_number_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_number_LDADD = tests/support/libtest.la
%C%_number_SOURCES = %D%/number.c %D%/fuzz.h %D%/replay.c
%C%_url_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_url_LDADD = tests/support/libtest.la
%C%_url_SOURCES = %D%/url.c %D%/fuzz.h %D%/replay.c
%C%_writer_CPPFLAGS = $(FUZZ_CPPFLAGS) -I$(top_srcdir)/cli
%C%_writer_LDADD = cli/libtsk.la tests/support/libtest.la
%C%_writer_SOURCES = %D%/writer.c %D%/cells.h %D%/fuzz.h %D%/replay.c
if WITH_SQLITE
FUZZERS += %D%/complete %D%/sqltext
%C%_complete_CPPFLAGS = $(FUZZ_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_complete_LDADD = tests/support/libtest.la $(SQLITE_LIBS)
%C%_complete_SOURCES = %D%/complete.c %D%/fuzz.h %D%/replay.c
%C%_sqltext_CPPFLAGS = $(FUZZ_CPPFLAGS) -DFUZZ_CHANGES=100
%C%_sqltext_LDADD = migrate/libmigrate.la tests/support/libtest.la
%C%_sqltext_SOURCES = %D%/sqltext.c %D%/fuzz.h %D%/replay.c
endif
EXTRA_DIST += %D%/corpus %D%/fuzz.sh %D%/complete.dict %D%/csv.dict %D%/ini.dict \
	%D%/json.dict %D%/lexer.dict %D%/number.dict %D%/sqltext.dict %D%/url.dict

FUZZ_SECONDS = 60
FUZZ_TARGETS = $(notdir $(FUZZERS))
.PHONY: fuzz
fuzz:
	@TUSK_CPPFLAGS='$(filter -DHAVE_%,$(DEFS)) $(AM_CPPFLAGS) $(FUZZ_INC) $(SQLITE_CFLAGS) $(CPPFLAGS)' \
		TUSK_LIBS='$(SQLITE_LIBS) $(INIPARSER_LIBS)' \
		TUSK_DRIVER_PATH='$(abs_top_builddir)/plugins/sqlite/.libs' \
		sh $(srcdir)/%D%/fuzz.sh '$(srcdir)' \
		'$(abs_top_builddir)/fuzz' '$(FUZZ_SECONDS)' $(FUZZ_TARGETS)
