#include "glossary/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/retry_file.h"
#include "glossary/container.h"

/* Names of sources are gathered in memory when images are put together. */
#define NAMES_MAX ((gsize)16 << 20)

typedef struct {
  PfIndexNumbers numbers;
  guint32 n_entries;
  guint32 n_shields;
} Numbers;

/* The sections by number; part of the format. */
enum {
  NUMBERS = 1,
  FILTER,
  CHAINS,
  TABLE,
  ITEMS,
  SHAPES,
  LOOSE,
  ITEM_OF,
  FIRST_EQUAL,
  TEXTS,
  STRINGS,
  SOURCES,
  NAMES,
  ANYWHERE,
  ANYWHERE_IGNORE
};

static const char *const section_names[] = {
  [NUMBERS] = "numbers",
  [FILTER] = "filter",
  [CHAINS] = "chains",
  [TABLE] = "table",
  [ITEMS] = "items",
  [SHAPES] = "shapes",
  [LOOSE] = "loose",
  [ITEM_OF] = "item-of",
  [FIRST_EQUAL] = "first-equal",
  [TEXTS] = "texts",
  [STRINGS] = "strings",
  [SOURCES] = "sources",
  [NAMES] = "names",
  [ANYWHERE] = "anywhere",
  [ANYWHERE_IGNORE] = "anywhere-i",
};

/* What a glossary from an image lives on. */
typedef struct {
  PfContainer container;
  const guint8 *mapping; /* NULL: the bytes are another's */
  gsize mapping_len;
} Image;

static void
image_free (gpointer data)
{
  Image *self = data;

  if (self->mapping != NULL)
    munmap ((gpointer)self->mapping, self->mapping_len);
  g_free (self);
}

/* The section of that number, which must be N times SIZE bytes long, or may be
 * missing where it is OPTIONAL. */
static gboolean
take (const Image *self, guint32 id, guint64 n, gsize size, gboolean optional,
      PfSpan *bytes)
{
  *bytes = pf_container_find (&self->container, id);
  return (bytes->len % size == 0 && bytes->len / size == n) ||
         (optional && bytes->len == 0);
}

static gboolean
take_numbers (const Image *self, PfSections *sections)
{
  PfSpan bytes;
  Numbers numbers;

  if (!take (self, NUMBERS, 1, sizeof numbers, FALSE, &bytes))
    return FALSE;
  memcpy (&numbers, bytes.data, sizeof numbers);
  sections->index.numbers = numbers.numbers;
  sections->n_entries = numbers.n_entries;
  sections->n_shields = numbers.n_shields;
  return numbers.n_entries < G_MAXUINT32 && numbers.numbers.n_filter > 0 &&
         numbers.numbers.n_chains >= PF_LINE_WORDS &&
         numbers.numbers.n_groups > 0;
}

/* As the sections refer to the image's bytes, they are not copied. */
static gboolean
take_index (const Image *self, PfSections *sections)
{
  PfIndex *index = &sections->index;
  PfSpan filter, chains, table, shapes, loose;

  if (!take (self, FILTER, index->numbers.n_filter, 8, FALSE, &filter) ||
      !take (self, CHAINS, index->numbers.n_chains, 8, FALSE, &chains) ||
      !take (self, TABLE, pf_table_words (index->numbers.n_groups), 4, FALSE,
             &table))
    return FALSE;
  index->items = pf_container_find (&self->container, ITEMS);
  shapes = pf_container_find (&self->container, SHAPES);
  loose = pf_container_find (&self->container, LOOSE);
  index->filter = (const guint64 *)(gconstpointer)filter.data;
  index->chains = (const guint64 *)(gconstpointer)chains.data;
  index->table = (const guint32 *)(gconstpointer)table.data;
  index->shapes = (const PfShape *)(gconstpointer)shapes.data;
  index->n_shapes = shapes.len / sizeof (PfShape);
  index->loose = (const guint32 *)(gconstpointer)loose.data;
  index->n_loose = loose.len / sizeof (guint32);
  return shapes.len % sizeof (PfShape) == 0 &&
         loose.len % sizeof (guint32) == 0 &&
         index->n_shapes <= sections->n_entries &&
         index->n_loose <= sections->n_entries;
}

