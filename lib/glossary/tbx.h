/* Glossaries of the format TBX, ISO 30042, in both editions and in the styles
 * DCA and DCT: names of elements and categories are taken without their
 * namespaces, and what is not known is passed over.
 *
 *   bytes ──▶ pf_xml_read ──▶ a concept at a time ──▶ entries
 *
 * Any thread, and several at once, each a source of its own.
 */
#pragma once

#include "glossary/stream_format.h"

/* Its keys: langs=LANG or langs=LANG:LANG, and forbidden=LANG. Without
 * libxml2 it cannot be read. */
extern const PfStreamFormat pf_format_tbx;

/* Gives SOURCE, where it is of this format and has neither key, those that are
 * not NULL. FALSE with PF_STATUS_USAGE. */
gboolean pf_tbx_set_defaults (PfSource *source, const char *langs,
                              const char *forbidden, PfError *error);
