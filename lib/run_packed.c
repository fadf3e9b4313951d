/* Files whose text is not their bytes: compressed ones, archives.
 *
 *   file ──look──▶ plain ─────────────────────────────▶ as any other
 *                  packed ──PfUnpack──▶ look ─ text ───▶ one document
 *                                         └─── tar ──┐
 *                  tar, zip ──────────────PfArchive──┴▶ a document a member
 *
 * All of it happens in the worker that has the file; what was read ahead of it
 * is the beginning of the file, as it is there.
 */
#include "base/archive.h"
#include "run_private.h"

/* Messages of members that wait for their turn. */
#define NOTES_MOST 256
#define READ_OUT_BLOCK ((gsize)64 << 10)
/* How much of a binary is read for damage; it is never taken for a bomb. */
#define SUSPECT (PF_UNPACK_FREE / 2)

/* What is packed, looked at before it is read. */
typedef struct {
  PfByteSource rest;
  const PfUnpack *unpack; /* that it is of */
  const PfDocument *file;
  guint8 begin[PF_ARCHIVE_BYTES];
  gsize len, at;
  PfError failure; /* of the rest, behind the beginning */
  gboolean ended;
} Ahead;

static gssize
read_ahead (gpointer user, guint8 *to, gsize room, PfError *error)
{
  Ahead *self = user;
  gsize n = MIN (room, self->len - self->at);

  if (n > 0) {
    memcpy (to, self->begin + self->at, n);
    self->at += n;
    return (gssize)n;
  }
  if (pf_error_is_set (&self->failure)) {
    pf_error_move (error, &self->failure);
    return -1;
  }
  return self->ended ? 0 : pf_byte_source_read (&self->rest, to, room, error);
}

/* A PfByteWait. */
static gboolean
wait_for_more (gpointer user, int timeout)
{
  const Ahead *self = user;

  return self->at < self->len || self->ended ||
         pf_error_is_set (&self->failure) ||
         pf_unpack_has_more (self->unpack) ||
         pf_document_wait (self->file, timeout);
}

/* What the text of a packed stream begins with; no more of it than tells
 * whether that is an archive, since more may be long in coming. */
static PfSpan
look_ahead (Ahead *self)
{
  PfSpan begin = { self->begin, 0 };

  while (!self->ended && !pf_error_is_set (&self->failure) &&
         !pf_archive_is_tar_told ((PfSpan){ self->begin, self->len })) {
    gssize n =
        pf_byte_source_read (&self->rest, self->begin + self->len,
                             sizeof self->begin - self->len, &self->failure);

    self->ended = n <= 0;
    self->len += (gsize)MAX (n, 0);
  }
  begin.len = self->len;
  return begin;
}

gboolean
pf_run_look (PfDocument *file, PfSpan *begin, PfError *error)
{
  gboolean ended = FALSE;

  do
    if (!pf_document_look (file, begin, &ended, error))
      return FALSE;
  while (!ended && !pf_archive_is_told (*begin));
  return TRUE;
}

gboolean
pf_run_is_packed (PfSpan begin)
{
  return pf_packing_of (begin) != PF_PACKING_NONE ||
         pf_archive_kind_of (begin) != PF_ARCHIVE_NONE;
}

void
pf_run_work_source (PfWork *self, const PfTaskJob *job,
                    const PfByteSource *source, PfByteWait wait, PfError *error)
{
  PfDocument *file = job->document;
  PfWorker *worker = &self->run->workers[self->number];
  PfTaskJob inner = *job;

  if (worker->inner == NULL)
    worker->inner = pf_document_new (&self->run->document_options);
  if (!pf_document_open_source (worker->inner, source, wait, file, error))
    return;
  inner.document = self->document = worker->inner;
  /* Only the bytes of a pipe go over to another glossary. */
  inner.matchers = NULL;
  pf_task_process (worker->task, &inner, error);
  if (self->stats != NULL)
    self->stats->bytes += pf_task_text_bytes (worker->task);
  self->document = file;
  pf_document_close (worker->inner);
}

/* Each member is a file of its own to whoever counts. */
static void
work_member (PfWork *self, const PfTaskJob *job, const PfByteSource *source,
             PfError *error)
{
  self->result->files++;
  if (self->stats != NULL)
    self->stats->files++;
  pf_run_work_source (self, job, source, NULL, error);
  if (pf_error_is_set (error))
    pf_result_add_error (self->result, job->path, 0, error);
}