static gboolean
take_entries (const Image *self, PfSections *sections)
{
  guint64 n = sections->n_entries;
  PfSpan item_of, first_equal, texts, sources;

  if (!take (self, ITEM_OF, n, 4, FALSE, &item_of) ||
      !take (self, FIRST_EQUAL, n, 4, TRUE, &first_equal) ||
      !take (self, TEXTS, n + 1, 8, TRUE, &texts))
    return FALSE;
  sources = pf_container_find (&self->container, SOURCES);
  sections->item_of = (const guint32 *)(gconstpointer)item_of.data;
  sections->first_equal = (const guint32 *)(gconstpointer)first_equal.data;
  sections->texts = (const guint64 *)(gconstpointer)texts.data;
  sections->strings = pf_container_find (&self->container, STRINGS);
  sections->sources = (const PfSourceRow *)(gconstpointer)sources.data;
  sections->n_sources = sources.len / sizeof (PfSourceRow);
  sections->names = pf_container_find (&self->container, NAMES);
  for (guint i = 0; i < PF_ANYWHERE_SECTIONS; i++)
    sections->anywhere[i] = pf_container_find (&self->container, ANYWHERE + i);
  return sources.len % sizeof (PfSourceRow) == 0 &&
         sections->names.len <= NAMES_MAX;
}

static gboolean
take_all (Image *self, PfSpan bytes, PfSections *sections, PfError *error)
{
  if (!pf_container_open (&self->container, bytes, error))
    return FALSE;
  if (take_numbers (self, sections) && take_index (self, sections) &&
      take_entries (self, sections))
    return TRUE;
  return pf_error_set (error, PF_STATUS_DATA,
                       "the image is damaged: a section has a wrong size");
}

/* Takes over IMAGE. */
static PfGlossary *
open_image (Image *image, PfSpan bytes, const PfSourceRules *rules,
            PfError *error)
{
  PfSections sections = { 0 };

  if (take_all (image, bytes, &sections, error))
    return pf_glossary_new (&sections, rules, image, image_free);
  image_free (image);
  return NULL;
}

PfGlossary *
pf_image_open_bytes (PfSpan bytes, const PfSourceRules *rules, PfError *error)
{
  return open_image (g_new0 (Image, 1), bytes, rules, error);
}

