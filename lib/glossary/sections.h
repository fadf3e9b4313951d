/* The sections of a glossary: flat arrays, the same in memory and in a mapped
 * image, read in place by any number of threads.
 *
 *   index     finds terms; its items hold them    (glossary/index.h)
 *   item_of   entry ──▶ its item
 *   texts     entry ──▶ its value and label in strings
 *   strings   [value][label][value][label]...     in entry order
 *   sources   [first entry, name, default label]  in entry order
 *   names     what the sources are called
 *   anywhere  what a matcher has put into an image for itself
 *
 * A text is an offset in strings (43 bits) and the length of the value (21
 * bits, above); the label takes what is left up to the next text.
 *
 * Nothing here owns memory. What comes from an image may hold anything, so
 * that these functions check each number before they follow it, and give
 * something empty where it leads nowhere.
 */
#pragma once

#include "glossary/index.h"

#define PF_TERM_MAX 4096 /* bytes */

#define PF_ANYWHERE_SECTIONS 2

#define PF_TEXT_OFFSET_BITS 43
#define PF_TEXT_OFFSET_MAX (((guint64)1 << PF_TEXT_OFFSET_BITS) - 1)

typedef struct {
  guint32 first;     /* entry */
  guint32 offset;    /* of the name in names; the label follows it */
  guint32 name_len;  /* bytes */
  guint32 label_len; /* bytes; the label of entries without one */
} PfSourceRow;

typedef struct {
  PfIndex index;
  guint32 n_entries;
  guint32 n_shields;          /* entries whose value is their own term */
  const guint32 *item_of;     /* n_entries offsets in index.items */
  const guint32 *first_equal; /* n_entries: the first entry with the same term;
                                 NULL: each has a term of its own */
  const guint64 *texts;       /* n_entries + 1; NULL: all are empty */
  PfSpan strings;
  const PfSourceRow *sources; /* by first, ascending */
  gsize n_sources;
  PfSpan names;
  /* Empty, or indexes for terms that may start anywhere, at multiples of 64
   * bytes; what is in them only their maker knows. */
  PfSpan anywhere[PF_ANYWHERE_SECTIONS];
} PfSections;

/* The number of a term is that of the first entry that has it. ENTRY must be
 * below n_entries, as the number is then. */
static inline guint32
pf_sections_term_id (const PfSections *self, guint32 entry)
{
  guint32 first;

  if (self->first_equal == NULL)
    return entry;
  first = self->first_equal[entry];
  return first < self->n_entries ? first : entry;
}

/* The item of ENTRY, which is below n_entries; its term is empty where there is
 * none, or it is longer than a term may be. */
static inline PfItemView
pf_sections_item (const PfSections *self, guint32 entry)
{
  PfItemView view = { 0 };
  gsize at = self->item_of[entry];

  if (!pf_index_item (&self->index, &at, &view) || view.term.len > PF_TERM_MAX)
    view.term = (PfSpan){ (const guint8 *)"", 0 };
  return view;
}

/* Value and label of ENTRY, which is below n_entries; FALSE where what the
 * sections say cannot be. */
gboolean pf_sections_text (const PfSections *self, guint32 entry, PfSpan *value,
                           PfSpan *label);

/* Whether the value of ENTRY, which is below n_entries, is its own term. */
gboolean pf_sections_is_shield (const PfSections *self, guint32 entry);

/* Name and default label of source I; FALSE where what the sections say
 * cannot be. */
gboolean pf_sections_source (const PfSections *self, gsize i, PfSpan *name,
                             PfSpan *label);

/* The source of ENTRY, or n_sources where it has none. */
gsize pf_sections_source_of (const PfSections *self, guint32 entry);
