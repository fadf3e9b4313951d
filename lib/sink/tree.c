#include "sink/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef SYS_openat2
#include <linux/openat2.h>
#endif

#include "base/retry_file.h"
#include "base/write.h"

#define FOLDER_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define PERMISSIONS ((mode_t)0777)

struct PfTree {
  int root;
  PfRetry *retry;
  PfPlacedFile *file;
  GString *folder; /* of the last file, below the root */
  int folder_fd;   /* -1: none */
};

/* What stands between slashes, for as long as there is any. */
static gboolean
next_part (const char **rest, PfSpan *part)
{
  const char *p = *rest + strspn (*rest, "/");
  gsize len = strcspn (p, "/");

  *part = (PfSpan){ (const guint8 *)p, len };
  *rest = p + len;
  return len > 0;
}

char *
pf_tree_place (const char *name, PfError *error)
{
  g_autoptr (GString) place = g_string_new (NULL);
  const char *rest = name;
  const char *wrong = name[0] == '/' ? "is absolute" : NULL;
  PfSpan part;

  while (wrong == NULL && next_part (&rest, &part)) {
    if (pf_span_equal (part, pf_span_str ("..")))
      wrong = "has \"..\"";
    if (pf_span_equal (part, pf_span_str (".")))
      continue;
    if (place->len > 0)
      g_string_append_c (place, '/');
    g_string_append_len (place, (const char *)part.data, (gssize)part.len);
  }
  if (wrong == NULL && place->len == 0)
    wrong = "names no file";
  if (wrong == NULL)
    return g_strdup (place->str);
  pf_error_set (error, PF_STATUS_CANT_CREATE,
                "has no place in the output folder: the name %s", wrong);
  return NULL;
}

PfTree *
pf_tree_new (int root, PfRetry *retry)
{
  PfTree *self = g_new0 (PfTree, 1);

  self->root = root;
  self->retry = retry;
  self->file = pf_placed_file_new ();
  self->folder = g_string_new (NULL);
  self->folder_fd = -1;
  return self;
}

static void
close_folder (PfTree *self)
{
  if (self->folder_fd >= 0)
    close (self->folder_fd);
  self->folder_fd = -1;
}

void
pf_tree_free (PfTree *self)
{
  if (self == NULL)
    return;
  pf_placed_file_free (self->file);
  close_folder (self);
  g_string_free (self->folder, TRUE);
  g_free (self);
}

/* All of the way at once, where the system can and the folder is there. */
static int
open_way (const PfTree *self, const char *folder)
{
#ifdef SYS_openat2
  struct open_how how = { .flags = FOLDER_FLAGS,
                          .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
                                     RESOLVE_NO_MAGICLINKS };

  return (int)syscall (SYS_openat2, self->root, folder, &how, sizeof how);
#else
  (void)self;
  (void)folder;
  return -1;
#endif
}

/* Opens the folder NAME in FOLDER, which is made where it is not there; others
 * may make it at the same time. */
static int
open_or_make (int folder, const char *name)
{
  int fd = openat (folder, name, FOLDER_FLAGS);

  if (fd >= 0 || errno != ENOENT)
    return fd;
  if (mkdirat (folder, name, PERMISSIONS) != 0 && errno != EEXIST)
    return -1;
  return openat (folder, name, FOLDER_FLAGS);
}

/* Step by step, so that no symbolic link leads anywhere. */
static int
walk_way (const PfTree *self, const char *folder)
{
  const char *rest = folder;
  int fd = self->root;
  PfSpan part;

  while (fd >= 0 && next_part (&rest, &part)) {
    g_autofree char *name = g_strndup ((const char *)part.data, part.len);
    int next = open_or_make (fd, name), errnum = errno;

    if (fd != self->root)
      close (fd);
    fd = next;
    errno = errnum;
  }
  return fd;
}

