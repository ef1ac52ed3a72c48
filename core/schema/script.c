#include <tusk/schema.h>

#include <base/alloc.h>
#include <base/fail.h>

#include "schema/ddl.h"

void tusk_script_free(tusk_script *script)
{
	tusk__script *own = tusk__mutable(script);

	if (!own)
		return;
	tusk__arena_clear(&own->arena);
	tusk_release(own);
}

/* A guard's query stands in comments: whoever runs the file reads it first. */
static void write_guard(const tusk_step *step, FILE *out)
{
	fprintf(out, "-- must give 0 (%s):\n-- ", step->text);
	for (const char *c = step->sql; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fputs("-- ", out);
	}
	fputs(";\n", out);
}

static void write_head(const tusk_script *script, bool outside, FILE *out)
{
	if (outside)
		fputs("-- before the transaction\n", out);
	else if (script->rebuild)
		fputs("-- in one transaction, with foreign keys suspended\n", out);
	else if (script->transactional)
		fputs("-- in one transaction\n", out);
}

static void write_steps(const tusk_script *script, bool outside, FILE *out)
{
	bool any = false;

	for (uint32_t i = 0; i < script->n; i++) {
		const tusk_step *step = &script->v[i];

		if ((step->kind == TUSK_STEP_OUTSIDE) != outside)
			continue;
		if (!any)
			write_head(script, outside, out);
		any = true;
		if (step->kind == TUSK_STEP_GUARD)
			write_guard(step, out);
		else
			fprintf(out, "%s;\n", step->sql);
	}
}

int tusk_script_write(const tusk_script *script, FILE *out, tusk_error *err)
{
	write_steps(script, true, out);
	write_steps(script, false, out);
	if (fflush(out) == EOF || ferror(out))
		return tusk__fail(err, TUSK_E_IO, "writing the script failed");
	return 0;
}
