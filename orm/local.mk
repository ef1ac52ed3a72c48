# orm: will know core's public headers and base, no driver, no INI, no migrate.
ORM_INC = -I$(top_srcdir)/orm/include
