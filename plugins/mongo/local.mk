# mongo: a stub until its driver is written.
driver_LTLIBRARIES += plugins/mongo/mongo.la
plugins_mongo_mongo_la_SOURCES = plugins/mongo/mongo.c plugins/stub.h
plugins_mongo_mongo_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -I$(top_srcdir)/plugins
plugins_mongo_mongo_la_LDFLAGS = $(DRIVER_LDFLAGS)