/* The folder of files is kept until there is one in another. */
static gboolean
enter (PfTree *self, PfSpan folder, PfError *error)
{
  if (self->folder_fd >= 0 &&
      pf_span_equal (folder, (PfSpan){ (const guint8 *)self->folder->str,
                                       self->folder->len }))
    return TRUE;
  close_folder (self);
  g_string_truncate (self->folder, 0);
  g_string_append_len (self->folder, (const char *)folder.data,
                       (gssize)folder.len);
  self->folder_fd = open_way (self, self->folder->str);
  if (self->folder_fd < 0)
    self->folder_fd = walk_way (self, self->folder->str);
  if (self->folder_fd >= 0)
    return TRUE;
  if (errno == ENOTDIR || errno == ELOOP)
    pf_error_set (error, PF_STATUS_CANT_CREATE,
                  "no folder, or a symbolic link");
  else
    pf_error_set_system (error,
                         pf_status_from_errno (errno) == PF_STATUS_TEMPORARY
                             ? PF_STATUS_TEMPORARY
                             : PF_STATUS_CANT_CREATE,
                         errno);
  pf_error_prefix (error, self->folder->str);
  pf_error_prefix (error, "output folder");
  return FALSE;
}

/* The umask is for those who do not say what they want. */
static gboolean
set_mode (PfTree *self, mode_t mode, PfError *error)
{
  int fd = pf_placed_file_fd (self->file);
  struct stat st;

  if (fstat (fd, &st) == 0 && (st.st_mode & PERMISSIONS) == mode)
    return TRUE;
  if (fchmod (fd, mode) == 0)
    return TRUE;
  pf_error_set_system (error, PF_STATUS_CANT_CREATE, errno);
  pf_placed_file_drop (self->file);
  return FALSE;
}

static gboolean
open_once (PfTree *self, const char *place, mode_t mode, PfError *error)
{
  PfSpan all = pf_span_str (place);
  const char *slash = strrchr (place, '/');
  gsize len = slash != NULL ? (gsize)(slash - place) : 0;
  const char *name = slash != NULL ? slash + 1 : place;
  int folder = self->root;

  mode &= PERMISSIONS;
  if (len > 0) {
    if (!enter (self, pf_span_sub (all, 0, len), error))
      return FALSE;
    folder = self->folder_fd;
  }
  return pf_placed_file_open (self->file, folder, name, mode, error) &&
         set_mode (self, mode, error);
}

/* Who tries again keeps nothing meanwhile that another may be waiting for; so
 * what was opened on the way to a failure comes back soon, too. */
gboolean
pf_tree_open (PfTree *self, const char *place, mode_t mode, PfError *error)
{
  PfTries tries = { 0 };

  for (;;) {
    g_auto (PfError) failure = { 0 };
    gboolean opened;

    pf_retry_hold (self->retry);
    opened = open_once (self, place, mode, &failure);
    if (!opened)
      close_folder (self);
    pf_retry_let_go (self->retry);
    if (opened)
      return TRUE;
    if (pf_retry_again (self->retry, &tries, failure.errnum))
      continue;
    pf_error_move (error, &failure);
    return FALSE;
  }
}

gboolean
pf_tree_is_open (const PfTree *self)
{
  return pf_placed_file_is_open (self->file);
}

gboolean
pf_tree_write (PfTree *self, PfSpan bytes, PfError *error)
{
  return pf_write_all (pf_placed_file_fd (self->file), bytes, error);
}

gboolean
pf_tree_commit (PfTree *self, PfError *error)
{
  return pf_placed_file_place (self->file, error);
}

/* Where descriptors are few, that of the folder goes, too. */
void
pf_tree_drop (PfTree *self)
{
  pf_placed_file_drop (self->file);
  if (self->folder_fd >= 0 && !pf_descriptor_may_wait (self->folder_fd))
    close_folder (self);
}

void
pf_tree_discard (PfTree *self)
{
  pf_placed_file_discard (self->file);
}
