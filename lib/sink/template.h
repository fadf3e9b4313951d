/* A template: text with fields in braces, which stand for parts of a match.
 *
 *   [{text}]({value})   fields: text term value label glossary path line column
 *
 * "{{" and "}}" stand for braces, and "\n", "\t" and "\\" for a line break, a
 * tab and a backslash. Of several entries, value, label, term and glossary are
 * all of theirs, each once, joined by a comma and a space. Immutable: any
 * thread.
 */
#pragma once

#include "base/error.h"
#include "base/markup.h"

/* (transfer full) NULL with PF_STATUS_USAGE, and what is wrong with TEXT. */
PfTemplate *pf_template_new (const char *text, PfError *error);

/* NULL is allowed. */
void pf_template_free (PfTemplate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTemplate, pf_template_free)
