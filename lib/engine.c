/* The public face of scanners: plain errors become GErrors here. */
#include "engine_private.h"

#include "base/escape.h"
#include "base/isa.h"
#include "glossary/glossary.h"
#include "match/shield.h"
#include "match/view_glossary.h"
#include "text/word.h"

GQuark
pf_error_quark (void)
{
  return g_quark_from_static_string ("pf-error");
}

gpointer
pf_error_propagate (GError **error, PfError *plain)
{
  g_set_error_literal (error, PF_ERROR, plain->status, plain->message);
  pf_error_clear (plain);
  return NULL;
}

char *
pf_display_text (const char *text, gboolean terminal)
{
  GString *shown = g_string_new (NULL);

  pf_escape_name (shown, pf_span_str (text), terminal);
  return g_string_free (shown, FALSE);
}

struct PfScanner {
  PfMatcher *matcher;
  PfScratch *scratch;
  GArray *entries; /* PfEntry, of the match at hand */
};

PfMatcher *
pf_matcher_create (PfGlossary *glossary, const PfMatchOptions *options,
                   PfError *error)
{
  PfMatchRules rules = { .case_rule = options->case_rule,
                         .boundary = options->boundary,
                         .space = options->space,
                         .overlapping = options->overlapping,
                         .view = { .normalize = options->normalize,
                                   .refang = options->refang },
                         .isa_given = options->isa != NULL };
  g_autoptr (PfGlossary) seen = NULL;
  PfWordClass *words;

  if (rules.isa_given && (!pf_isa_parse (options->isa, &rules.isa) ||
                          !pf_isa_is_supported (rules.isa))) {
    pf_error_set (error, PF_STATUS_USAGE,
                  "no such instruction set on this machine: %s", options->isa);
    return NULL;
  }
  seen = pf_view_glossary (glossary, &rules.view, error);
  if (seen == NULL)
    return NULL;
  words = pf_word_class_new (pf_span_str (options->word_chars), error);
  return words != NULL ? pf_matcher_new_showing (seen, glossary, words, &rules)
                       : NULL;
}

static PfScanner *
scanner_over (PfMatcher *matcher)
{
  PfScanner *self = g_new0 (PfScanner, 1);

  self->matcher = matcher;
  self->scratch = pf_scratch_new ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfEntry));
  return self;
}

PfScanner *
pf_scanner_new (PfGlossary *glossary, const PfMatchOptions *options,
                GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfMatcher *matcher = pf_matcher_create (glossary, options, &failure);

  if (matcher == NULL)
    return pf_error_propagate (error, &failure);
  return scanner_over (matcher);
}

PfScanner *
pf_scanner_clone (const PfScanner *self)
{
  return scanner_over (pf_matcher_ref (self->matcher));
}

void
pf_scanner_free (PfScanner *self)
{
  if (self == NULL)
    return;
  pf_matcher_unref (self->matcher);
  pf_scratch_free (self->scratch);
  g_array_unref (self->entries);
  g_free (self);
}

typedef struct {
  PfScanner *scanner;
  gboolean has_shields;
  PfShield shield;
  PfScanFunc func;
  gpointer user;
} ScanCall;

static gboolean
on_match (const PfMatch *match, gpointer user)
{
  ScanCall *call = user;
  GArray *entries = call->scanner->entries;
  const PfGlossary *glossary = call->shield.glossary;

  if (call->has_shields && pf_shield_hides (&call->shield, match, 0))
    return TRUE;
  g_array_set_size (entries, match->n_entries);
  for (guint i = 0; i < match->n_entries; i++)
    g_array_index (entries, PfEntry, i) =
        pf_glossary_entry (glossary, match->entries[i]);
  return call->func (match->start, match->end, (const PfEntry *)entries->data,
                     match->n_entries, call->user);
}

void
pf_scanner_scan (PfScanner *self, PfSpan text, PfScanFunc func, gpointer user)
{
  const PfGlossary *glossary = pf_matcher_glossary (self->matcher);
  ScanCall call = { .scanner = self,
                    .has_shields = pf_glossary_n_shields (glossary) > 0,
                    .shield = { .glossary = glossary },
                    .func = func,
                    .user = user };

  pf_matcher_scan (self->matcher, self->scratch,
                   &(PfScan){ .text = text,
                              .from = 0,
                              .final = TRUE,
                              .func = on_match,
                              .user = &call });
}
