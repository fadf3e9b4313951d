#include "glossary/builder.h"

#include <errno.h>
#include <string.h>

#include "base/join.h"
#include "base/memory.h"
#include "base/processors.h"

/* How many entries are laid out before it is looked at what can be freed. */
#define TRIM_STEP 4096

/* Bytes, of the index and of what making it takes for a while. */
#define MEMORY_PER_ENTRY 48

/* From so many entries on, a thread for the texts is worth its while. */
#define ENTRIES_FOR_HALVES 20000

struct PfGlossaryBuilder {
  PfBatch *batch;
  GArray *firsts;  /* gsize: the raw number at which each source begins */
  GArray *sources; /* PfSourceRow; first is set when all is sealed */
  GByteArray *names;
  guint64 memory; /* bytes; 0: ask the system */
};

/* The sections of a glossary that was built, owned. */
typedef struct {
  PfCompiled compiled;
  guint64 *texts;
  guint8 *strings;
  gsize strings_len;
  guint32 n_shields;
  GArray *sources;
  GByteArray *names;
} Built;

PfGlossaryBuilder *
pf_glossary_builder_new (void)
{
  PfGlossaryBuilder *self = g_new0 (PfGlossaryBuilder, 1);

  self->batch = pf_batch_new ();
  self->firsts = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->sources = g_array_new (FALSE, FALSE, sizeof (PfSourceRow));
  self->names = g_byte_array_new ();
  return self;
}

void
pf_glossary_builder_free (PfGlossaryBuilder *self)
{
  if (self == NULL)
    return;
  pf_batch_free (self->batch);
  g_array_unref (self->firsts);
  g_clear_pointer (&self->sources, g_array_unref);
  g_clear_pointer (&self->names, g_byte_array_unref);
  g_free (self);
}

gboolean
pf_glossary_builder_append (PfGlossaryBuilder *self, PfGlossaryBuilder *other,
                            PfError *error)
{
  gsize n = pf_batch_size (self->batch), names_len = self->names->len;

  if (!pf_batch_append (self->batch, other->batch, error))
    return FALSE;
  for (guint i = 0; i < other->sources->len; i++) {
    PfSourceRow row = g_array_index (other->sources, PfSourceRow, i);
    gsize first = n + g_array_index (other->firsts, gsize, i);

    row.offset += (guint32)names_len;
    g_array_append_val (self->sources, row);
    g_array_append_val (self->firsts, first);
  }
  g_byte_array_append (self->names, other->names->data, other->names->len);
  g_array_set_size (other->sources, 0);
  g_array_set_size (other->firsts, 0);
  g_byte_array_set_size (other->names, 0);
  return TRUE;
}

void
pf_glossary_builder_begin (PfGlossaryBuilder *self, const char *name,
                           const PfSourceRules *rules)
{
  PfSourceRow row = { .offset = self->names->len,
                      .name_len = (guint32)strlen (name),
                      .label_len = (guint32)rules->label.len };
  gsize first = pf_batch_size (self->batch);

  g_byte_array_append (self->names, (const guint8 *)name, row.name_len);
  if (row.label_len > 0)
    g_byte_array_append (self->names, rules->label.data, row.label_len);
  g_array_append_val (self->sources, row);
  g_array_append_val (self->firsts, first);
  pf_batch_set_rules (self->batch, rules);
}

gboolean
pf_glossary_builder_add (PfGlossaryBuilder *self, const PfEntry *entry,
                         PfError *error)
{
  g_assert (self->sources->len > 0);
  return pf_batch_add (self->batch, entry, error);
}

void
pf_glossary_builder_drop (PfGlossaryBuilder *self, PfBatchFunc drops,
                          gpointer user)
{
  pf_batch_drop (self->batch, drops, user, self->firsts);
}

PfBatch *
pf_glossary_builder_batch (PfGlossaryBuilder *self)
{
  return self->batch;
}

