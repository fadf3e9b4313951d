/* How often each term occurred in one document, in the order of their first
 * occurrence.
 *
 * A tally belongs to one thread and serves document after document; counting
 * allocates only where one has more distinct terms than any before it. It is
 * as large as a document has distinct terms, whatever the glossary's size, so
 * it stays in the nearest caches. Entries are found by open addressing with
 * linear probing (Knuth, The Art of Computer Programming, volume 3, section
 * 6.4, algorithm L), multiplicatively hashed.
 *
 *   term_id ──hash──▶ slots: place + 1 ──▶ counts, in order of appearance
 */
#pragma once

#include "base/types.h"

typedef struct {
  guint32 term_id;
  guint32 slot;  /* that leads here */
  guint64 count; /* at least 1 */
  guint64 stamp; /* of the last pf_tally_add_once */
} PfTallyCount;

typedef struct {
  PfTallyCount *counts; /* n of them, in order of first appearance */
  guint32 *slots;       /* places in counts, from 1 on; 0: empty */
  guint32 n;
  guint32 capacity; /* of counts; there are twice as many slots */
  guint shift;      /* a hash's upper bits number a slot */
} PfTally;

void pf_tally_init (PfTally *self);
void pf_tally_clear (PfTally *self);

/* For the next document. */
void pf_tally_reset (PfTally *self);

/* Where TERM_ID is not in its slot: finds or makes its place. */
PfTallyCount *pf_tally_find (PfTally *self, guint32 term_id, guint32 slot);

static inline PfTallyCount *
pf_tally_at (PfTally *self, guint32 term_id)
{
  guint32 slot = (term_id * 0x9E3779B1u) >> self->shift;
  guint32 place = self->slots[slot];

  if (G_LIKELY (place > 0 && self->counts[place - 1].term_id == term_id))
    return &self->counts[place - 1];
  return pf_tally_find (self, term_id, slot);
}

/* Counts N occurrences of TERM_ID. */
static inline void
pf_tally_add (PfTally *self, guint32 term_id, guint64 n)
{
  pf_tally_at (self, term_id)->count += n;
}

/* Counts one, unless the last one counted of this term had this STAMP, which
 * is not 0. */
static inline void
pf_tally_add_once (PfTally *self, guint32 term_id, guint64 stamp)
{
  PfTallyCount *count = pf_tally_at (self, term_id);

  count->count += count->stamp != stamp;
  count->stamp = stamp;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfTally, pf_tally_clear)
