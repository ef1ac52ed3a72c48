/*
 * Where statements end, by two readers: our lexer and sqlite3_complete(). They must agree
 * on every text without a trigger, and on every beginning of a proper trigger; of broken
 * ones each may think what it likes, since no database takes them.
 */
#include <tusk/lexer.h>

#include <sqlite3.h>
#include <string.h>

#include "fuzz.h"

static const char *const triggers[] = {
	"create trigger t after insert on x begin select 1; end;",
	"CREATE TEMP TRIGGER IF NOT EXISTS t BEFORE UPDATE OF a, b ON x FOR EACH ROW WHEN "
	"new.a = ';' BEGIN UPDATE x SET a = case when 1 then ';' end; DELETE FROM y; END;",
	"explain create temporary trigger a.t instead of delete on v begin "
	"insert into [x;] values (1), (2); select `;`, \";\", '''' /* ; */ -- end;\n; end ;",
	"create trigger t insert on x when case when case 1 when 2 then 3 end then 4 else 5 "
	"end begin select case a when 1 then case 2 when 3 then 4 end end; end;",
	"/* a */ create /* trigger */ trigger begin insert on end begin select 1; end;",
};

/* The last token that is no blank ends a statement, and nothing is left open. */
static int ours(const char *text, size_t len)
{
	const tusk_dialect dialect = { .struct_size = sizeof(dialect),
		                       .ident_open = "\"",
		                       .ident_close = "\"",
		                       .placeholder = '?',
		                       .numbered = 1,
		                       .lexer = TUSK_LEX_TRIGGER_BODY |
		                                TUSK_LEX_BACKTICK | TUSK_LEX_BRACKET };
	tusk_lexer lexer;
	tusk_lexeme t;
	int complete = 0;

	tusk_lexer_init(&lexer, text, len, &dialect);
	while (tusk_lexer_next(&lexer, &t)) {
		if (!t.complete)
			return 0;
		if (t.kind != TUSK_TK_SPACE && t.kind != TUSK_TK_COMMENT)
			complete = t.ends;
	}
	return complete;
}

static void check(const char *text)
{
	FUZZ_HOLDS(ours(text, strlen(text)) == sqlite3_complete(text));
}

static void check_triggers(void)
{
	for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
		char *text = strdup(triggers[i]);

		if (!text)
			abort();
		for (size_t n = strlen(text); n; n--) {
			text[n] = '\0';
			check(text);
		}
		free(text);
	}
}

/* We know more kinds of bodies, and take a vertical tab for a blank. */
static int comparable(const char *text)
{
	static const char *const bodies[] = { "trigger", "function", "procedure",
		                              "event", "rule" };

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (strcasestr(text, bodies[i]))
			return 0;
	return !strchr(text, '\v');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int begun;
	char *text = strndup((const char *)data, size);

	if (!text)
		abort();
	if (!begun++)
		check_triggers();
	if (comparable(text))
		check(text);
	free(text);
	return 0;
}
