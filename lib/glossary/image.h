/* A compiled glossary on disk: the sections of a glossary (glossary/sections.h)
 * in a container (glossary/container.h).
 *
 *   PfGlossary ──write──▶ image ──open──▶ PfGlossary, whose pages are the
 * file's └──check──▶ all that an image may have wrong
 *
 * An image that is opened alone is mapped and used in place, in time and
 * memory that do not depend on its size. Next to other sources it is one of
 * them: its entries are copied into what is built of all.
 *
 * An image may hold anything. Opening it checks what takes constant time;
 * whoever follows a number read from it checks that first; so at worst wrong
 * entries come out. pf_image_check finds that. A file that is truncated while
 * it is mapped raises SIGBUS, which is the program's to catch.
 */
#pragma once

#include "base/retry.h"
#include "glossary/builder.h"

/* RULES are for entries that have none of their own. (transfer full) NULL with
 * PF_STATUS_DATA where PATH is no image that can be used here, or the status
 * of the system error. PATH "-" is standard input, which must be a file.
 * What fails is tried again by RETRY, which may be NULL. */
PfGlossary *pf_image_open (const char *path, const PfSourceRules *rules,
                           PfRetry *retry, PfError *error);

/* The same of BYTES, which must outlive it and lie at a multiple of 64. */
PfGlossary *pf_image_open_bytes (PfSpan bytes, const PfSourceRules *rules,
                                 PfError *error);

/* Adds the sources of IMAGE and their entries, with the rules it was opened
 * with. FALSE with PF_STATUS_DATA where they cannot be, or as pf_batch_add. */
gboolean pf_image_add (const PfGlossary *image, PfGlossaryBuilder *builder,
                       PfError *error);

/* Writes GLOSSARY to FD as an image; rules that it was opened with are not
 * part of it. ANYWHERE, unless NULL, is PF_ANYWHERE_SECTIONS sections made for
 * it by others; those that GLOSSARY may have itself are left out. FALSE with
 * PF_STATUS_IO, or PF_STATUS_DATA where its sources have names that are too
 * long. */
gboolean pf_image_write (const PfGlossary *glossary, const PfSpan *anywhere,
                         int fd, PfError *error);

/* What an image says of itself; FALSE where GLOSSARY is none. */
typedef struct {
  guint version;       /* of the format */
  const char *unicode; /* as long as the glossary */
  guint64 size;        /* bytes */
  guint n_sections;
} PfImageFacts;

gboolean pf_image_facts (const PfGlossary *glossary, PfImageFacts *facts);

/* The name of section I, and its length in bytes. */
const char *pf_image_section (const PfGlossary *glossary, guint i, gsize *len);

/* Verifies all of an image: every checksum, and every invariant of its
 * sections, but for those that others have made. A glossary in memory is
 * checked likewise, checksums apart. Linear in its size. FALSE with
 * PF_STATUS_DATA and what is wrong. */
gboolean pf_image_check (const PfGlossary *glossary, PfError *error);

/* The checksums alone. */
gboolean pf_image_check_container (const PfGlossary *glossary, PfError *error);

/* The sources are in order, and names hold all of their names. FALSE with
 * PF_STATUS_DATA. */
gboolean pf_image_check_sources (const PfSections *sections, PfError *error);
