# sqlite: the driver on libsqlite3; one file a subject, see house rules.
if WITH_SQLITE
driver_LTLIBRARIES += plugins/sqlite/sqlite.la
plugins_sqlite_sqlite_la_SOURCES = \
	plugins/sqlite/sqlite.h plugins/sqlite/host.h plugins/sqlite/rows.h \
	plugins/sqlite/stmt.h plugins/sqlite/store.h \
	plugins/sqlite/batch.c plugins/sqlite/bind.c plugins/sqlite/call.c plugins/sqlite/call.h plugins/sqlite/bind.h \
	plugins/sqlite/conn.c plugins/sqlite/cursor.c plugins/sqlite/describe.c \
	plugins/sqlite/dialect.c plugins/sqlite/driver.c plugins/sqlite/error.c plugins/sqlite/functions.c \
	plugins/sqlite/guard.c plugins/sqlite/host.c plugins/sqlite/ingest.c plugins/sqlite/list.c \
	plugins/sqlite/lock.c plugins/sqlite/many.c plugins/sqlite/option.c \
	plugins/sqlite/orphan.c plugins/sqlite/own.c plugins/sqlite/prepare.c \
	plugins/sqlite/rows.c plugins/sqlite/session.c plugins/sqlite/stmt.c \
	plugins/sqlite/store.c plugins/sqlite/txn.c plugins/sqlite/type.c
plugins_sqlite_sqlite_la_SOURCES += \
	plugins/sqlite/ddl_text.h plugins/sqlite/ddl_text.c plugins/sqlite/ddl_token.c
plugins_sqlite_sqlite_la_SOURCES += \
	plugins/sqlite/catalog.h plugins/sqlite/catalog.c plugins/sqlite/catalog_ask.c \
	plugins/sqlite/catalog_column.c plugins/sqlite/catalog_depends.c \
	plugins/sqlite/catalog_foreign.c plugins/sqlite/catalog_index.c \
	plugins/sqlite/catalog_key.c plugins/sqlite/catalog_state.c \
	plugins/sqlite/catalog_stats.c \
	plugins/sqlite/catalog_table.c plugins/sqlite/catalog_trigger.c
plugins_sqlite_sqlite_la_SOURCES += \
	plugins/sqlite/render.h plugins/sqlite/render.c plugins/sqlite/render_rebuild.c \
	plugins/sqlite/render_upsert.c plugins/sqlite/render_value.c
plugins_sqlite_sqlite_la_SOURCES += \
	plugins/sqlite/admin.h plugins/sqlite/admin.c plugins/sqlite/admin_care.c \
	plugins/sqlite/admin_file.c plugins/sqlite/admin_handle.c \
	plugins/sqlite/admin_whole.c plugins/sqlite/backup.c plugins/sqlite/restore.c \
	plugins/sqlite/verify.c
plugins_sqlite_sqlite_la_CPPFLAGS = $(DRIVER_CPPFLAGS) $(SQLITE_CFLAGS)
plugins_sqlite_sqlite_la_LDFLAGS = $(DRIVER_LDFLAGS)
plugins_sqlite_sqlite_la_LIBADD = $(SQLITE_LIBS)
dist_man_MANS += plugins/sqlite/tusk-sqlite.7
endif
