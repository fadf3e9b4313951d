#include "plan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file_id.h"
#include "base/retry_file.h"

struct PfWalk {
  PfWalkOptions options;
  GHashTable *seen; /* PfFileId (owned) -> itself */
};

/* One name in a directory. */
typedef struct {
  unsigned char type; /* as in struct dirent */
  char name[];
} Name;

typedef struct {
  PfWalk *walk;
  PfWalkFunc func;
  gpointer user;
} Visit;

PfWalk *
pf_walk_new (const PfWalkOptions *options)
{
  PfWalk *self = g_new0 (PfWalk, 1);

  self->options = *options;
  self->seen = g_hash_table_new_full (pf_file_id_hash, pf_file_id_key_equal,
                                      g_free, NULL);
  return self;
}

void
pf_walk_free (PfWalk *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->seen);
  g_free (self);
}

static gboolean
remember (PfWalk *self, const struct stat *st)
{
  PfFileId id = pf_file_id_of (st);

  return !self->options.follow ||
         g_hash_table_add (self->seen, g_memdup2 (&id, sizeof id));
}

gboolean
pf_walk_first_visit (PfWalk *self, const char *name)
{
  struct stat st;

  return !self->options.follow ||
         pf_retry_stat (self->options.retry, name, TRUE, &st) != 0 ||
         remember (self, &st);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const Name *const *x = a, *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

static gboolean
is_wanted (const PfWalk *self, const char *name)
{
  if (strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    return FALSE;
  return self->options.hidden || name[0] != '.';
}

static Name *
name_new (const struct dirent *entry)
{
  gsize size = strlen (entry->d_name) + 1;
  Name *name = g_malloc (sizeof (Name) + size);

  name->type = entry->d_type;
  memcpy (name->name, entry->d_name, size);
  return name;
}

static DIR *
open_directory (const PfWalk *self, const char *path, PfTries *tries)
{
  DIR *dir;

  do
    dir = opendir (path);
  while (dir == NULL && (errno == EINTR ||
                         pf_retry_again (self->options.retry, tries, errno)));
  return dir;
}

/* The next entry; NULL with errno as 0 at the end. A read that is tried again
 * goes on where the last one stood. */
static struct dirent *
next_entry (const PfWalk *self, DIR *dir)
{
  PfTries tries = { 0 };
  struct dirent *entry;

  do {
    errno = 0;
    entry = readdir (dir);
  } while (entry == NULL && errno != 0 && errno != ESTALE &&
           pf_retry_again (self->options.retry, &tries, errno));
  return entry;
}

/* All that is wanted of a directory, sorted; NULL with errno. The directory is
 * closed before anything below it is opened, so that depth costs no
 * descriptors. */
static GPtrArray *
read_once (const PfWalk *self, const char *path, PfTries *tries)
{
  DIR *dir = open_directory (self, path, tries);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct dirent *entry;
  int errnum;

  if (dir == NULL)
    return NULL;
  while ((entry = next_entry (self, dir)) != NULL)
    if (is_wanted (self, entry->d_name))
      g_ptr_array_add (names, name_new (entry));
  errnum = errno;
  closedir (dir);
  errno = errnum;
  if (errnum != 0)
    return NULL;
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/* The same; NULL with ERROR. What went stale is read anew from its start: none
 * of its names is out yet. */
static GPtrArray *
read_directory (const PfWalk *self, const char *path, PfError *error)
{
  PfTries tries = { 0 };
  GPtrArray *names;

  do
    names = read_once (self, path, &tries);
  while (names == NULL && errno == ESTALE &&
         pf_retry_again (self->options.retry, &tries, errno));
  if (names == NULL)
    pf_error_set_errno (error, errno);
  return names;
}

static char *
join (const char *directory, const char *name)
{
  gsize len = strlen (directory);

  if (strcmp (directory, PF_CURRENT_DIRECTORY) == 0)
    return g_strdup (name);
  return g_strconcat (
      directory, len > 0 && directory[len - 1] == '/' ? "" : "/", name, NULL);
}

static gboolean
report (const Visit *visit, const char *path, int errnum)
{
  g_auto (PfError) error = { 0 };

  pf_error_set_errno (&error, errnum);
  return visit->func (path, &error, visit->user);
}

/* Whether what is at PATH counts, and is visited for the first time; ST is of
 * what links lead to, or NULL where they are not followed. */
static gboolean
takes (PfWalk *walk, const char *path, unsigned char type,
       const struct stat *st)
{
  const PfGlobs *globs = &walk->options.globs;

  if (type == DT_DIR ? !pf_globs_take_directory (globs, path)
                     : !pf_globs_take_file (globs, path))
    return FALSE;
  return st == NULL || (type != DT_REG && type != DT_DIR) ||
         remember (walk, st);
}

/* The file's type where it matters, as a struct dirent says it, and whether it
 * is to be visited. Returns an error number, or 0. */
static int
find_type (PfWalk *walk, const char *path, unsigned char *type, gboolean *taken)
{
  gboolean follow = walk->options.follow;
  struct stat st;

  if (!follow && *type != DT_UNKNOWN) {
    *taken = takes (walk, path, *type, NULL);
    return 0;
  }
  if (pf_retry_stat (walk->options.retry, path, follow, &st) != 0) {
    *taken = pf_globs_take_file (&walk->options.globs, path);
    return errno;
  }
  *type = S_ISREG (st.st_mode)   ? DT_REG
          : S_ISDIR (st.st_mode) ? DT_DIR
                                 : DT_LNK;
  *taken = takes (walk, path, *type, &st);
  return 0;
}

static gboolean walk_names (const Visit *visit, const char *directory);

static gboolean
visit_name (const Visit *visit, const char *path, unsigned char type)
{
  gboolean taken;
  int errnum = find_type (visit->walk, path, &type, &taken);

  if (!taken)
    return TRUE;
  if (errnum != 0)
    return report (visit, path, errnum);
  if (type == DT_DIR)
    return walk_names (visit, path);
  return type != DT_REG || visit->func (path, NULL, visit->user);
}

static gboolean
walk_names (const Visit *visit, const char *directory)
{
  g_auto (PfError) error = { 0 };
  g_autoptr (GPtrArray) names = read_directory (visit->walk, directory, &error);

  if (names == NULL)
    return visit->func (directory, &error, visit->user);
  for (guint i = 0; i < names->len; i++) {
    const Name *name = g_ptr_array_index (names, i);
    g_autofree char *path = join (directory, name->name);

    if (!visit_name (visit, path, name->type))
      return FALSE;
  }
  return TRUE;
}

gboolean
pf_walk_directory (PfWalk *self, const char *name, PfWalkFunc func,
                   gpointer user)
{
  Visit visit = { self, func, user };

  if (!pf_walk_first_visit (self, name))
    return TRUE;
  return walk_names (&visit, name);
}
