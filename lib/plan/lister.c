#include "plan/lister.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/line_reader.h"
#include "plan/walk.h"

/* Longer than any name that the system accepts. */
#define NAME_MAX_BYTES ((gsize)64 << 10)

typedef struct {
  const PfListerOptions *options;
  PfWalk *walk; /* NULL without recursion */
} Lister;

static gboolean
emit_error (Lister *self, PfListed *listed, PfError *error)
{
  listed->error = error;
  return self->options->emit (listed, self->options->user);
}

static gboolean
is_directory (const Lister *self, const char *name)
{
  struct stat st;

  return pf_retry_stat (self->options->retry, name, TRUE, &st) == 0 &&
         S_ISDIR (st.st_mode);
}

static gboolean
emit_walked (const char *name, PfError *error, gpointer user)
{
  Lister *self = user;
  PfListed listed = { .name = name, .error = error };

  if (self->options->cancel != NULL && pf_cancel_is_set (self->options->cancel))
    return FALSE;
  return self->options->emit (&listed, self->options->user);
}

static gboolean
emit_name (Lister *self, PfListed *listed)
{
  g_auto (PfError) error = { 0 };

  if (listed->name[0] == '\0') {
    pf_error_set (&error, PF_STATUS_NO_INPUT, "empty file name");
    return emit_error (self, listed, &error);
  }
  if (self->walk != NULL && is_directory (self, listed->name))
    return !pf_globs_take_directory (&self->options->globs, listed->name) ||
           pf_walk_directory (self->walk, listed->name, emit_walked, self);
  if (!pf_globs_take_file (&self->options->globs, listed->name))
    return TRUE;
  if (self->walk != NULL && !pf_walk_first_visit (self->walk, listed->name))
    return TRUE;
  return self->options->emit (listed, self->options->user);
}

/* A name as it stood in a list: what cannot be a name is an error. */
static gboolean
emit_line (Lister *self, PfSpan line, PfLineResult result,
           gboolean stdin_listed)
{
  g_autofree char *name = g_strndup ((const char *)line.data, line.len);
  PfListed listed = { .name = name, .stdin_listed = stdin_listed };
  g_auto (PfError) error = { 0 };

  if (result == PF_LINE_TOO_LONG)
    pf_error_set_errno (&error, ENAMETOOLONG);
  else if (strlen (name) < line.len)
    pf_error_set (&error, PF_STATUS_NO_INPUT,
                  "NUL byte in a file name (names that end in NUL need -0)");
  if (pf_error_is_set (&error))
    return emit_error (self, &listed, &error);
  return emit_name (self, &listed);
}

/* A list that could not be read, or had nothing in it. */
static gboolean
emit_list_error (Lister *self, const char *name, PfError *error)
{
  PfListed listed = { .name = name, .is_list = TRUE };

  return emit_error (self, &listed, error);
}

/* ST is of what FD is open on; NULL of standard input. */
static PfLineReader *
new_reader (const PfListerOptions *o, const char *name, int fd,
            const struct stat *st)
{
  PfLineReaderOptions options = { .fd = fd,
                                  .delimiter = o->null_delimited ? 0 : '\n',
                                  .max = NAME_MAX_BYTES,
                                  .cancel = o->cancel,
                                  .on_wait = o->on_wait,
                                  .user = o->user,
                                  .retry = o->retry };

  if (st != NULL) {
    options.path = name;
    options.state = pf_file_state_of (st);
  }
  return pf_line_reader_new (&options);
}

/* ST as in new_reader. */
static gboolean
read_list (Lister *self, const char *name, int fd, const struct stat *st)
{
  g_autoptr (PfLineReader) reader = new_reader (self->options, name, fd, st);
  g_auto (PfError) error = { 0 };
  PfLineResult result;
  PfSpan line;
  guint64 n = 0;

  while ((result = pf_line_reader_next (reader, &line, &error)) == PF_LINE_OK ||
         result == PF_LINE_TOO_LONG) {
    n++;
    if (!emit_line (self, line, result, st == NULL))
      return FALSE;
  }
  if (result == PF_LINE_END && n == 0)
    pf_error_set (&error, PF_STATUS_DATA, "list has no names");
  if (pf_error_is_set (&error))
    return emit_list_error (self, name, &error);
  return result == PF_LINE_END;
}

static gboolean
open_list (Lister *self, const char *name)
{
  g_auto (PfError) error = { 0 };
  gboolean going_on;
  struct stat st;
  int fd;

  if (strcmp (name, "-") == 0)
    return read_list (self, PF_STDIN_NAME, STDIN_FILENO, NULL);
  /* Without O_NONBLOCK, a FIFO would wait for its writer where nothing could
   * wake the thread. */
  fd = pf_retry_open (self->options->retry, name,
                      O_RDONLY | O_NONBLOCK | O_CLOEXEC, &st);
  if (fd < 0) {
    pf_error_set_errno (&error, errno);
    return emit_list_error (self, name, &error);
  }
  going_on = read_list (self, name, fd, &st);
  close (fd);
  return going_on;
}

static gboolean
list_input (Lister *self, const PfInput *input)
{
  PfListed listed = { .name = input->name };

  if (input->is_list)
    return open_list (self, input->name);
  if (strcmp (input->name, "-") != 0)
    return emit_name (self, &listed);
  listed.name = PF_STDIN_NAME;
  listed.is_stdin = TRUE;
  return self->options->emit (&listed, self->options->user);
}

gboolean
pf_list_inputs (const PfListerOptions *options)
{
  PfWalkOptions walk = { .follow = options->follow,
                         .hidden = options->hidden,
                         .globs = options->globs,
                         .retry = options->retry };
  Lister self = { .options = options };
  gboolean going_on = TRUE;

  if (options->recursive)
    self.walk = pf_walk_new (&walk);
  for (gsize i = 0; going_on && i < options->n_inputs; i++)
    going_on = list_input (&self, &options->inputs[i]);
  pf_walk_free (self.walk);
  return going_on;
}

gboolean
pf_inputs_are_known (const PfInput *inputs, gsize n_inputs)
{
  struct stat st;

  for (gsize i = 0; i < n_inputs; i++) {
    if (!inputs[i].is_list)
      continue;
    if (strcmp (inputs[i].name, "-") == 0 ||
        (stat (inputs[i].name, &st) == 0 && !S_ISREG (st.st_mode) &&
         !S_ISDIR (st.st_mode)))
      return FALSE;
  }
  return TRUE;
}
