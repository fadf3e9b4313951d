#include "glossary/tbx_concept.h"

#include <string.h>

#include "glossary/format.h"

/* A text in the concept's own. */
typedef struct {
  gsize at, len; /* bytes */
} Slice;

/* By rank: of what is said twice, the higher one holds. */
typedef enum { STATUS_ADMITTED, STATUS_PREFERRED, STATUS_FORBIDDEN } Status;

/* What is said at one level. */
typedef struct {
  Slice texts[PF_TBX_N_TEXTS];
  PfCase case_rule;
  PfBoundary boundary;
} Level;

typedef struct {
  Level level;
  Slice tag;
} Language;

typedef struct {
  Level level;
  Slice text;
  Status status;
  guint language; /* its number */
  guint64 line;
} Term;

struct PfTbxConcept {
  GByteArray *text; /* all that the slices lie in */
  Level level;
  GArray *languages; /* Language */
  GArray *terms;     /* Term */
  gboolean in_language, in_term;
};

PfTbxConcept *
pf_tbx_concept_new (void)
{
  PfTbxConcept *self = g_new0 (PfTbxConcept, 1);

  self->text = g_byte_array_new ();
  self->languages = g_array_new (FALSE, TRUE, sizeof (Language));
  self->terms = g_array_new (FALSE, TRUE, sizeof (Term));
  return self;
}

void
pf_tbx_concept_free (PfTbxConcept *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->text);
  g_array_unref (self->languages);
  g_array_unref (self->terms);
  g_free (self);
}

static const Language *
language_at (const PfTbxConcept *self, guint i)
{
  return &g_array_index (self->languages, Language, i);
}

static const Term *
term_at (const PfTbxConcept *self, guint i)
{
  return &g_array_index (self->terms, Term, i);
}

static Term *
last_term (const PfTbxConcept *self)
{
  return &g_array_index (self->terms, Term, self->terms->len - 1);
}

static Language *
last_language (const PfTbxConcept *self)
{
  return &g_array_index (self->languages, Language, self->languages->len - 1);
}

static Slice
keep (PfTbxConcept *self, PfSpan text)
{
  Slice slice = { self->text->len, text.len };

  g_byte_array_append (self->text, text.data, (guint)text.len);
  return slice;
}

static PfSpan
text_of (const PfTbxConcept *self, Slice slice)
{
  return (PfSpan){ self->text->data + slice.at, slice.len };
}

void
pf_tbx_concept_begin (PfTbxConcept *self)
{
  g_byte_array_set_size (self->text, 0);
  g_array_set_size (self->languages, 0);
  g_array_set_size (self->terms, 0);
  self->level = (Level){ 0 };
  self->in_language = self->in_term = FALSE;
}

void
pf_tbx_concept_begin_language (PfTbxConcept *self, PfSpan tag)
{
  g_array_set_size (self->languages, self->languages->len + 1);
  last_language (self)->tag = keep (self, tag);
  self->in_language = TRUE;
}

void
pf_tbx_concept_begin_term (PfTbxConcept *self, guint64 line)
{
  g_array_set_size (self->terms, self->terms->len + 1);
  last_term (self)->line = line;
  last_term (self)->language = self->languages->len - 1;
  self->in_term = TRUE;
}

gboolean
pf_tbx_concept_is_full (const PfTbxConcept *self)
{
  return self->text->len + self->languages->len * sizeof (Language) +
             self->terms->len * sizeof (Term) >
         PF_TBX_CONCEPT_MAX;
}

gsize
pf_tbx_concept_n_terms (const PfTbxConcept *self)
{
  return self->terms->len;
}

gboolean
pf_tbx_concept_has_term (const PfTbxConcept *self)
{
  return self->terms->len > 0 && last_term (self)->text.len > 0;
}

void
pf_tbx_concept_leave (PfTbxConcept *self)
{
  gboolean is_empty = self->in_term && !pf_tbx_concept_has_term (self);

  if (is_empty)
    g_array_set_size (self->terms, self->terms->len - 1);
  if (self->in_term)
    self->in_term = FALSE;
  else
    self->in_language = FALSE;
}

/* The values of administrativeStatus and of normativeAuthorization, in both
 * editions and in TBX-Basic; without what many of them end in. */
