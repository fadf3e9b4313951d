#include "plan/names.h"

typedef struct {
  gsize at; /* of the name, in texts */
  guint64 is_stdin : 1;
  guint64 is_list : 1;
  guint64 is_done : 1;
  guint64 stdin_number : 61;
  PfError *error; /* owned; rarely there */
} Record;

struct PfNames {
  GString *texts;  /* names, each with its NUL */
  GArray *records; /* Record */
};

PfNames *
pf_names_new (void)
{
  PfNames *self = g_new0 (PfNames, 1);

  self->texts = g_string_new (NULL);
  self->records = g_array_new (FALSE, FALSE, sizeof (Record));
  return self;
}

static void
free_error (PfError *error)
{
  if (error == NULL)
    return;
  pf_error_clear (error);
  g_free (error);
}

void
pf_names_free (PfNames *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->records->len; i++)
    free_error (g_array_index (self->records, Record, i).error);
  g_array_unref (self->records);
  g_string_free (self->texts, TRUE);
  g_free (self);
}

void
pf_names_add (PfNames *self, const PfListed *listed, guint64 stdin_number)
{
  Record record = { .at = self->texts->len,
                    .is_stdin = listed->is_stdin != FALSE,
                    .is_list = listed->is_list != FALSE,
                    .is_done = listed->is_done != FALSE,
                    .stdin_number = stdin_number };

  g_string_append_len (self->texts, listed->name,
                       (gssize)strlen (listed->name) + 1);
  if (listed->error != NULL) {
    record.error = g_new0 (PfError, 1);
    pf_error_move (record.error, listed->error);
  }
  g_array_append_val (self->records, record);
}

gsize
pf_names_n (const PfNames *self)
{
  return self->records->len;
}

PfName
pf_names_get (const PfNames *self, gsize i)
{
  const Record *record = &g_array_index (self->records, Record, i);

  return (PfName){ .name = self->texts->str + record->at,
                   .is_stdin = record->is_stdin,
                   .is_list = record->is_list,
                   .is_done = record->is_done,
                   .stdin_number = record->stdin_number,
                   .error = record->error };
}
