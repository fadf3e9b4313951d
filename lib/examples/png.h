/* Writes a picture as a PNG, without compression, so that nothing is needed for
 * it. (W3C, Portable Network Graphics, second edition, sections 5 and 11;
 * RFC 1950 and RFC 1951, section 3.2.4)
 */
#pragma once

#include <glib.h>
#include <stdio.h>

/* PIXELS are WIDTH x HEIGHT bytes of grey, row by row, at least one. FALSE with
 * errno set where FILE cannot be written; the caller closes it. */
gboolean png_write_grey (FILE *file, const guint8 *pixels, guint32 width,
                         guint32 height);
