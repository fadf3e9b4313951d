/* For tests of images: glossaries, their images in memory, and tools to damage
 * them. */
#pragma once

#include "base/test_random.h"
#include "glossary/container.h"
#include "glossary/image.h"

/* Of a header; rows of the table follow. */
#define PF_TEST_HEADER 64

/* With a seed that a message tells. (transfer full) */
GRand *pf_test_seeded (void);
guint pf_test_below (GRand *random, guint n);

/* A small glossary with a bit of everything: values, labels, rules, equal
 * terms, a phrase, shapes, loose entries. (transfer full) */
PfGlossary *pf_test_rich_glossary (void);

/* (transfer full) */
PfGlossary *pf_test_random_glossary (GRand *random);

/* All that can be asked of the entries. (transfer full) */
char *pf_test_show (const PfGlossary *glossary);

/* ANYWHERE as in pf_image_write. (transfer full) */
GByteArray *pf_test_image_with (const PfGlossary *glossary,
                                const PfSpan *anywhere);

/* The same with NULL. (transfer full) */
GByteArray *pf_test_image_of (const PfGlossary *glossary);

/* A copy of BYTES behind whose last one, up to alignment, nothing can be read;
 * AddressSanitizer sees that by itself, and to the byte. */
typedef struct {
  guint8 *data;
  gsize len;
  guint8 *pages;
  gsize pages_len;
} PfTestCopy;

void pf_test_copy_init (PfTestCopy *self, const guint8 *bytes, gsize len);
void pf_test_copy_clear (PfTestCopy *self);
PfSpan pf_test_copy_span (const PfTestCopy *self);

/* The row of section ID in the table of an image, or NULL. */
PfImageRow *pf_test_image_row (GByteArray *bytes, guint32 id);

/* Makes all checksums right again. */
void pf_test_image_seal (GByteArray *bytes);
