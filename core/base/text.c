#include <base/text.h>
#include <string.h>

char tusk__lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool tusk__is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool tusk__is_alpha(char c)
{
	c = tusk__lower(c);
	return c >= 'a' && c <= 'z';
}

bool tusk__is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int tusk__casecmp(const char *a, const char *b)
{
	while (*a && tusk__lower(*a) == tusk__lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)tusk__lower(*a) - (unsigned char)tusk__lower(*b);
}

bool tusk__case_eq(const char *a, size_t alen, const char *b)
{
	size_t i;

	for (i = 0; i < alen && b[i]; i++)
		if (tusk__lower(a[i]) != tusk__lower(b[i]))
			return false;
	return i == alen && !b[i];
}

/* --- the nearest name ------------------------------------------------------- */

enum {
	WORD = 64
}; /* longer ones are not compared: a typing error is a short word's */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to add, drop, replace or swap with their neighbour to get from a to b. */
static size_t distance(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned char rows[3][WORD + 1];
	unsigned char *before = rows[0], *last = rows[1], *now = rows[2], *swap;
	size_t best;

	for (size_t j = 0; j <= blen; j++)
		last[j] = (unsigned char)j;
	for (size_t i = 1; i <= alen; i++) {
		now[0] = (unsigned char)i;
		for (size_t j = 1; j <= blen; j++) {
			char x = tusk__lower(a[i - 1]), y = tusk__lower(b[j - 1]);

			best = least(last[j], now[j - 1]) + 1u;
			best = least(best, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == tusk__lower(b[j - 2]) &&
			    y == tusk__lower(a[i - 2]))
				best = least(best, before[j - 2] + 1u);
			now[j] = (unsigned char)best;
		}
		swap = before;
		before = last;
		last = now;
		now = swap;
	}
	return last[blen];
}

const char *tusk__nearest(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word), best = len / 3 > 1 ? len / 3 + 1 : 2;
	const char *found = NULL;

	for (size_t i = 0; len <= WORD && i < n; i++) {
		size_t other = strlen(names[i]), d;

		if (other > WORD)
			continue;
		d = distance(word, len, names[i], other);
		if (d < best && d < (len > other ? len : other)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}

/* --- text for people -------------------------------------------------------- */

bool tusk__is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e ||
	       c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static size_t escape_bytes(const char *s, size_t n, char out[16])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[4 * i] = '\\';
		out[4 * i + 1] = 'x';
		out[4 * i + 2] = hex[(unsigned char)s[i] >> 4];
		out[4 * i + 3] = hex[s[i] & 15];
	}
	return 4 * n;
}

size_t tusk__escape(const char *s, size_t len, char *buf, size_t size)
{
	size_t need = 0, kept = 0, n, width;
	uint32_t c = 0;
	char form[16];

	for (; len; s += n, len -= n) {
		n = tusk__utf8_next(s, len, &c);
		if (!n || tusk__is_hidden(c)) {
			n = n ? n : 1;
			width = escape_bytes(s, n, form);
		} else {
			memcpy(form, s, n);
			width = n;
		}
		/* once something did not fit, nothing more is written */
		if (kept == need && size && width < size - kept) {
			memcpy(buf + kept, form, width);
			kept += width;
		}
		need += width;
	}
	if (size)
		buf[kept] = 0;
	return need;
}
