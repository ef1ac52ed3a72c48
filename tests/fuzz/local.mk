# fuzz: targets for libFuzzer. "make check" replays their corpora and some changes of
# them; "make fuzz" looks for more, with clang, for FUZZ_SECONDS each:
#	make fuzz FUZZ_SECONDS=600 FUZZ_TARGETS='lexer url'
FUZZERS = %D%/cell %D%/lexer %D%/note %D%/number %D%/url
check_PROGRAMS += $(FUZZERS)
UNIT_TESTS += $(FUZZERS)
FUZZ_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC) -I$(top_srcdir)/core
%C%_cell_CPPFLAGS = $(FUZZ_CPPFLAGS)
%C%_cell_LDADD = tests/support/libtest.la
%C%_cell_SOURCES = %D%/cell.c %D%/fuzz.h %D%/replay.c
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
if WITH_SQLITE
FUZZERS += %D%/complete
%C%_complete_CPPFLAGS = $(FUZZ_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_complete_LDADD = tests/support/libtest.la $(SQLITE_LIBS)
%C%_complete_SOURCES = %D%/complete.c %D%/fuzz.h %D%/replay.c
endif
EXTRA_DIST += %D%/corpus %D%/fuzz.sh %D%/complete.dict %D%/lexer.dict %D%/number.dict %D%/url.dict

FUZZ_SECONDS = 60
FUZZ_TARGETS = $(notdir $(FUZZERS))
.PHONY: fuzz
fuzz:
	@TUSK_CPPFLAGS='$(FUZZ_CPPFLAGS) $(SQLITE_CFLAGS) $(CPPFLAGS)' \
		TUSK_LIBS='$(SQLITE_LIBS)' sh $(srcdir)/%D%/fuzz.sh '$(srcdir)' \
		'$(abs_top_builddir)/fuzz' '$(FUZZ_SECONDS)' $(FUZZ_TARGETS)
