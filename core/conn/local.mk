# conn: one connection; its sources join libcore.la.
core_libcore_la_SOURCES += \
	%D%/admin.c %D%/admin.h %D%/args.c %D%/attach.c %D%/backup.c %D%/batch.c %D%/batch.h %D%/buffer.c %D%/buffer.h \
	%D%/cache.c %D%/cache.h %D%/call.c %D%/cancel.c %D%/cancel.h %D%/conn.h \
	%D%/convert.c %D%/convert.h %D%/db.c %D%/fork.c %D%/fork.h %D%/ingest.c \
	%D%/into.c %D%/prepared.c %D%/prepared.h %D%/quote.c %D%/retry.c %D%/rows.c \
	%D%/plain.c %D%/run.c %D%/script.c %D%/session.c %D%/shell.c %D%/stmt.c %D%/tx.c %D%/watchdog.c \
	%D%/watchdog.h %D%/where.c