gsize
pf_glossary_builder_source_size (const PfGlossaryBuilder *self)
{
  guint n = self->firsts->len;
  gsize first = n > 0 ? g_array_index (self->firsts, gsize, n - 1) : 0;

  return pf_batch_size (self->batch) - first;
}

static gboolean
is_dropped (const PfCompiled *compiled, gsize raw)
{
  return compiled->dropped != NULL &&
         (compiled->dropped[raw / 8] >> (raw % 8) & 1) != 0;
}

static gboolean
is_shield (const PfRawEntry *entry)
{
  return entry->value_len == entry->term_len &&
         memcmp (entry->term, entry->term + entry->term_len, entry->term_len) ==
             0;
}

/* Says where in the glossary the sources begin, how long the strings of all
 * entries are, and how many entries are shields. */
static void
measure (const PfGlossaryBuilder *self, Built *built)
{
  const PfRawEntry *entries = pf_batch_entries (self->batch);
  gsize n = pf_batch_size (self->batch);
  guint32 number = 0;
  guint source = 0;

  for (gsize i = 0; i <= n; i++) {
    while (source < self->firsts->len &&
           g_array_index (self->firsts, gsize, source) == i)
      g_array_index (built->sources, PfSourceRow, source++).first = number;
    if (i == n || is_dropped (&built->compiled, i))
      continue;
    built->strings_len += (gsize)entries[i].value_len + entries[i].label_len;
    built->n_shields += is_shield (&entries[i]);
    number++;
  }
}

static gboolean
allocate (Built *built, PfError *error)
{
  if (built->strings_len > PF_TEXT_OFFSET_MAX)
    return pf_error_set (error, PF_STATUS_DATA,
                         "the glossary holds more than 8 TiB of values");
  built->texts = g_try_new (guint64, (gsize)built->compiled.n_entries + 1);
  built->strings = g_try_malloc (built->strings_len);
  if (built->texts != NULL && built->strings != NULL)
    return TRUE;
  return pf_error_set (error, PF_STATUS_TEMPORARY,
                       "not enough memory for the glossary");
}

/* Copies values and labels; what the readers gathered is freed on the way. */
static void
lay_out_texts (PfGlossaryBuilder *self, Built *built)
{
  const PfRawEntry *entries = pf_batch_entries (self->batch);
  gsize n = pf_batch_size (self->batch), at = 0;
  guint32 number = 0;

  for (gsize i = 0; i < n; i++) {
    gsize len = (gsize)entries[i].value_len + entries[i].label_len;

    if (i % TRIM_STEP == 0)
      pf_batch_trim (self->batch, i);
    if (is_dropped (&built->compiled, i))
      continue;
    built->texts[number++] =
        (guint64)entries[i].value_len << PF_TEXT_OFFSET_BITS | at;
    memcpy (built->strings + at, entries[i].term + entries[i].term_len, len);
    at += len;
  }
  built->texts[number] = at;
}

static void
built_free (gpointer data)
{
  Built *self = data;

  pf_compiled_clear (&self->compiled);
  g_free (self->texts);
  g_free (self->strings);
  g_array_unref (self->sources);
  g_byte_array_unref (self->names);
  g_free (self);
}

static PfSections
sections_of (const Built *self)
{
  const PfCompiled *made = &self->compiled;

  return (PfSections){
    .index = { .numbers = made->numbers,
               .filter = made->filter,
               .chains = made->chains,
               .table = made->table,
               .items = { made->items, made->items_len },
               .shapes = made->shapes,
               .n_shapes = made->n_shapes,
               .loose = made->loose,
               .n_loose = made->n_loose },
    .n_entries = made->n_entries,
    .n_shields = self->n_shields,
    .item_of = made->item_of,
    .first_equal = made->first_equal,
    .texts = self->texts,
    .strings = { self->strings, self->strings_len },
    .sources = (const PfSourceRow *)(gpointer)self->sources->data,
    .n_sources = self->sources->len,
    .names = { self->names->data, self->names->len },
  };
}