static Status
parse_status (PfSpan text)
{
  static const char *const forbidden[] = { "deprecated", "superseded",
                                           "notRecommended", "obsolete",
                                           "forbidden" };
  static const char *const preferred[] = { "preferred", "standardized",
                                           "recommended" };
  static const char *const endings[] = { "-admn-sts", "Term" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    gsize len = strlen (endings[i]);

    if (text.len > len &&
        memcmp (text.data + text.len - len, endings[i], len) == 0)
      text.len -= len;
  }
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    if (pf_span_equal (text, pf_span_str (forbidden[i])))
      return STATUS_FORBIDDEN;
  for (guint i = 0; i < G_N_ELEMENTS (preferred); i++)
    if (pf_span_equal (text, pf_span_str (preferred[i])))
      return STATUS_PREFERRED;
  return STATUS_ADMITTED;
}

static gboolean
parse_rule (PfSpan word, Level *level, PfError *error)
{
  PfEntry entry = { .case_rule = level->case_rule,
                    .boundary = level->boundary };

  if (!pf_rule_parse (word, &entry, NULL))
    return pf_error_set (error, PF_STATUS_DATA, "unknown rule in a note: %.*s",
                         (int)MIN (word.len, 60), (const char *)word.data);
  level->case_rule = entry.case_rule;
  level->boundary = entry.boundary;
  return TRUE;
}

/* The rules in a note, separated by spaces. */
static gboolean
parse_note (PfSpan text, Level *level, PfError *error)
{
  const gsize len = strlen (PF_TBX_RULES);

  if (text.len < len || memcmp (text.data, PF_TBX_RULES, len) != 0)
    return TRUE;
  text = pf_span_sub (text, len, text.len);
  while (text.len > 0) {
    const guint8 *space = memchr (text.data, ' ', text.len);
    gsize end = space != NULL ? (gsize)(space - text.data) : text.len;

    if (end > 0 && !parse_rule (pf_span_sub (text, 0, end), level, error))
      return FALSE;
    text = pf_span_sub (text, MIN (end + 1, text.len), text.len);
  }
  return TRUE;
}

static Level *
present_level (PfTbxConcept *self)
{
  if (self->in_term)
    return &last_term (self)->level;
  return self->in_language ? &last_language (self)->level : &self->level;
}

static void
set_term (PfTbxConcept *self, PfSpan text)
{
  if (self->in_term && last_term (self)->text.len == 0)
    last_term (self)->text = keep (self, text);
}

static void
set_status (PfTbxConcept *self, PfSpan text)
{
  if (self->in_term)
    last_term (self)->status =
        MAX (last_term (self)->status, parse_status (text));
}

gboolean
pf_tbx_concept_set (PfTbxConcept *self, PfTbxField field, PfSpan text,
                    PfError *error)
{
  Level *level = present_level (self);

  if (field == PF_TBX_NOTE)
    return parse_note (text, level, error);
  if (field == PF_TBX_TERM)
    set_term (self, text);
  else if (field == PF_TBX_STATUS)
    set_status (self, text);
  else if (level->texts[field].len == 0)
    level->texts[field] = keep (self, text);
  return TRUE;
}

static guint8
tag_byte (guint8 byte)
{
  return byte == '_' ? '-' : (guint8)g_ascii_tolower ((char)byte);
}

gboolean
pf_language_matches (PfSpan tag, PfSpan range)
{
  if (tag.len < range.len)
    return FALSE;
  for (gsize i = 0; i < range.len; i++)
    if (tag_byte (tag.data[i]) != tag_byte (range.data[i]))
      return FALSE;
  return tag.len == range.len || tag_byte (tag.data[range.len]) == '-';
}

static gboolean
is_in (const PfTbxConcept *self, const Term *term, PfSpan range)
{
  const Language *language = language_at (self, term->language);

  return pf_language_matches (text_of (self, language->tag), range);
}

/* Whether TERM is the better one to use than BEST, which stands before it. */
static gboolean
is_better (const Term *term, const Term *best)
{
  if (term->status == STATUS_FORBIDDEN)
    return FALSE;
  return best == NULL ||
         (best->status != STATUS_PREFERRED && term->status == STATUS_PREFERRED);
}

/* The term to use in the language of that RANGE; NULL where there is none. */
static const Term *
best_in_range (const PfTbxConcept *self, PfSpan range)
{
  const Term *best = NULL;

  for (guint i = 0; i < self->terms->len; i++) {
    const Term *term = term_at (self, i);

    if (is_better (term, best) && is_in (self, term, range))
      best = term;
  }
  return best;
}

