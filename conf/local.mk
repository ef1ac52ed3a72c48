# conf: the only folder that knows iniparser. May include core's public headers and base.
CONF_INC = -I$(top_srcdir)/conf/include
noinst_LTLIBRARIES += %D%/libconf.la
%C%_libconf_la_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC) $(CONF_INC) \
	-DTUSK_SYSCONFDIR='"$(sysconfdir)"'
%C%_libconf_la_SOURCES = %D%/choose.c %D%/choose.h %D%/conf.c %D%/database.c \
	%D%/expand.c %D%/expand.h \
	%D%/files.c %D%/files.h %D%/ini.c %D%/ini.h %D%/init.c %D%/init.h %D%/known.c \
	%D%/known.h %D%/scan.c %D%/scan.h %D%/secret.c %D%/secret.h %D%/store.c %D%/store.h

lib_LTLIBRARIES += %D%/libtusk-conf.la
%C%_libtusk_conf_la_SOURCES =
%C%_libtusk_conf_la_LIBADD = %D%/libconf.la core/libbase.la core/libtusk.la $(INIPARSER_LIBS)
%C%_libtusk_conf_la_LDFLAGS = -no-undefined -version-info $(TUSK_LTVERSION) -Wl,-Bsymbolic-functions \
	-export-symbols $(srcdir)/%D%/libtusk-conf.sym
EXTRA_%C%_libtusk_conf_la_DEPENDENCIES = %D%/libtusk-conf.sym
EXTRA_DIST += %D%/libtusk-conf.sym
tuskinclude_HEADERS += %D%/include/tusk/conf.h
pkgconfig_DATA += %D%/tusk-conf.pc

nodist_man_MANS += %D%/tusk_conf.3
CLEANFILES += %D%/tusk_conf.3
%D%/tusk_%.3: %D%/include/tusk/%.h $(srcdir)/core/man/header.awk
	$(HEADER_PAGE)
