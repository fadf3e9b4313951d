/* The inner loops of matching at word edges, over one block of text at a time:
 *
 *   text ──classify──▶ bit maps ──extract──▶ tokens ──probe──▶ candidates
 *
 * Hardly any branch in them depends on the text. They exist once for each
 * instruction set, with vectors from one source (kernel.c), without from
 * another (kernel_scalar.c); all give the same results. Any thread.
 */
#pragma once

#include "base/isa.h"
#include "glossary/index.h"
#include "match/prefixes.h"

#define PF_BLOCK 8192 /* bytes */
#define PF_BLOCK_GROUPS (PF_BLOCK / 64)
/* So many bytes behind a block must be readable, whatever they hold. */
#define PF_BLOCK_SLACK 72
/* A filter of so many words, 2 MiB, is probed at once; what is larger is asked
 * for ahead. */
#define PF_NEAR_WORDS 262144
/* Arrays are written in whole vectors, so they are this much longer. */
#define PF_VECTOR_SLACK 64

/* Bit i % 64 of word i / 64 stands for byte i of the block. Two groups more
 * than a block has, which are zero. */
typedef struct {
  guint64 word[PF_BLOCK_GROUPS + 2]; /* ASCII word characters, bytes >= 0x80 */
  guint64 high[PF_BLOCK_GROUPS + 2]; /* bytes >= 0x80 */
  guint64 begin[PF_BLOCK_GROUPS];    /* where a prefix may stand */
} PfBitmaps;

/* A token as a byte range [start, end) of the block. */
typedef struct {
  guint16 start, end;
} PfToken;

typedef struct {
  PfToken at[PF_BLOCK / 2 + PF_VECTOR_SLACK];
} PfTokens;

/* Tokens that the filter has, with their quick hashes. */
typedef struct {
  guint64 hash[PF_BLOCK / 2 + PF_VECTOR_SLACK];
  guint16 start[PF_BLOCK / 2 + PF_VECTOR_SLACK];
  guint16 end[PF_BLOCK / 2 + PF_VECTOR_SLACK];
} PfCandidates;

typedef struct {
  const guint64 *words;
  guint32 n_words;
  PfTokenKeys keys;
} PfFilter;

typedef enum {
  PF_STATE_UNKNOWN, /* it must be looked at more closely */
  PF_STATE_FOUND    /* one entry holds, and there is nothing else */
} PfState;

/* A candidate with its whole hash, and what is on its way to the caches. */
typedef struct {
  guint64 hash;
  guint32 at;  /* its group of the table; then, where its first item begins */
  guint32 tag; /* then the number of the item's entry */
  guint16 start, end;
  guint8 gap;      /* how the gap behind begins, if a chain may go on there;
                      then the PfState */
  guint8 leads_on; /* a chain or a shape may go on from here */
  guint8 has_item;
  guint8 is_open; /* there may be other items elsewhere */
} PfPrepared;

/* How items are compared with the text. */
typedef struct {
  const guint8 *text; /* the block */
  guint64 fold;       /* PF_TOKEN_FOLD where all entries ignore case, or 0 */
  guint32 unsure;     /* flags of items that are not alone */
  guint32 n_entries;
} PfComparison;

typedef struct {
  /* Fills N_GROUPS words of both maps; returns whether any byte is high. */
  gboolean (*classify) (const guint8 *text, gsize n_groups, PfBitmaps *maps);

  /* Fills N_GROUPS words of BEGIN with the places where a term may begin.
   * NULL where looking costs more than it saves: only AVX-512 has it. */
  void (*find_prefixes) (const guint8 *text, gsize n_groups,
                         const PfPrefixes *prefixes, guint64 *begin);

  /* The runs of ones in the first N_GROUPS words of WORD that are at least
   * MIN_LEN bits long, of 1 to 64, and whose first bit is set in BEGIN, too,
   * unless that is NULL. The word behind them is zero. Returns how many. */
  guint (*extract) (const guint64 *word, const guint64 *begin, gsize n_groups,
                    guint min_len, PfTokens *tokens);

  /* Those of the N tokens whose quick hash the filter has. FOLD is
   * PF_TOKEN_FOLD for tokens in ASCII as they stand, 0 for those that were
   * folded. Returns how many. */
  guint (*probe) (const guint8 *text, const PfTokens *tokens, guint n,
                  guint64 fold, const PfFilter *filter,
                  PfCandidates *candidates);

  /* Looks up the N prepared ones in the index's table and asks for their
   * items. */
  void (*locate) (const PfIndex *index, PfPrepared *prepared, guint n);

  /* Compares the N located ones with their first items, where all entries
   * either ignore case or do not, and hold at the edges of tokens. Lets go of
   * those that come to nothing; returns how many are left, in order. */
  guint (*compare) (const PfIndex *index, const PfComparison *how,
                    PfPrepared *prepared, guint n);
} PfKernel;

extern const PfKernel pf_kernel_scalar;
extern const PfKernel pf_kernel_avx2;
extern const PfKernel pf_kernel_avx512;
extern const PfKernel pf_kernel_neon;

/* ISA must be supported. */
const PfKernel *pf_kernel_for (PfIsa isa);
