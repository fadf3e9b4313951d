/* A term as the index sees it: a chain of tokens, and what stands around it.
 * Pure functions: any thread.
 *
 *   ".NET C++ 5.0!"   before: "."   tokens: NET, C, 5, 0   after: "!"
 */
#pragma once

#include "glossary/index.h"

typedef struct {
  guint n_tokens; /* 0: no token leads to this term */
  guint64 chain;  /* over all tokens */
  PfShape shape;  /* characters before and after the tokens */
  guint64 before; /* their hashes, from the tokens outwards */
  guint64 after;
  guint after_first;    /* see PF_NEXT_SHAPE */
  guint64 first;        /* quick hash of the first token */
  gsize first_len;      /* bytes of the first token, folded */
  gboolean first_ascii; /* when folded */
  /* The first steps, as far as the chains section knows them: */
  guint64 nodes[PF_CHAIN_DEPTH]; /* the chain after 1, 2, ... tokens */
  guint8 next[PF_CHAIN_DEPTH];   /* the gap behind: PF_NEXT_GAP */
  guint8 second[PF_CHAIN_DEPTH]; /* and what then comes: PF_NEXT_PAIR */
} PfTermChain;

/* How many of nodes there are, and of next and second. */
static inline guint
pf_term_chain_nodes (const PfTermChain *self)
{
  return MIN (self->n_tokens, PF_CHAIN_DEPTH);
}

static inline guint
pf_term_chain_gaps (const PfTermChain *self)
{
  return self->n_tokens > 0 ? MIN (self->n_tokens - 1, PF_CHAIN_DEPTH) : 0;
}

/* TERM is valid UTF-8 of at most PF_TERM_MAX bytes. */
void pf_term_chain (PfTermChain *self, PfSpan term, PfTokenKeys keys);

/* The key under which the items section has the term. */
guint64 pf_term_key (const PfTermChain *self, PfSpan term);