/* The text nearest to TERM. */
static PfSpan
nearest (const PfTbxConcept *self, const Term *term, PfTbxField field)
{
  const Language *language = language_at (self, term->language);

  if (term->level.texts[field].len > 0)
    return text_of (self, term->level.texts[field]);
  if (language->level.texts[field].len > 0)
    return text_of (self, language->level.texts[field]);
  return text_of (self, self->level.texts[field]);
}

static PfCase
nearest_case (const PfTbxConcept *self, const Term *term)
{
  const Language *language = language_at (self, term->language);

  if (term->level.case_rule != PF_CASE_UNSET)
    return term->level.case_rule;
  return language->level.case_rule != PF_CASE_UNSET ? language->level.case_rule
                                                    : self->level.case_rule;
}

static PfBoundary
nearest_boundary (const PfTbxConcept *self, const Term *term)
{
  const Language *language = language_at (self, term->language);

  if (term->level.boundary != PF_BOUNDARY_UNSET)
    return term->level.boundary;
  return language->level.boundary != PF_BOUNDARY_UNSET
             ? language->level.boundary
             : self->level.boundary;
}

static PfEntry
entry_of (const PfTbxConcept *self, const Term *term)
{
  return (PfEntry){ .term = text_of (self, term->text),
                    .label = nearest (self, term, PF_TBX_SUBJECT),
                    .case_rule = nearest_case (self, term),
                    .boundary = nearest_boundary (self, term) };
}

/* Each term of a language, or of all, with its definition. */
static gboolean
emit_defined (const PfTbxConcept *self, PfSpan range, PfTbxAdd add,
              gpointer user)
{
  for (guint i = 0; i < self->terms->len; i++) {
    const Term *term = term_at (self, i);
    PfEntry entry = entry_of (self, term);

    if (range.len > 0 && !is_in (self, term, range))
      continue;
    entry.value = nearest (self, term, PF_TBX_DEFINITION);
    if (!add (&entry, term->line, user))
      return FALSE;
  }
  return TRUE;
}

/* Where the other language has no term that may be used, there is no pair. */
static gboolean
emit_pairs (const PfTbxConcept *self, const PfTbxChoice *choice, PfTbxAdd add,
            gpointer user)
{
  const Term *best = best_in_range (self, choice->values);

  for (guint i = 0; best != NULL && i < self->terms->len; i++) {
    const Term *term = term_at (self, i);
    PfEntry entry = entry_of (self, term);

    if (!is_in (self, term, choice->terms))
      continue;
    entry.value = text_of (self, best->text);
    if (!add (&entry, term->line, user))
      return FALSE;
  }
  return TRUE;
}

/* By language, the number of the term to use plus 1; or 0. (transfer full) */
static guint *
best_by_language (const PfTbxConcept *self)
{
  guint *best = g_new0 (guint, MAX (self->languages->len, 1));

  for (guint i = 0; i < self->terms->len; i++) {
    const Term *term = term_at (self, i);
    guint *slot = &best[term->language];

    if (is_better (term, *slot > 0 ? term_at (self, *slot - 1) : NULL))
      *slot = i + 1;
  }
  return best;
}

/* One that nothing may be used for has no value. */
static gboolean
emit_forbidden (const PfTbxConcept *self, PfSpan range, PfTbxAdd add,
                gpointer user)
{
  const Term *any = best_in_range (self, range);
  g_autofree guint *best = best_by_language (self);

  for (guint i = 0; i < self->terms->len; i++) {
    const Term *term = term_at (self, i);
    guint own = best[term->language];
    const Term *use = own > 0 ? term_at (self, own - 1) : any;
    PfEntry entry = entry_of (self, term);

    if (term->status != STATUS_FORBIDDEN || !is_in (self, term, range))
      continue;
    if (use != NULL)
      entry.value = text_of (self, use->text);
    if (!add (&entry, term->line, user))
      return FALSE;
  }
  return TRUE;
}

gboolean
pf_tbx_concept_emit (const PfTbxConcept *self, const PfTbxChoice *choice,
                     PfTbxAdd add, gpointer user)
{
  if (choice->forbidden.len > 0)
    return emit_forbidden (self, choice->forbidden, add, user);
  if (choice->values.len > 0)
    return emit_pairs (self, choice, add, user);
  return emit_defined (self, choice->terms, add, user);
}
