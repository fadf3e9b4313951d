/* What the parts of the matcher at word edges share. Private to them:
 *
 *   words.c    blocks of a window, and the order of what is found in them
 *   tokens.c   a block's candidates, those that are not ASCII, too
 *   fold_block.c  folds a whole block, for text that is not in ASCII
 *   prepare.c  fetches what the index has for all candidates of a block
 *   verify.c   all hits of one candidate: look-ups, chains, shapes
 */
#pragma once

#include "glossary/index.h"
#include "match/edges.h"
#include "match/kernel.h"
#include "match/words.h"

/* A term in text may have this many bytes for each folded one: U+212A, three
 * bytes, folds to k. */
#define PF_UNFOLD_MAX 3

/* The rules of an item, with nothing left unset. */
typedef struct {
  guint8 is_anywhere; /* somebody else matches it */
  guint8 ignores_case;
  guint8 boundary; /* PfBoundary */
  guint8 is_edge;  /* the boundary holds at the edges of tokens */
} PfItemRules;

struct PfWords {
  const PfIndex *index;
  const PfWordClass *words;
  const PfKernel *kernel;
  PfFilter filter;
  PfSpace space;
  gboolean overlapping;
  PfComparison comparison; /* of all entries, where they can be compared so */
  gboolean can_compare;
  gboolean can_lead_on; /* some term is more than its first token */
  gsize max_token;      /* bytes of the longest first token, as in text */
  guint min_token;      /* bytes of the shortest in ASCII, 1 to 64 */
  gsize max_folded;     /* bytes of the longest first token, folded */
  guint max_before;     /* units, of all shapes */
  guint max_after;
  guint max_tokens; /* of a term */
  guint32 n_entries;
  PfItemRules rules[PF_RULE_BITS_MAX];
  /* By the byte behind a token: 0 where no chain goes on, PF_GAP_UNKNOWN where
   * more must be looked at, or the byte that stands for the gap. */
  guint8 gap_of[256];
  /* By byte, as terms have it: folded, ' ' for white space, PF_GAP_UNKNOWN
   * beyond ASCII. */
  guint8 unit_of[256];
  guint16 *folded_words; /* PF_BMP_SIZE */
  gboolean has_prefixes; /* and they are worth a look */
  PfPrefixes prefixes;
};

#define PF_GAP_UNKNOWN 0xFF

/* Word characters of the Basic Multilingual Plane, folded; 0 for others. */
#define PF_BMP_SIZE 0x10000

/* Entries that hold at one place; [first, first + n) of the entries found. */
typedef struct {
  gsize start, end;
  guint first, n;
} PfHit;

/* What a candidate came to. Cleared for each. */
typedef struct {
  GArray *hits;    /* PfHit, in no order */
  GArray *entries; /* guint32 */
  GArray *folded;  /* guint32; of the hit at hand */
  GArray *before;  /* what verify.c needs */
  GArray *after;
} PfFound;

/* A token of the window that the filter has. */
typedef struct {
  gsize start, end;
  guint64 hash; /* the whole hash */
} PfCandidate;

struct PfWordsScratch {
  PfBitmaps maps;
  PfTokens tokens;
  PfCandidates ascii;
  PfCandidates other; /* that are not ASCII; their hashes are whole ones */
  guint n_ascii, n_other;
  PfPrepared prepared[PF_BLOCK / 2 + 1];
  guint n_prepared;
  guint8 padded[PF_BLOCK + PF_BLOCK_SLACK];
  guint8 *folded; /* folded_size bytes, for one token */
  gsize folded_size;
  /* A whole block, and what will be its map of word characters. */
  guint8 folded_block[PF_BLOCK + PF_BLOCK_SLACK];
  guint64 kept[PF_BLOCK_GROUPS];
  PfFound found;
};

/* Puts into FOUND all hits that CANDIDATE leads to and that do not begin
 * before FROM. UNDECIDED where that depends on bytes behind the window. */
PfAnswer pf_words_verify (const PfWords *self, const PfWindow *window,
                          gsize from, const PfCandidate *candidate,
                          PfFound *found);

/* Makes scratch->prepared of all candidates of a block, in order. TEXT is the
 * block, LEN what was dealt with of it. */
void pf_words_prepare (const PfWords *self, PfWordsScratch *scratch,
                       const guint8 *text, gsize len);

/* How many entries hold at the token of PREPARED, which does not lead on: 0,
 * or 1 with its number, or PF_WORDS_MANY, where pf_words_verify must say.
 * TEXT is the block. */
#define PF_WORDS_MANY 2
guint pf_words_lookup (const PfWords *self, const PfPrepared *prepared,
                       const guint8 *text, guint32 *entry);

/* The first place at or after FROM where a term may begin that leads to a
 * token at START. */
gsize pf_words_lead_start (const PfWords *self, const PfWindow *window,
                           gsize from, gsize start);

/* Finds the candidates among the whole tokens of window[at, at + *len), which
 * is a block. *LEN becomes the length of what was dealt with; 0 where the
 * block begins with a token that it does not hold wholly. WINDOW_END is how
 * much of the window may be looked at. Returns the block, with readable bytes
 * behind it. */
const guint8 *pf_words_tokenise (const PfWords *self, PfWordsScratch *scratch,
                                 const PfWindow *window, gsize window_end,
                                 gsize at, gsize *len);

/* Folds the block of *LEN bytes at TEXT, whose maps are there, in place, to
 * scratch->folded_block, and takes what is no word character out of the map of
 * words. REST is the block and what may be looked at behind it. *LEN becomes
 * more where a character that is none reaches out of the block. FALSE, and
 * the maps as they were, where a word character changes its length. */
gboolean pf_words_fold_block (const PfWords *self, PfWordsScratch *scratch,
                              const guint8 *text, PfSpan rest, gsize *len);

/* The whole hash of TOKEN, or FALSE where the filter does not have it. */
gboolean pf_words_hash_token (const PfWords *self, PfWordsScratch *scratch,
                              PfSpan token, guint64 *whole);

/* The end of the run of word characters at AT, before END. */
gsize pf_words_token_end (PfSpan text, gsize at, gsize end);

static inline gboolean
pf_words_is_ascii (PfSpan span)
{
  guint8 all = 0;

  for (gsize i = 0; i < span.len; i++)
    all |= span.data[i];
  return all < 0x80;
}
