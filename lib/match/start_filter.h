/* Where in a text may a term begin? A filter that never misses a place, and
 * seldom names one in vain; it is what makes matching anywhere quick, as most
 * of a text is never looked at in any other way.
 *
 * It knows terms by the prefixes of their spellings (match/canonical.h) and
 * nothing else. In three steps, none of which has a branch for each byte:
 *
 *   text ──grams──▶ few places ──opening, key──▶ fewer places
 *
 * - Grams: four bytes of the text, hashed, find a word in a table, and a byte
 *   beside them finds a bit in the word. Where nearly all prefixes have five
 *   bytes or more, it is done at each second position only: every term then
 *   has a gram at one, either its first four bytes or those from the second
 *   on. Shorter prefixes are tested by halves of their bytes.
 * - Opening: the first bytes at such a place, as many as the shortest prefix
 *   has, but four at least, say how many of the bytes that follow are worth
 *   looking at: as many as the shortest prefix that begins with them has.
 * Prefixes of less than four bytes have a table of their own, by their first
 * two bytes.
 * - Key: that many bytes, hashed, must be in a Bloom filter (Bloom, "Space/time
 *   trade-offs in hash coding with allowable errors", CACM 13, 1970) whose two
 *   bits are in one word.
 *
 * Immutable once built: any thread. All instruction sets give the same answer.
 */
#pragma once

#include "base/isa.h"
#include "match/canonical.h"

typedef struct PfStartFilter PfStartFilter;

/* How many bytes behind a position are looked at. */
#define PF_START_FILTER_LOOK 12

/* How many more places it may write than it finds. */
#define PF_START_SPARE 16

/* PREFIXES must not be empty; FOLDED where they have bit 0x20 set. ISA must be
 * supported. (transfer full) */
PfStartFilter *pf_start_filter_new (const PfPrefix *prefixes, gsize n,
                                    gboolean folded, PfIsa isa);
void pf_start_filter_free (PfStartFilter *self);

/* How the tables of a filter are laid out; numbers of bits are those of a
 * hash. */
typedef struct {
  guint8 folded, has_short, has_pairs; /* 0 or 1 */
  guint8 stride;
  guint8 gram_bits, opening_bits, key_bits;
  guint8 opening_len; /* bytes */
} PfStartFilterShape;

/* The tables of such a filter: bytes, a multiple of 64. 0 where there can be no
 * such filter. */
gsize pf_start_filter_size (const PfStartFilterShape *shape);

/* From what another filter has, to the same filter again: its shape, and its
 * tables, of which there are pf_start_filter_size bytes. They are used in
 * place, must outlive it and lie at a multiple of 64; whatever is in them does
 * no harm. (transfer full) */
PfStartFilterShape pf_start_filter_shape (const PfStartFilter *self);
const guint8 *pf_start_filter_tables (const PfStartFilter *self);
PfStartFilter *pf_start_filter_open (const PfStartFilterShape *shape,
                                     const guint8 *tables, PfIsa isa);

/* A place that was found: where, and how many bytes its key has. */
#define PF_START_BITS 28
#define PF_START_AT(start) ((start) & ((1u << PF_START_BITS) - 1))
#define PF_START_KEY_LEN(start) (PF_PREFIX_MAX + 1 - ((start) >> PF_START_BITS))

/* Finds where from FROM to TO (less TO itself) a term may begin. The text must
 * go on for PF_START_FILTER_LOOK bytes behind TO. Writes the places, relative
 * to FROM, in ascending order to PLACES, which has room for PF_START_SPARE more
 * than TO - FROM of them; returns how many there are. */
gsize pf_start_filter_find (const PfStartFilter *self, const guint8 *text,
                            gsize from, gsize to, guint32 *places);

/* How many of the bytes at P a key would have: 0 where nothing begins so. To be
 * called with PF_START_FILTER_LOOK bytes at P. */
guint pf_start_filter_key_len (const PfStartFilter *self, const guint8 *p);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfStartFilter, pf_start_filter_free)
