/* Scans a text as a view shows it, and reports where in the text its matches
 * are.
 *
 *   window ──part──▶ seen ──inner scan──▶ matches ──▶ in the window
 *             ▲                                │
 *             └───── where all is decided ─────┘
 *
 * A window is seen in parts, so that little of it is copied, and nothing where
 * all is seen as it is. A part that decides nothing is taken again, twice as
 * long.
 *
 * A match that begins or ends within a unit of the view is none. As that may be
 * the longest of several, the inner scan must report all that overlap where
 * units may be longer than a character (pf_view_scan_wants_all), and the
 * longest of those that are left is chosen here.
 */
#pragma once

#include "match/matcher.h"
#include "match/view.h"

typedef struct PfViewScratch PfViewScratch;

typedef struct {
  PfViewRules rules;
  gboolean overlapping; /* all matches are reported */
  gsize part;           /* bytes of one, for tests; else 0 */
  /* As pf_matcher_scan, of what is seen. */
  gsize (*inner) (gpointer user, const PfScan *scan);
  gpointer user;
} PfViewScan;

static inline gboolean
pf_view_scan_wants_all (const PfViewRules *rules)
{
  return rules->normalize;
}

/* One for each thread. (transfer full) */
PfViewScratch *pf_view_scratch_new (void);
void pf_view_scratch_free (PfViewScratch *self);

/* As pf_matcher_scan. */
gsize pf_view_scan (const PfViewScan *self, PfViewScratch *scratch,
                    const PfScan *scan);
