# tusk.m4: for those who build a driver of Tusk DB with autoconf.        serial 1
#
# TUSK_DRIVER([MINIMUM-VERSION], [IF-FOUND], [IF-NOT-FOUND])
#
# Looks for the headers by pkg-config and substitutes
#   TUSK_DRIVER_CFLAGS   to compile a driver with; it links none of our libraries
#   TUSK_DRIVER_LDFLAGS  to link it with libtool: one name goes out, all are bound at load
#   tuskdriverdir        where to install it; --with-tusk-driverdir=DIR overrides
# With automake: tuskdriver_LTLIBRARIES = x.la, x_la_LDFLAGS = $(TUSK_DRIVER_LDFLAGS).
# Without IF-NOT-FOUND, configure ends there.
AC_DEFUN([TUSK_DRIVER], [
AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
AC_ARG_WITH([tusk-driverdir],
  [AS_HELP_STRING([--with-tusk-driverdir=DIR], [install the driver in DIR (the one of tusk.pc)])],
  [], [with_tusk_driverdir=])
PKG_CHECK_MODULES([TUSK], [tusk >= m4_default([$1], [0.1])], [
  AS_IF([test "x$with_tusk_driverdir" = x],
    [with_tusk_driverdir=`$PKG_CONFIG --variable=driverdir tusk`])
  AC_SUBST([TUSK_DRIVER_CFLAGS], [$TUSK_CFLAGS])
  AC_SUBST([tuskdriverdir], [$with_tusk_driverdir])
  AC_SUBST([TUSK_DRIVER_LDFLAGS],
    ["-module -avoid-version -shared -export-symbols-regex '^tusk_driver_v1\$\$' -Wl,-z,now,-z,defs,-Bsymbolic"])
  $2], [$3])])
