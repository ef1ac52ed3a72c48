# migrate: may include the public headers of core, and base. Knows no driver and no INI.
MIGRATE_INC = -I$(top_srcdir)/migrate/include
noinst_LTLIBRARIES += %D%/libmigrate.la
%C%_libmigrate_la_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC) $(MIGRATE_INC)
%C%_libmigrate_la_SOURCES = %D%/seed.c %D%/seed_csv.c %D%/seed_files.c %D%/seed_input.c \
	%D%/seed_json.c %D%/seed_load.c %D%/seed_sql.c %D%/seed_table.c %D%/seed_value.c \
	%D%/seeding.h \
	%D%/archive/sql_load.c \
	%D%/archive/sql_write.c

lib_LTLIBRARIES += %D%/libtusk-migrate.la
%C%_libtusk_migrate_la_SOURCES =
%C%_libtusk_migrate_la_LIBADD = %D%/libmigrate.la core/libbase.la core/libtusk.la
%C%_libtusk_migrate_la_LDFLAGS = -no-undefined -version-info $(TUSK_LTVERSION) -Wl,-Bsymbolic-functions \
	-export-symbols $(srcdir)/%D%/libtusk-migrate.sym
EXTRA_%C%_libtusk_migrate_la_DEPENDENCIES = %D%/libtusk-migrate.sym
EXTRA_DIST += %D%/libtusk-migrate.sym
tuskinclude_HEADERS += %D%/include/tusk/archive.h %D%/include/tusk/seed.h
pkgconfig_DATA += %D%/tusk-migrate.pc

nodist_man_MANS += %D%/tusk_archive.3 %D%/tusk_seed.3
CLEANFILES += %D%/tusk_archive.3 %D%/tusk_seed.3
%D%/tusk_%.3: %D%/include/tusk/%.h $(srcdir)/core/man/header.awk
	$(HEADER_PAGE)
