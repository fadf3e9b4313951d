#include "glossary/csv_columns.h"

#include <string.h>

#include "glossary/format.h"
#include "glossary/stream_format.h"

#define NO_COLUMN G_MAXUINT

const char *const pf_csv_keys[] = { "term", "value", "label", "delim", NULL };

/* One byte; ASCII, so that it is never part of a character. */
static gboolean
parse_delimiter (const char *text, guint8 *delimiter)
{
  static const struct {
    const char *name;
    guint8 byte;
  } names[] = { { "comma", ',' }, { "semicolon", ';' }, { "tab", '\t' },
                { "pipe", '|' },  { "colon", ':' },     { "space", ' ' } };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].name, text) == 0) {
      *delimiter = names[i].byte;
      return TRUE;
    }
  *delimiter = (guint8)text[0];
  return strlen (text) == 1 && *delimiter < 0x80 &&
         strchr ("\"\r\n", text[0]) == NULL;
}

/* Whether TEXT is a number; N then is what it says, or 0 where that is no
 * number of a column. */
static gboolean
parse_number (const char *text, guint *n)
{
  guint64 value;

  *n = 0;
  if (text[0] == '\0' || text[strspn (text, "0123456789")] != '\0')
    return FALSE;
  value = g_ascii_strtoull (text, NULL, 10);
  if (value < NO_COLUMN)
    *n = (guint)value;
  return TRUE;
}

static const char *const column_names[] = { "term", "value", "label", "case",
                                            "boundary" };
#define N_KEYS 3 /* of the columns, the first ones */

static gboolean
check_column (const PfSource *source, const char *key, PfError *error)
{
  const char *value = pf_source_key (source, key);
  guint n;

  if (value == NULL ||
      (value[0] != '\0' && (!parse_number (value, &n) || n > 0)))
    return TRUE;
  return pf_error_set (error, PF_STATUS_USAGE,
                       "%s must be the name or number of a column: %s=%s", key,
                       key, value);
}

gboolean
pf_csv_check_keys (const PfSource *source, PfError *error)
{
  const char *delimiter = pf_source_key (source, "delim");
  guint8 byte;

  for (guint i = 0; i < N_KEYS; i++)
    if (!check_column (source, column_names[i], error))
      return FALSE;
  return delimiter == NULL || parse_delimiter (delimiter, &byte) ||
         pf_error_set (error, PF_STATUS_USAGE,
                       "delim must be one byte, or comma, semicolon, tab, "
                       "pipe, colon or space: delim=%s",
                       delimiter);
}

guint8
pf_csv_delimiter (const PfSource *source)
{
  const char *text = pf_source_key (source, "delim");
  guint8 delimiter = ',';

  if (text != NULL)
    parse_delimiter (text, &delimiter);
  return delimiter;
}

static gboolean
is_named (PfSpan cell, const char *name)
{
  cell = pf_line_strip (cell);
  return cell.len == strlen (name) &&
         g_ascii_strncasecmp ((const char *)cell.data, name, cell.len) == 0;
}

/* The first column from FROM on that is called NAME. */
static guint
find_column (const PfCsvRow *row, guint from, const char *name)
{
  for (guint i = from; i < row->n; i++)
    if (is_named (row->cells[i], name))
      return i;
  return NO_COLUMN;
}

/* FALSE where NAME could mean two columns; where it means none, *AT says so. */
static gboolean
name_column (const PfCsvRow *row, const char *name, guint *at, PfError *error)
{
  *at = find_column (row, 0, name);
  return *at == NO_COLUMN || find_column (row, *at + 1, name) == NO_COLUMN ||
         pf_stream_fail (row->line, error, "two columns are called %s", name);
}

/* The keys that say where the columns are. */
typedef struct {
  const char *of[N_KEYS];
  guint numbers[N_KEYS]; /* 0: a name */
  gboolean any, any_name;
} Keys;

static Keys
keys_of (const PfSource *source)
{
  Keys keys = { 0 };

  for (guint i = 0; i < N_KEYS; i++) {
    keys.of[i] = pf_source_key (source, column_names[i]);
    if (keys.of[i] == NULL)
      continue;
    keys.any = TRUE;
    keys.any_name |= !parse_number (keys.of[i], &keys.numbers[i]);
  }
  return keys;
}

