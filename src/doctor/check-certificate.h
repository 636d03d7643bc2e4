/* A certificate in files: what it is like, and the judgement. Any thread; blocks on files alone. */
#pragma once

#include "doctor/findings.h"

G_BEGIN_DECLS

/* fewer days, and somebody should look after it: it is renewed 30 days before its end */
#define CV_CHAIN_MIN_DAYS 14

typedef struct {
  int days_left;       /* whole ones; below 0: it has run out */
  gboolean early;      /* it counts from a later time on */
  gboolean names_host; /* TRUE where no host was asked for */
  gboolean fits_key;
  gboolean self_signed;
  gboolean complete; /* somebody whom this machine trusts vouches for it, with what the file has */
} CvChain;

/* `host`: may be NULL. FALSE with an error where a file cannot be read. */
gboolean cv_chain_read (CvChain *self, const char *certificate_file, const char *key_file, const char *host,
                        GError **error);
/* `own`: the server made it itself, because it was given none. */
void cv_chain_judge (const CvChain *self, const char *path, const char *host, gboolean own, CvFindings *findings);

G_END_DECLS
