/* pfglossary build: sources to an image. */
#pragma once

/* ARGV[0] is the command's name. Returns an exit code, or -1 where the
 * arguments make no sense and nothing was said about it. */
int build (int argc, char **argv);
