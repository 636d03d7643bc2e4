/* Where the program's own files are: in the build tree while it runs from there, else where they were installed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *web;     /* the web client */
  char *po;      /* its translations, LANGUAGE.json */
  char *media;   /* the program conclave-media */
  char *render;  /* the program conclave-render */
  char *sip;     /* the program conclave-sip */
  char *prompts; /* what callers hear, LANGUAGE/NAME.wav */
} CvPaths;

void cv_paths_init (CvPaths *self);
void cv_paths_clear (CvPaths *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvPaths, cv_paths_clear)

G_END_DECLS
