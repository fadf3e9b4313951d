/* Indexes of what may start anywhere (match/anywhere_index.h) as sections of an
 * image, so that a run can use one where it lies instead of making it.
 *
 * There are two, both made for the boundary rule "none": for case as entries
 * and formats have it, and for case ignored, where that makes a difference. One
 * for both would have to fold, and be a third slower where case counts (C
 * source, 100,000 words). Each serves every run in which the same entries may
 * start anywhere, so with "prefix" and "subword", too, whose edges are then
 * asked for by entry; and overlapping matches, every instruction set, and every
 * rule for white space, unless a term has some and it is compared byte for
 * byte. For other rules an index is made at the start of a run.
 *
 *   0    header: version, the rules of all kinds of entries, sizes of the rest
 *   256  tables of the filter, shortcuts, nodes of the trie, lists, tails of
 *        the trie; each at a multiple of 64 bytes, zeros between them
 *
 * The bytes depend on the glossary alone. They may hold anything: opening one
 * checks sizes, in constant time; what is read later is looked at by those that
 * follow it. So at worst wrong entries come out.
 */
#pragma once

#include "match/anywhere_index.h"

/* Owned. */
typedef struct {
  PfSpan sections[PF_ANYWHERE_SECTIONS];
} PfAnywhereImage;

/* Of GLOSSARY, without rules that it was opened with. FALSE with PF_STATUS_DATA
 * where it is too large for this, or PF_STATUS_TEMPORARY where memory is out.
 * Not all of memory is asked for that politely. */
gboolean pf_anywhere_image_init (PfAnywhereImage *self,
                                 const PfGlossary *glossary, PfError *error);
void pf_anywhere_image_clear (PfAnywhereImage *self);

/* The index that GLOSSARY has for a run with these RULES, which lives as long
 * as GLOSSARY. FALSE, and nothing, where there is none. */
gboolean pf_anywhere_image_open (PfAnywhereIndex *self,
                                 const PfGlossary *glossary,
                                 const PfMatchRules *rules, PfIsa isa);

/* Whether the sections of GLOSSARY, if it has any, are those that it would get,
 * to the last bit; by making them, once all else of it was found right. FALSE
 * with PF_STATUS_DATA, or as pf_anywhere_image_init. */
gboolean pf_anywhere_image_check (const PfGlossary *glossary, PfError *error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfAnywhereImage, pf_anywhere_image_clear)