/* Whether the run, or the item, ends here; else makes room for the results of
 * the next member. */
static gboolean
is_over (PfWork *self)
{
  PfResult *result = self->result;
  const PfTaskPlan *plan = &self->run->task_plan;

  if (pf_cancel_is_set (self->run->cancel) ||
      pf_run_is_over (self->run, self->serial) ||
      pf_run_ends_with (self->run->config, result))
    return TRUE;
  return (result->bytes->len + result->remark_bytes > plan->result_share ||
          result->notes->len > NOTES_MOST) &&
         !plan->flush (result, TRUE, self);
}

/* TRUE where all members were worked. */
static gboolean
work_members (PfWork *self, const PfTaskJob *job, PfArchive *archive,
              PfError *error)
{
  PfByteSource source = pf_archive_bytes (archive);
  const char *member;

  while ((member = pf_archive_next (archive, error)) != NULL) {
    g_autofree char *name = g_strconcat (job->path, "!", member, NULL);
    g_auto (PfError) failure = { 0 };
    PfTaskJob inner = *job;

    inner.path = name;
    work_member (self, &inner, &source, &failure);
    if (is_over (self))
      return FALSE;
  }
  return !pf_error_is_set (error) && !pf_archive_is_broken (archive);
}

/* Checksums of a packed stream stand at its end, which comes behind that of the
 * archive. */
static void
read_out (PfWork *self, const PfByteSource *bytes, PfError *error)
{
  g_autofree guint8 *block = g_malloc (READ_OUT_BLOCK);

  while (!is_over (self) &&
         pf_byte_source_read (bytes, block, READ_OUT_BLOCK, error) > 0)
    ;
}

/* The members count as files, and the archive only where it is damaged. */
static void
work_archive (PfWork *self, const PfTaskJob *job,
              const PfArchiveOptions *options, gboolean is_packed,
              PfError *error)
{
  g_autoptr (PfArchive) archive = pf_archive_new (options, error);

  self->result->files--;
  if (self->stats != NULL)
    self->stats->files--;
  if (archive != NULL && work_members (self, job, archive, error) && is_packed)
    read_out (self, &options->bytes, error);
  if (!pf_error_is_set (error))
    return;
  self->result->files++;
  if (self->stats != NULL)
    self->stats->files++;
}

static void
work_unpacked (PfWork *self, const PfTaskJob *job, PfUnpack *unpack,
               PfError *error)
{
  Ahead ahead = { .rest = pf_unpack_bytes (unpack),
                  .unpack = unpack,
                  .file = job->document };
  PfByteWait wait =
      pf_document_is_stream (job->document) ? wait_for_more : NULL;
  PfByteSource source = { read_ahead, &ahead };
  PfArchiveOptions options = { .bytes = source, .kind = PF_ARCHIVE_TAR };
  PfTaskJob inner = *job;

  inner.suspect = SUSPECT;
  if (pf_archive_kind_of (look_ahead (&ahead)) == PF_ARCHIVE_TAR)
    work_archive (self, job, &options, TRUE, error);
  else
    pf_run_work_source (self, &inner, &source, wait, error);
  pf_error_clear (&ahead.failure);
}

static gboolean
seek (gpointer document, guint64 at)
{
  return pf_document_seek (document, at);
}

void
pf_run_work_packed (PfWork *self, const PfTaskJob *job, PfSpan begin,
                    PfError *error)
{
  PfDocument *file = job->document;
  PfUnpackOptions packed = { .bytes = pf_document_bytes (file),
                             .packing = pf_packing_of (begin) };
  PfArchiveOptions plain = { .bytes = pf_document_bytes (file),
                             .kind = pf_archive_kind_of (begin) };
  g_autoptr (PfUnpack) unpack = NULL;

  if (packed.packing != PF_PACKING_NONE) {
    unpack = pf_unpack_new (&packed, error);
    if (unpack != NULL)
      work_unpacked (self, job, unpack, error);
    return;
  }
  if (plain.kind == PF_ARCHIVE_ZIP && pf_document_seek (file, 0)) {
    plain.seek = seek;
    plain.size = pf_document_size (file);
  }
  work_archive (self, job, &plain, FALSE, error);
}