/* FALSE where a column has a name that none, or two, of the cells of the first
 * ROW have. */
static gboolean
settle_by_keys (PfCsvColumns *self, const PfCsvRow *row, const Keys *keys,
                PfError *error)
{
  for (guint i = 0; i < N_KEYS; i++) {
    const char *name = keys->of[i];

    if (name == NULL && i == PF_CSV_TERM)
      name = column_names[i];
    if (keys->numbers[i] > 0)
      self->at[i] = keys->numbers[i] - 1;
    else if (name != NULL && !self->has_header)
      self->at[i] = 0;
    else if (name != NULL && !name_column (row, name, &self->at[i], error))
      return FALSE;
    if (name != NULL && self->at[i] == NO_COLUMN)
      return pf_stream_fail (row->line, error, "no column is called %s", name);
    /* A later row may lack its last cells; of terms each row is asked. */
    if (i != PF_CSV_TERM && keys->numbers[i] > row->n)
      return pf_stream_fail (row->line, error,
                             "no column %u, which is to hold the %s",
                             keys->numbers[i], column_names[i]);
  }
  return TRUE;
}

gboolean
pf_csv_settle (PfCsvColumns *self, const PfSource *source, const PfCsvRow *row,
               PfError *error)
{
  Keys keys = keys_of (source);

  *self = (PfCsvColumns){ 0 };
  for (guint i = 0; i < PF_CSV_N_COLUMNS; i++)
    self->at[i] = NO_COLUMN;
  self->has_header = keys.any_name || find_column (row, 0, "term") != NO_COLUMN;
  if (keys.any)
    return settle_by_keys (self, row, &keys, error);
  self->has_rules = !self->has_header;
  for (guint i = 0; i < PF_CSV_N_COLUMNS; i++)
    if (!self->has_header)
      self->at[i] = i < N_KEYS ? i : NO_COLUMN;
    else if (!name_column (row, column_names[i], &self->at[i], error))
      return FALSE;
  return TRUE;
}

static PfSpan
cell_at (const PfCsvColumns *columns, const PfCsvRow *row, guint column)
{
  guint at = columns->at[column];

  return at < row->n ? row->cells[at] : (PfSpan){ NULL, 0 };
}

static gboolean
bad_cell (PfError *error, const char *what, PfSpan cell)
{
  return pf_error_set (error, PF_STATUS_DATA, "%s: %.*s", what,
                       (int)MIN (cell.len, 60), (const char *)cell.data);
}

static gboolean
take_rules (const PfCsvColumns *columns, const PfCsvRow *row, PfEntry *entry,
            PfError *error)
{
  PfSpan case_cell = pf_line_strip (cell_at (columns, row, PF_CSV_CASE));
  PfSpan boundary_cell =
      pf_line_strip (cell_at (columns, row, PF_CSV_BOUNDARY));

  if (case_cell.len > 0 && !pf_case_parse (case_cell, &entry->case_rule))
    return bad_cell (error, "unknown rule in column case", case_cell);
  if (boundary_cell.len > 0 &&
      !pf_boundary_parse (boundary_cell, &entry->boundary))
    return bad_cell (error, "unknown rule in column boundary", boundary_cell);
  for (guint i = N_KEYS; columns->has_rules && i < row->n; i++)
    if (!pf_rule_parse (pf_line_strip (row->cells[i]), entry, error))
      return FALSE;
  return TRUE;
}

gboolean
pf_csv_entry (const PfCsvColumns *columns, const PfCsvRow *row, PfEntry *entry,
              PfError *error)
{
  *entry = (PfEntry){ .term = cell_at (columns, row, PF_CSV_TERM),
                      .value = cell_at (columns, row, PF_CSV_VALUE),
                      .label = cell_at (columns, row, PF_CSV_LABEL) };
  if (columns->at[PF_CSV_TERM] >= row->n)
    return pf_error_set (error, PF_STATUS_DATA,
                         "no column %u, which is to hold the term",
                         columns->at[PF_CSV_TERM] + 1);
  return take_rules (columns, row, entry, error);
}
