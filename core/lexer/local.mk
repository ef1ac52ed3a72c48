# lexer: see house rules in core/local.mk; its sources join libcore.la.
core_libcore_la_SOURCES += %D%/body.c %D%/class.c %D%/lexer.c %D%/lexer.h %D%/literal.c \
	%D%/rewrite.c %D%/shape.c %D%/split.c %D%/words.c %D%/words.h
