# postgres: the driver on libpq; one file a subject, see house rules.
if WITH_POSTGRES
driver_LTLIBRARIES += plugins/postgres/postgres.la
plugins_postgres_postgres_la_SOURCES = \
	plugins/postgres/postgres.h plugins/postgres/host.h plugins/postgres/stmt.h \
	plugins/postgres/ask.c plugins/postgres/call.c plugins/postgres/conn.c \
	plugins/postgres/cursor.c plugins/postgres/driver.c plugins/postgres/error.c \
	plugins/postgres/guard.c plugins/postgres/host.c plugins/postgres/option.c \
	plugins/postgres/script.c plugins/postgres/shape.c plugins/postgres/split.c \
	plugins/postgres/stmt.c plugins/postgres/stop.c plugins/postgres/stream.c \
	plugins/postgres/txn.c plugins/postgres/wait.c
plugins_postgres_postgres_la_SOURCES += \
	plugins/postgres/types.h plugins/postgres/cell.c plugins/postgres/decode.c \
	plugins/postgres/encode.c plugins/postgres/learn.c plugins/postgres/text.c \
	plugins/postgres/type.c
plugins_postgres_postgres_la_SOURCES += \
	plugins/postgres/batch.c plugins/postgres/copy.c plugins/postgres/ingest.c \
	plugins/postgres/lock.c plugins/postgres/many.c plugins/postgres/notify.c \
	plugins/postgres/catalog.h plugins/postgres/catalog.c \
	plugins/postgres/catalog_key.c plugins/postgres/catalog_other.c \
	plugins/postgres/catalog_table.c plugins/postgres/admin.c \
	plugins/postgres/dialect.c plugins/postgres/render.c
plugins_postgres_postgres_la_CPPFLAGS = $(DRIVER_CPPFLAGS) $(POSTGRES_CFLAGS) \
	-DLIBPQ_BUILT='"$(POSTGRES_VERSION)"'
plugins_postgres_postgres_la_LDFLAGS = $(DRIVER_LDFLAGS)
plugins_postgres_postgres_la_LIBADD = $(POSTGRES_LIBS)
dist_man_MANS += plugins/postgres/tusk-postgres.7
endif
