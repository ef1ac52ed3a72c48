/*
 * driver/mapped.h: is what was loaded the file that was checked?
 */
#ifndef TUSK_CORE_MAPPED_H
#define TUSK_CORE_MAPPED_H

#include <tusk/error.h>

/*
 * A file that is swapped and swapped back between its check and its loading looks the
 * same afterwards, by name and by stat(2). So the kernel is asked which file stands
 * behind the memory: the checked one is mapped too, and both have to be the same.
 *
 * fd       of the file that was checked
 * address  in a segment of the object that was loaded
 * err      UNAVAILABLE: it is another file; NOMEM. Where there is no /proc it is 0, and
 *          tusk__file_same() has to do
 */
int tusk__mapped_same(int fd, const void *address, tusk_error *err);

#endif
