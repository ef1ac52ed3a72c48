# observe: events, figures; its sources join libcore.la.
core_libcore_la_SOURCES += %D%/observe.h %D%/stats.c %D%/stats.h %D%/trace.c %D%/watcher.h
