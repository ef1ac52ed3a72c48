# core: may include <tusk/...> of core, base/ and libc. Links: libc only.
# libbase.la is linked hidden into each library of ours; libcore.la is libtusk
# before its export list, for the unit tests.
CORE_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC) -I$(top_srcdir)/core
noinst_LTLIBRARIES += %D%/libbase.la %D%/libcore.la
%C%_libbase_la_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC)
%C%_libbase_la_SOURCES =
%C%_libcore_la_CPPFLAGS = $(CORE_CPPFLAGS) -DTUSK_DRIVERDIR='"$(driverdir)"'
%C%_libcore_la_SOURCES = %D%/error.c %D%/log.c %D%/log.h %D%/memory.c

lib_LTLIBRARIES += %D%/libtusk.la
%C%_libtusk_la_SOURCES =
%C%_libtusk_la_LIBADD = %D%/libcore.la %D%/libbase.la
%C%_libtusk_la_LDFLAGS = -no-undefined -version-info $(TUSK_LTVERSION) -Wl,-Bsymbolic-functions \
	-export-symbols $(srcdir)/%D%/libtusk.sym
EXTRA_%C%_libtusk_la_DEPENDENCIES = %D%/libtusk.sym
EXTRA_DIST += %D%/libtusk.sym

nodist_tuskinclude_HEADERS += %D%/include/tusk/version.h
pkgconfig_DATA += %D%/tusk.pc

# For drivers of others that are built with autoconf.
aclocaldir = $(datadir)/aclocal
dist_aclocal_DATA = %D%/tusk.m4

include core/base/local.mk
include core/driver/local.mk
include core/conn/local.mk
include core/observe/local.mk
include core/pool/local.mk
include core/lexer/local.mk
include core/schema/local.mk
include core/kit/local.mk

tuskinclude_HEADERS += \
	%D%/include/tusk/admin.h %D%/include/tusk/args.h %D%/include/tusk/db.h \
	%D%/include/tusk/dialect.h %D%/include/tusk/driver.h \
	%D%/include/tusk/driver_info.h %D%/include/tusk/error.h \
	%D%/include/tusk/lexer.h %D%/include/tusk/memory.h %D%/include/tusk/option.h \
	%D%/include/tusk/pool.h %D%/include/tusk/rows.h %D%/include/tusk/schema.h %D%/include/tusk/server.h \
	%D%/include/tusk/settings.h %D%/include/tusk/stmt.h %D%/include/tusk/stream.h \
	%D%/include/tusk/trace.h %D%/include/tusk/tusk.h %D%/include/tusk/types.h \
	%D%/include/tusk/value.h
include core/man/local.mk