void
pf_glossary_builder_set_memory (PfGlossaryBuilder *self, guint64 bytes)
{
  self->memory = bytes;
}

/* What compiling takes besides what the batch holds, in bytes. */
static guint64
memory_needed (const PfBatch *batch)
{
  const PfRawEntry *entries = pf_batch_entries (batch);
  gsize n = pf_batch_size (batch);
  guint64 needed = n * (guint64)MEMORY_PER_ENTRY;

  for (gsize i = 0; i < n; i++)
    needed += entries[i].term_len;
  return needed;
}

/* The system grants more memory than there is, and ends a process that uses
 * it; better to say so first. */
static gboolean
check_memory (const PfGlossaryBuilder *self, PfError *error)
{
  guint64 needed = memory_needed (self->batch);
  guint64 there = self->memory > 0 ? self->memory : pf_available_memory ();

  return needed <= there ||
         pf_error_set (error, PF_STATUS_TEMPORARY,
                       "not enough memory for the glossary: %" G_GUINT64_FORMAT
                       " MiB more are needed, %" G_GUINT64_FORMAT
                       " MiB are available",
                       needed >> 20, there >> 20);
}

/* What is left to make when all that needs the terms is done: the table of the
 * index, and the texts. */
typedef struct {
  PfGlossaryBuilder *builder;
  Built *built;
  PfCompilation *index;
} Halves;

static gpointer
make_table (gpointer data, PfError *error)
{
  Halves *self = data;

  pf_compile_finish (self->index, error);
  return NULL;
}

static gpointer
make_texts (gpointer data, PfError *error)
{
  Halves *self = data;

  measure (self->builder, self->built);
  if (self->built->strings_len > 0 && allocate (self->built, error))
    lay_out_texts (self->builder, self->built);
  return NULL;
}

static gboolean
make_in_turn (Halves *self, PfError *error)
{
  g_auto (PfError) failure = { 0 };

  make_table (self, &failure);
  if (!pf_error_is_set (&failure))
    make_texts (self, &failure);
  if (!pf_error_is_set (&failure))
    return TRUE;
  pf_error_move (error, &failure);
  return FALSE;
}

static gboolean
make_halves (Halves *self, PfError *error)
{
  PfJoinTask table = { .func = make_table, .data = self };
  PfJoinTask texts = { .func = make_texts, .data = self, .name = "pf-texts" };

  return pf_batch_size (self->builder->batch) < ENTRIES_FOR_HALVES
             ? make_in_turn (self, error)
             : pf_join2 (&table, &texts, error);
}

static gboolean
build (PfGlossaryBuilder *self, Built *built, PfError *error)
{
  Halves halves = { .builder = self, .built = built };
  gboolean done;

  if (!check_memory (self, error))
    return FALSE;
  halves.index = pf_compile_start (
      &built->compiled, pf_batch_entries (self->batch),
      pf_batch_size (self->batch), (const gsize *)(gpointer)self->firsts->data,
      self->firsts->len, pf_usable_processors (), error);
  done = halves.index != NULL && make_halves (&halves, error);
  pf_compilation_free (halves.index);
  /* Nobody asks for them any more. */
  g_clear_pointer (&built->compiled.dropped, g_free);
  return done;
}

PfGlossary *
pf_glossary_builder_seal (PfGlossaryBuilder *self, PfError *error)
{
  Built *built = g_new0 (Built, 1);
  PfSections sections;
  gboolean done;

  built->sources = g_steal_pointer (&self->sources);
  built->names = g_steal_pointer (&self->names);
  done = build (self, built, error);
  g_clear_pointer (&self->batch, pf_batch_free);
  if (!done) {
    built_free (built);
    return NULL;
  }
  sections = sections_of (built);
  return pf_glossary_new (&sections, &(PfSourceRules){ 0 }, built, built_free);
}
