# cli: may include every public header but driver.h; no SQL, no driver, no iniparser.
# It links what users link, plus base.
bin_PROGRAMS += %D%/tsk
%C%_tsk_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC) $(CONF_INC) $(MIGRATE_INC)
%C%_tsk_SOURCES = %D%/main.c
%C%_tsk_LDADD = conf/libtusk-conf.la migrate/libtusk-migrate.la core/libbase.la core/libtusk.la
