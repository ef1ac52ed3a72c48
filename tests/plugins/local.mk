# tests/plugins: drivers that misbehave on purpose, and one without a database. -rpath
# makes libtool build a shared object of something that is never installed.
TEST_DRIVER_LDFLAGS = $(DRIVER_LDFLAGS) -rpath /nowhere
TEST_MODULE_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
FAKE_SOURCES = %D%/fake.c %D%/fake.h %D%/fake_give.c %D%/fake_rows.c %D%/fake_words.c

check_LTLIBRARIES += %D%/fake.la %D%/fakebare.la %D%/fakeone.la %D%/fakeprompt.la
%C%_fake_la_SOURCES = $(FAKE_SOURCES)
%C%_fake_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -DFAKE_SCHEMES='"fake,fakes"'
%C%_fake_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_fakebare_la_SOURCES = $(FAKE_SOURCES)
%C%_fakebare_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -DFAKE_NAME='"fakebare"' -DFAKE_BARE -DFAKE_THREADS=0
%C%_fakebare_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_fakeone_la_SOURCES = $(FAKE_SOURCES)
%C%_fakeone_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -DFAKE_NAME='"fakeone"' -DFAKE_THREADS=1
%C%_fakeone_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_fakeprompt_la_SOURCES = $(FAKE_SOURCES)
%C%_fakeprompt_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -DFAKE_NAME='"fakeprompt"' -DFAKE_PROMPT -DFAKE_THREADS=3
%C%_fakeprompt_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)

# One fault each, over the driver of double.h that has none.
check_LTLIBRARIES += %D%/badoption.la %D%/declines.la %D%/fakestub.la %D%/good.la \
	%D%/major2.la %D%/noentry.la %D%/nohook.la %D%/nonote.la %D%/notable.la \
	%D%/otherabi.la %D%/othername.la %D%/overpromise.la %D%/size40.la %D%/sizehuge.la \
	%D%/spoilt.la %D%/stubhalf.la %D%/threads9.la %D%/unresolved.la %D%/v2only.la %D%/wildhook.la \
	%D%/wildname.la %D%/wildoptions.la %D%/wildtable.la
%C%_badoption_la_SOURCES = %D%/badoption.c %D%/double.h
%C%_badoption_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_badoption_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_declines_la_SOURCES = %D%/declines.c %D%/double.h
%C%_declines_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_declines_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_fakestub_la_SOURCES = %D%/fakestub.c %D%/double.h
%C%_fakestub_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_fakestub_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_good_la_SOURCES = %D%/good.c %D%/double.h
%C%_good_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_good_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_major2_la_SOURCES = %D%/major2.c %D%/double.h
%C%_major2_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_major2_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_noentry_la_SOURCES = %D%/noentry.c %D%/double.h
%C%_noentry_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_noentry_la_LDFLAGS = $(TEST_MODULE_LDFLAGS) -export-symbols-regex '^tusk_driver_'
%C%_nohook_la_SOURCES = %D%/nohook.c %D%/double.h
%C%_nohook_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_nohook_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_nonote_la_SOURCES = %D%/nonote.c %D%/double.h
%C%_nonote_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_nonote_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_notable_la_SOURCES = %D%/notable.c %D%/double.h
%C%_notable_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_notable_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_otherabi_la_SOURCES = %D%/otherabi.c %D%/double.h
%C%_otherabi_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_otherabi_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_othername_la_SOURCES = %D%/othername.c %D%/double.h
%C%_othername_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_othername_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_overpromise_la_SOURCES = %D%/overpromise.c %D%/double.h
%C%_overpromise_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_overpromise_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_size40_la_SOURCES = %D%/size40.c %D%/double.h
%C%_size40_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_size40_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_sizehuge_la_SOURCES = %D%/sizehuge.c %D%/double.h
%C%_sizehuge_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_sizehuge_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_stubhalf_la_SOURCES = %D%/stubhalf.c %D%/double.h
%C%_stubhalf_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_stubhalf_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_threads9_la_SOURCES = %D%/threads9.c %D%/double.h
%C%_threads9_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_threads9_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_unresolved_la_SOURCES = %D%/unresolved.c %D%/double.h
%C%_unresolved_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_unresolved_la_LDFLAGS = $(TEST_MODULE_LDFLAGS) -export-symbols-regex '^tusk_driver_v1$$'
%C%_v2only_la_SOURCES = %D%/v2only.c %D%/double.h
%C%_v2only_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_v2only_la_LDFLAGS = $(TEST_MODULE_LDFLAGS) -export-symbols-regex '^tusk_driver_'
%C%_wildhook_la_SOURCES = %D%/wildhook.c %D%/double.h
%C%_wildhook_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_wildhook_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_wildname_la_SOURCES = %D%/wildname.c %D%/double.h
%C%_wildname_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_wildname_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_wildoptions_la_SOURCES = %D%/wildoptions.c %D%/double.h
%C%_wildoptions_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_wildoptions_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_wildtable_la_SOURCES = %D%/wildtable.c %D%/double.h
%C%_wildtable_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_wildtable_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)

# Both skews of the ABI: a table shorter and one longer than ours.
check_LTLIBRARIES += %D%/newer.la %D%/older.la
%C%_newer_la_SOURCES = %D%/newer.c %D%/double.h
%C%_newer_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_newer_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_older_la_SOURCES = %D%/older.c %D%/double.h
%C%_older_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_older_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)

# What they are for stands in them.
check_LTLIBRARIES += %D%/picky.la %D%/swap.la
%C%_picky_la_SOURCES = %D%/picky.c %D%/double.h
%C%_picky_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_picky_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_swap_la_SOURCES = %D%/swap.c %D%/double.h
%C%_swap_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_swap_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
%C%_spoilt_la_SOURCES = %D%/spoilt.c
%C%_spoilt_la_CPPFLAGS = $(DRIVER_CPPFLAGS)
%C%_spoilt_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
