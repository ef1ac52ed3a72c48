# mysql: a stub until its driver is written.
driver_LTLIBRARIES += plugins/mysql/mysql.la
plugins_mysql_mysql_la_SOURCES = plugins/mysql/mysql.c plugins/stub.h
plugins_mysql_mysql_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -I$(top_srcdir)/plugins
plugins_mysql_mysql_la_LDFLAGS = $(DRIVER_LDFLAGS)
