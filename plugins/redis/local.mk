# redis: a stub until its driver is written.
driver_LTLIBRARIES += plugins/redis/redis.la
plugins_redis_redis_la_SOURCES = plugins/redis/redis.c plugins/stub.h
plugins_redis_redis_la_CPPFLAGS = $(DRIVER_CPPFLAGS) -I$(top_srcdir)/plugins
plugins_redis_redis_la_LDFLAGS = $(DRIVER_LDFLAGS)