/* Maps what FD is open on. */
static gboolean
map (int fd, const struct stat *st, PfSpan *bytes, PfError *error)
{
  gpointer mapping;

  if (S_ISDIR (st->st_mode))
    return pf_error_set_errno (error, EISDIR);
  if (!S_ISREG (st->st_mode))
    return pf_error_set (error, PF_STATUS_DATA,
                         "an image must be a regular file");
  if (st->st_size == 0)
    return pf_error_set (error, PF_STATUS_DATA, "not a glossary image");
  mapping = mmap (NULL, (gsize)st->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (mapping == MAP_FAILED)
    return pf_error_set_errno (error, errno);
  *bytes = (PfSpan){ mapping, (gsize)st->st_size };
  return TRUE;
}

static int
open_stdin (struct stat *st)
{
  return fstat (STDIN_FILENO, st) == 0 ? STDIN_FILENO : -1;
}

PfGlossary *
pf_image_open (const char *path, const PfSourceRules *rules, PfRetry *retry,
               PfError *error)
{
  gboolean is_stdin = strcmp (path, "-") == 0, mapped;
  struct stat st;
  int fd = is_stdin ? open_stdin (&st)
                    : pf_retry_open (retry, path, O_RDONLY | O_CLOEXEC, &st);
  PfSpan bytes;
  Image *image;

  if (fd < 0) {
    pf_error_set_errno (error, errno);
    return NULL;
  }
  mapped = map (fd, &st, &bytes, error);
  if (!is_stdin)
    close (fd);
  if (!mapped)
    return NULL;
  image = g_new0 (Image, 1);
  image->mapping = bytes.data;
  image->mapping_len = bytes.len;
  return open_image (image, bytes, rules, error);
}

gboolean
pf_image_check_sources (const PfSections *sections, PfError *error)
{
  guint64 end = 0;
  guint32 first = 0;

  for (gsize i = 0; i < sections->n_sources; i++) {
    const PfSourceRow *row = &sections->sources[i];

    if (row->first < first || row->first > sections->n_entries ||
        (i == 0 && row->first > 0) || row->offset != end)
      return pf_error_set (error, PF_STATUS_DATA,
                           "the image is damaged: its sources overlap");
    first = row->first;
    end += (guint64)row->name_len + row->label_len;
  }
  if (end != sections->names.len ||
      (sections->n_sources == 0 && sections->n_entries > 0))
    return pf_error_set (error, PF_STATUS_DATA,
                         "the image is damaged: its sources lack their names");
  return TRUE;
}

/* Adds entries from FIRST up to END as the present source of BUILDER. */
static gboolean
add_entries (const PfGlossary *image, PfGlossaryBuilder *builder, gsize first,
             gsize end, PfError *error)
{
  const PfSections *sections = pf_glossary_sections (image);
  PfSourceRules rules = pf_glossary_rules (image);

  for (gsize i = first; i < end; i++) {
    PfEntry entry = pf_glossary_entry (image, i);

    /* A label that is the source's stays so. */
    pf_sections_text (sections, (guint32)i, &entry.value, &entry.label);
    rules.default_case = pf_glossary_default_case (image, i);
    rules.default_boundary = pf_glossary_default_boundary (image, i);
    pf_batch_set_rules (pf_glossary_builder_batch (builder), &rules);
    if (!pf_glossary_builder_add (builder, &entry, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pf_image_add (const PfGlossary *image, PfGlossaryBuilder *builder,
              PfError *error)
{
  const PfSections *sections = pf_glossary_sections (image);

  if (!pf_image_check_sources (sections, error))
    return FALSE;
  for (gsize i = 0; i < sections->n_sources; i++) {
    PfSourceRules rules = pf_glossary_rules (image);
    g_autofree char *shown = NULL;
    PfSpan name, label;
    gsize end = i + 1 < sections->n_sources ? sections->sources[i + 1].first
                                            : sections->n_entries;

    pf_sections_source (sections, i, &name, &label);
    if (label.len > 0)
      rules.label = label;
    shown = g_strndup ((const char *)name.data, name.len);
    pf_glossary_builder_begin (builder, shown, &rules);
    if (!add_entries (image, builder, sections->sources[i].first, end, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pf_image_write (const PfGlossary *glossary, const PfSpan *anywhere, int fd,
                PfError *error)
{
  static const PfSpan none[PF_ANYWHERE_SECTIONS];
  const PfSections *s = pf_glossary_sections (glossary);
  const PfIndex *index = &s->index;
  const Numbers numbers = { .numbers = index->numbers,
                            .n_entries = s->n_entries,
                            .n_shields = s->n_shields };
  const PfSpan *more = anywhere != NULL ? anywhere : none;
  const gsize n = s->n_entries;

#define PART(id, array, len)                                                   \
  {                                                                            \
    id,                                                                        \
    {                                                                          \
      (const guint8 *)(array), len                                             \
    }                                                                          \
  }
  const PfImagePart parts[] = {
    PART (NUMBERS, &numbers, sizeof numbers),
    PART (FILTER, index->filter, index->numbers.n_filter * (gsize)8),
    PART (CHAINS, index->chains, index->numbers.n_chains * (gsize)8),
    PART (TABLE, index->table, pf_table_words (index->numbers.n_groups) * 4),
    PART (ITEMS, index->items.data, index->items.len),
    PART (SHAPES, index->shapes, index->n_shapes * sizeof (PfShape)),
    PART (LOOSE, index->loose, index->n_loose * 4),
    PART (ITEM_OF, s->item_of, n * 4),
    PART (FIRST_EQUAL, s->first_equal, s->first_equal != NULL ? n * 4 : 0),
    PART (TEXTS, s->texts, s->texts != NULL ? (n + 1) * 8 : 0),
    PART (STRINGS, s->strings.data, s->strings.len),
    PART (SOURCES, s->sources, s->n_sources * sizeof (PfSourceRow)),
    PART (NAMES, s->names.data, s->names.len),
    PART (ANYWHERE, more[0].data, more[0].len),
    PART (ANYWHERE_IGNORE, more[1].data, more[1].len),
  };
#undef PART

  if (s->names.len > NAMES_MAX)
    return pf_error_set (error, PF_STATUS_DATA,
                         "the names of the sources are too long");
  return pf_container_write (fd, parts, G_N_ELEMENTS (parts), error);
}

static const Image *
image_of (const PfGlossary *glossary)
{
  return pf_glossary_backing (glossary, image_free);
}

gboolean
pf_image_facts (const PfGlossary *glossary, PfImageFacts *facts)
{
  const Image *image = image_of (glossary);

  if (image == NULL)
    return FALSE;
  *facts = (PfImageFacts){ .version = PF_IMAGE_VERSION,
                           .unicode = image->container.unicode,
                           .size = image->container.bytes.len,
                           .n_sections = image->container.n_sections };
  return TRUE;
}

const char *
pf_image_section (const PfGlossary *glossary, guint i, gsize *len)
{
  PfImagePart part = pf_container_part (&image_of (glossary)->container, i);

  *len = part.bytes.len;
  return part.id > 0 && part.id < G_N_ELEMENTS (section_names)
             ? section_names[part.id]
             : "unknown";
}

gboolean
pf_image_check_container (const PfGlossary *glossary, PfError *error)
{
  const Image *image = image_of (glossary);

  return image == NULL || pf_container_check (&image->container, error);
}
