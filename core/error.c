#include <tusk/error.h>

#include <stddef.h>

static const struct {
	int code;
	const char *name, *text;
} codes[] = { { TUSK_OK, "OK", "done" },
#define XX(name, number, text) { TUSK_E_##name, #name, text },
	      TUSK_ERROR_MAP(XX)
#undef XX
};

const char *tusk_code_name(int code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return codes[i].name;
	return "UNKNOWN";
}

const char *tusk_code_text(int code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return codes[i].text;
	return "unknown error";
}
