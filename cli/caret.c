#include "caret.h"

#include <tusk/lexer.h>

#include <base/text.h>
#include <string.h>

#define MARGIN 60 /* bytes shown before and behind the place, at most */

/* The text as it can be shown on one line; gives its width there. */
static size_t add_shown(tusk__bytes *out, const char *s, size_t len)
{
	size_t width = 0, at = 0, n;
	uint32_t c;
	char escaped[16];

	while (at < len) {
		n = tusk__utf8_next(s + at, len - at, &c);
		if (s[at] == '\t') {
			tusk__bytes_char(out, ' ');
			width++;
			at++;
			continue;
		}
		if (!n)
			n = 1;
		tusk__escape(s + at, n, escaped, sizeof(escaped));
		tusk__bytes_str(out, escaped);
		width += strlen(escaped) == n && n > 1 ? (size_t)tusk__utf8_width(c)
		                                       : strlen(escaped);
		at += n;
	}
	return width;
}

void caret_draw(tusk__bytes *out, const char *sql, size_t len, uint32_t position)
{
	size_t line, column, at = position - 1, begin, end, from, to, width;

	if (position == 0 || at > len)
		return;
	tusk_sql_locate(sql, len, position, &line, &column);
	begin = at;
	while (begin && sql[begin - 1] != '\n')
		begin--;
	end = at;
	while (end < len && sql[end] != '\n')
		end++;
	from = at - begin > MARGIN ? at - MARGIN : begin;
	while (from > begin && ((unsigned char)sql[from] & 0xc0) == 0x80)
		from--;
	to = at + tusk__utf8_cut(sql + at, end - at, MARGIN);

	width = out->len;
	tusk__bytes_printf(out, "  %zu | %s", line, from > begin ? "..." : "");
	width = out->len - width;
	width += add_shown(out, sql + from, at - from);
	add_shown(out, sql + at, to - at);
	tusk__bytes_str(out, to < end ? "...\n" : "\n");
	for (; width; width--)
		tusk__bytes_char(out, ' ');
	tusk__bytes_str(out, "^\n");
}
