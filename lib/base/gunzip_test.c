/* What is unpacked is all that is there, and what is not sound is said. */
#include "base/gunzip.h"

#include <string.h>

#include "base/test_feed.h"

#ifdef HAVE_ARCHIVE

/* RFC 1952, RFC 1951: "some text" as it is, in one block. */
#define HEADER "\x1F\x8B\x08\0\0\0\0\0\0\xFF"
#define BLOCK "\x01\x09\x00\xF6\xFF"
#define TEXT "some text"
#define CHECKSUM "\xBA\xBD\xBA\x4F"
#define LENGTH "\x09\0\0\0"
#define MEMBER HEADER BLOCK TEXT CHECKSUM LENGTH

#define BEFORE_TEXT (sizeof HEADER BLOCK - 1)
#define LEN(bytes) (sizeof bytes - 1)

/* Holds what comes of the LEN BYTES, however they are read, to TEXT; MESSAGE is
 * that of the error behind it, or NULL. */
static void
check (const char *bytes, gsize len, const char *text, const char *message)
{
  for (gsize step = 1; step <= 64; step *= 2)
    for (gsize room = 1; room <= 32; room *= 2) {
      PfTestFeed from = { .data = { (const guint8 *)bytes, len },
                          .step = step };
      g_auto (PfError) error = { 0 };
      g_autoptr (PfGunzip) gunzip =
          pf_gunzip_new ((PfByteSource){ pf_test_feed, &from }, &error);
      g_autoptr (GString) out = g_string_new (NULL);
      guint8 block[32];
      gssize n;

      while ((n = pf_gunzip_read (gunzip, block, room, &error)) > 0)
        g_string_append_len (out, (const char *)block, n);
      g_assert_cmpstr (out->str, ==, text);
      g_assert_cmpstr (error.message, ==, message);
      g_assert_cmpint (error.status, ==,
                       message != NULL ? PF_STATUS_DATA : PF_STATUS_OK);
      g_assert_cmpint (n, ==, message != NULL ? -1 : 0);
      if (message == NULL)
        g_assert_cmpint (pf_gunzip_read (gunzip, block, room, &error), ==, 0);
    }
}

static void
test_whole (void)
{
  check (MEMBER, LEN (MEMBER), TEXT, NULL);
  check (MEMBER MEMBER, LEN (MEMBER MEMBER), TEXT TEXT, NULL);
}

/* To the last byte. */
static void
test_cut_off (void)
{
  for (gsize len = 1; len < LEN (MEMBER); len++) {
    g_autofree char *text = g_strndup (
        TEXT, len <= BEFORE_TEXT ? 0 : MIN (len - BEFORE_TEXT, LEN (TEXT)));

    check (MEMBER, len, text, "damaged gzip data: truncated gzip input");
  }
}

/* What was read need not be given out at once. */
static void
test_repeated (void)
{
#define REPEATED HEADER "\x4B\x4C\x1C\x05\xC4\x82\x24\x00"
  gsize seen = 0;

  for (gsize len = LEN (HEADER); len <= LEN (REPEATED); len++) {
    PfTestFeed from = { .data = { (const guint8 *)REPEATED, len },
                        .step = len };
    g_autoptr (PfGunzip) gunzip =
        pf_gunzip_new ((PfByteSource){ pf_test_feed, &from }, NULL);
    g_auto (PfError) error = { 0 };
    guint8 block[1000];
    gssize n = pf_gunzip_read (gunzip, block, sizeof block, &error);
    g_autofree char *text = g_strndup ((const char *)block, (gsize)MAX (n, 0));

    check (REPEATED, len, text, "damaged gzip data: truncated gzip input");
    seen = strlen (text);
  }
  g_assert_cmpuint (seen, ==, 301);
}

static void
test_checked (void)
{
#define OTHER_SUM HEADER BLOCK TEXT "\xBA\xBD\xBA\x4E" LENGTH
#define OTHER_LENGTH HEADER BLOCK TEXT CHECKSUM "\x0A\0\0\0"
#define OTHER_BLOCK HEADER "\x07" TEXT CHECKSUM LENGTH
  check (OTHER_SUM, LEN (OTHER_SUM), TEXT,
         "damaged gzip data: incorrect data check");
  check (OTHER_LENGTH, LEN (OTHER_LENGTH), TEXT,
         "damaged gzip data: incorrect length check");
  check (OTHER_BLOCK, LEN (OTHER_BLOCK), "",
         "damaged gzip data: invalid block type");
}

static void
test_behind (void)
{
#define ZEROS "\0\0\0\0\0"
  check (MEMBER ZEROS, LEN (MEMBER ZEROS), TEXT, NULL);
  check (MEMBER ZEROS MEMBER, LEN (MEMBER ZEROS MEMBER), TEXT TEXT, NULL);
  check (MEMBER "more", LEN (MEMBER "more"), TEXT,
         "damaged gzip data: incorrect header check");
}

static void
add_all (void)
{
  g_test_add_func ("/gunzip/whole", test_whole);
  g_test_add_func ("/gunzip/cut-off", test_cut_off);
  g_test_add_func ("/gunzip/repeated", test_repeated);
  g_test_add_func ("/gunzip/checked", test_checked);
  g_test_add_func ("/gunzip/behind", test_behind);
}

#else

static void
add_all (void)
{
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_all ();
  return g_test_run ();
}
